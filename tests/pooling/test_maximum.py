"""max_pool2d, min_pool2d and the two maxima of two numbers; torch is the oracle."""

import math
import shutil
import sys
from itertools import product

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch.autograd import gradcheck

import pooling

DTYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False)
MAXIMA = [pooling.exact_relu_max, pooling.relu_max]
POOLINGS = [
    (pooling.max_pool2d, F.max_pool2d),
    (pooling.min_pool2d, lambda x, *args, **kwargs: -F.max_pool2d(-x, *args, **kwargs)),
]


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def finite_float16() -> torch.Tensor:
    every = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16).view(torch.float16)
    return every[every.isfinite()]


def assert_exact_for_all_pairs(rows: torch.Tensor, every: torch.Tensor) -> None:
    best = pooling.exact_relu_max(rows[:, None], every)
    assert torch.equal(best, torch.maximum(rows[:, None], every))


# Two numbers


def test_exact_maximum_is_exact_for_sampled_float16_against_every_float16():
    every = finite_float16()
    assert len(every) == 63488
    assert_exact_for_all_pairs(every[::1999], every)
    edges = torch.tensor([0.0, -0.0, 2.0**-24, -(2.0**-24), 2.0**-14, 65504.0, -65504.0])
    assert_exact_for_all_pairs(edges.half(), every)


def test_textbook_maximum_is_wrong_for_a_quarter_of_sampled_float16_pairs():
    every = finite_float16()
    rows = every[::1999, None]
    wrong = pooling.relu_max(rows, every) != torch.maximum(rows, every)
    assert 0.2 < wrong.double().mean() < 0.3


@pytest.mark.parametrize("dtype", DTYPES)
def test_exact_maximum_is_exact_between_neighbours_of_every_size(dtype):
    info = torch.finfo(dtype)
    smallest = info.smallest_normal * info.eps
    powers = torch.arange(math.log2(smallest), math.log2(info.max) + 0.5, dtype=torch.float64)
    a = torch.cat([(2.0**powers), info.max - 2.0**powers]).to(dtype)
    a = a[(a != 0) & a.isfinite()]
    ints = {2: torch.int16, 4: torch.int32, 8: torch.int64}[dtype.itemsize]
    for step in (1, -1):
        b = (a.view(ints) + step).view(dtype)
        keep = b.isfinite()
        for x, y in ((a, b), (b, a), (-a, -b), (-b, -a), (a, -b), (-a, b)):
            x, y = x[keep], y[keep]
            assert torch.equal(pooling.exact_relu_max(x, y), torch.maximum(x, y))


@given(FLOAT32, FLOAT32)
def test_exact_maximum_is_exact_for_any_two_finite_float32(a, b):
    a, b = torch.tensor(a), torch.tensor(b)
    assert torch.equal(pooling.exact_relu_max(a, b), torch.maximum(a, b))


@given(FLOAT32, FLOAT32)
def test_textbook_maximum_is_within_its_bound_unless_the_difference_overflows(a, b):
    a, b = torch.tensor(a), torch.tensor(b)
    if (a - b).isfinite():
        # in float64, so that the error is not rounded away
        error = (pooling.relu_max(a, b).double() - torch.maximum(a, b).double()).abs()
        assert error <= 2**-23 * max(abs(a.double()), abs(b.double()))


@given(st.integers(-(2**23), 2**23), st.integers(-(2**23), 2**23))
def test_textbook_maximum_is_exact_on_integers_up_to_2_to_the_23_in_float32(a, b):
    assert pooling.relu_max(torch.tensor(float(a)), torch.tensor(float(b))) == max(a, b)


def test_textbook_maximum_loses_a_one_beside_minus_1e8_in_float32():
    assert pooling.relu_max(torch.tensor(1.0), torch.tensor(-1e8)) == 0


@pytest.mark.parametrize("maximum", MAXIMA)
def test_maxima_broadcast_and_their_gradients_sum_back(maximum):
    a = torch.tensor([[1.0], [5.0]], requires_grad=True)
    b = torch.tensor([2.0, 3.0, 4.0], requires_grad=True)
    best = maximum(a, b)
    assert torch.equal(best, torch.tensor([[2.0, 3, 4], [5, 5, 5]]))
    best.sum().backward()
    assert (a.grad.tolist(), b.grad.tolist()) == ([[0.0], [3.0]], [1.0, 1.0, 1.0])


@pytest.mark.parametrize("maximum", MAXIMA)
@pytest.mark.parametrize(("a", "b"), [(0.0, 5.0), (0.0, -5.0), (5.0, 0.0), (-5.0, 0.0), (2.0, 1.0)])
def test_gradient_goes_to_the_larger_also_where_one_is_zero(maximum, a, b):
    a, b = torch.tensor(a, requires_grad=True), torch.tensor(b, requires_grad=True)
    maximum(a, b).backward()
    assert (a.grad, b.grad) == ((1, 0) if a > b else (0, 1))


@pytest.mark.parametrize("maximum", MAXIMA)
@pytest.mark.parametrize("tie", [-1.0, 0.0, 1.0])
def test_gradient_of_a_tie_goes_to_the_second(maximum, tie):
    a, b = torch.tensor(tie, requires_grad=True), torch.tensor(tie, requires_grad=True)
    maximum(a, b).backward()
    assert (a.grad, b.grad) == (0, 1)


def test_maxima_leave_their_arguments_as_they_were():
    for maximum in MAXIMA:
        a, b = torch.tensor([1.0, 5.0]), torch.tensor([3.0, 2.0])
        maximum(a, b)
        assert (a.tolist(), b.tolist()) == ([1, 5], [3, 2])


@pytest.mark.parametrize("maximum", MAXIMA)
def test_integers_are_refused_because_their_difference_may_wrap_around(maximum):
    a, b = torch.tensor([127, -128], dtype=torch.int8)
    assert (a - b).relu() + b != 127
    with pytest.raises(TypeError, match=r"b has torch.int8; use b.double\(\)"):
        maximum(a.double(), b)
    assert maximum(a.double(), b.double()) == 127


# Pooling


def test_pooling_equals_torch_on_600_geometries(geometries, finite_floats):
    drawn = generator()
    # All dtypes of one geometry in a row: a convolution of a new shape is slow once.
    for (shape, arguments), dtype in product(geometries(600, seed=0), DTYPES):
        x = finite_floats(shape, dtype, drawn)
        for ours, torchs in POOLINGS:
            got, expected = ours(x, **arguments), torchs(x, **arguments)
            assert torch.equal(got, expected), (shape, arguments, dtype)


def test_a_dilated_window_that_misses_the_image_gives_minus_infinity_as_in_torch():
    x, arguments = torch.ones(1, 1, 2, 2), {"padding": 1, "dilation": 3}
    assert F.max_pool2d(x, 2, **arguments).item() == -math.inf
    assert pooling.max_pool2d(x, 2, **arguments).item() == -math.inf
    assert pooling.min_pool2d(x, 2, **arguments).item() == math.inf


def test_textbook_pooling_equals_torch_on_integers(geometries):
    drawn = generator()
    for shape, arguments in geometries(300, seed=1):
        x = torch.randint(-(2**22), 2**22, shape, generator=drawn).float()
        for ours, torchs in POOLINGS:
            assert torch.equal(ours(x, **arguments, exact=False), torchs(x, **arguments))


def test_textbook_pooling_stays_near_its_window_whatever_lies_elsewhere(geometries):
    drawn = generator()
    for shape, arguments in geometries(300, seed=2):
        x = torch.randn(shape, generator=drawn)
        x[..., 0, 0] = 1e30  # padding taken from here would swallow the other cells
        got = pooling.max_pool2d(x, **arguments, exact=False)
        best = F.max_pool2d(x, **arguments)
        far = best.isfinite() & (best < 1e30)
        # randn stays below 8, and each of at most six rounds adds 2u times that
        assert ((got - best)[far].abs() <= 6 * 8 * 2**-23).all()


def test_an_infinity_or_nan_makes_its_windows_nan_and_no_other():
    for bad in (math.inf, -math.inf, math.nan):
        x = torch.zeros(1, 2, 6, 6)
        x[0, 1, 2, 3] = bad
        for ours, _ in POOLINGS:
            spoilt = ours(x, 2).isnan()
            assert spoilt[0, 1, 1, 1] and spoilt.sum() == 1


def test_padding_never_wins_over_negative_values():
    x = -torch.ones(1, 1, 3, 3)
    assert (pooling.max_pool2d(x, 3, padding=1) == -1).all()
    assert (pooling.min_pool2d(-x, 3, padding=1) == 1).all()


@pytest.mark.parametrize("exact", [True, False])
def test_gradients_equal_torch_also_at_ties(exact, geometries):
    drawn = generator()
    for shape, arguments in geometries(400, seed=3):
        if arguments.get("dilation", (1, 1)) != (1, 1):
            arguments["padding"] = 0  # so that every window holds a real cell
        x = torch.randint(-1, 2, shape, generator=drawn).double()
        for ours, torchs in POOLINGS:
            mine, reference = x.clone().requires_grad_(), x.clone().requires_grad_()
            try:
                expected = torchs(reference, **arguments)
            except RuntimeError:  # too small without its padding
                continue
            weights = torch.randint(1, 9, expected.shape, generator=drawn).double()
            ours(mine, **arguments, exact=exact).backward(weights)
            expected.backward(weights)
            assert torch.equal(mine.grad, reference.grad), (shape, arguments)


@pytest.mark.parametrize("exact", [True, False])
def test_gradients_agree_with_finite_differences_away_from_ties(exact):
    x = torch.randperm(72, generator=generator()).double().reshape(1, 2, 6, 6).requires_grad_()
    for ours, _ in POOLINGS:
        assert gradcheck(lambda x, f=ours: f(x, 3, 2, 1, exact=exact), x)
        assert gradcheck(lambda x, f=ours: f(x, 2, 1, 1, 2, True, exact=exact), x)


def test_no_graph_is_kept_under_no_grad():
    x = torch.ones(1, 1, 4, 4, requires_grad=True)
    with torch.no_grad():
        assert not pooling.max_pool2d(x, 2).requires_grad
    assert pooling.max_pool2d(x, 2).requires_grad


@pytest.mark.parametrize("exact", [True, False])
def test_vmap_equals_a_loop(exact):
    x = torch.randn(3, 2, 4, 7, 7, generator=generator())
    for ours, _ in POOLINGS:
        call = lambda x, f=ours: f(x, 3, 2, 1, exact=exact)  # noqa: E731
        assert torch.equal(torch.func.vmap(call)(x), torch.stack([call(part) for part in x]))
        gradient = torch.func.grad(lambda x, f=call: f(x).sum())
        assert torch.equal(torch.func.vmap(gradient)(x), torch.stack([gradient(p) for p in x]))


@pytest.mark.skipif(
    shutil.which("c++") is None or sys.platform == "win32", reason="torch.compile needs a compiler"
)
def test_compiled_pooling_equals_torch():
    x = torch.randint(-99, 99, (2, 3, 8, 8), generator=generator()).float().requires_grad_()
    compiled = torch.compile(lambda x: pooling.max_pool2d(x, 3, 2, 1), fullgraph=True)
    assert torch.equal(compiled(x), F.max_pool2d(x, 3, 2, 1))
    (gradient,) = torch.autograd.grad(compiled(x).sum(), x)
    assert torch.equal(gradient, torch.autograd.grad(F.max_pool2d(x, 3, 2, 1).sum(), x)[0])


def test_autocast_rounds_nothing():
    x = torch.randn(1, 2, 8, 8, generator=generator())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(pooling.max_pool2d(x, 2), F.max_pool2d(x, 2))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_cuda_rounds_nothing_with_tf32_allowed():
    x = torch.randn(2, 3, 9, 9, generator=generator())
    with torch.backends.cudnn.flags(allow_tf32=True):
        for ours, torchs in POOLINGS:
            assert torch.equal(ours(x.cuda(), 3, 1, 1).cpu(), torchs(x, 3, 1, 1))
            assert torch.equal(ours(x.cuda().half(), 3, 1, 1).cpu(), torchs(x.half(), 3, 1, 1))


def test_memory_layout_and_batch_come_back_as_they_went_in():
    x = torch.randn(4, 6, 9, 8, generator=generator())
    expected = F.max_pool2d(x, 2)
    last = pooling.max_pool2d(x.contiguous(memory_format=torch.channels_last), 2)
    assert last.is_contiguous(memory_format=torch.channels_last) and torch.equal(last, expected)
    padded = pooling.max_pool2d(x.contiguous(memory_format=torch.channels_last), 3, 2, 1)
    assert padded.is_contiguous(memory_format=torch.channels_last)
    assert pooling.max_pool2d(x, 2).is_contiguous()
    turned = x.transpose(2, 3)
    assert torch.equal(pooling.max_pool2d(turned, 2), F.max_pool2d(turned, 2))
    assert torch.equal(pooling.max_pool2d(x[::2, 1::3], 2), expected[::2, 1::3])
    assert torch.equal(pooling.max_pool2d(x[0], 2), expected[0])
    assert pooling.max_pool2d(x[:0], 2).shape == expected[:0].shape


def test_many_images_are_pooled_in_blocks_without_a_seam(monkeypatch):
    sizes, widened = [], pooling._slide.widened
    monkeypatch.setattr(
        "pooling._slide.widened", lambda block: (sizes.append(len(block)), widened(block))[1]
    )
    x = torch.randn(5, 3, 4, 4, generator=generator())
    for block, images in ((2**21, [5]), (100, [2, 2, 1]), (1, [1] * 5)):
        monkeypatch.setattr("pooling._slide.BLOCK", block)
        sizes.clear()
        assert torch.equal(pooling.max_pool2d(x, 2), F.max_pool2d(x, 2))
        assert sizes == images


def test_it_stands_in_where_torch_passes_return_indices(monkeypatch):
    x = torch.randn(1, 2, 6, 6, generator=torch.Generator().manual_seed(0))
    monkeypatch.setattr(F, "max_pool2d", pooling.max_pool2d)
    assert torch.equal(torch.nn.MaxPool2d(2)(x), x.unfold(2, 2, 2).unfold(3, 2, 2).amax((4, 5)))
    with pytest.raises(ValueError, match="return_indices is True"):
        pooling.max_pool2d(x, 2, return_indices=True)
    layer = pooling.MaxPool2d(2)
    layer.return_indices = True
    with pytest.raises(ValueError, match="return_indices is True"):
        layer(x)


def test_an_infinite_gradient_goes_to_the_winner_alone():
    a = torch.tensor([1.0, 4.0], requires_grad=True)
    best = pooling.exact_relu_max(a, torch.tensor(2.0))
    (gradient,) = torch.autograd.grad(best, a, torch.tensor([torch.inf, torch.inf]))
    assert gradient.tolist() == [0, torch.inf]
