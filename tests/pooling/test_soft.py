"""softmax_pool2d and logsumexp_pool2d: limits, bounds, and any finite input."""

import math
import re

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch.autograd import gradcheck

import pooling

SOFT = [pooling.softmax_pool2d, pooling.logsumexp_pool2d]
DTYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def by_definition(x, kernel_size, stride, padding, beta):
    """Pool window by window, in Python's floats; padding is left out."""
    out = F.max_pool2d(x, kernel_size, stride, padding)
    soft, mellow = torch.empty_like(out), torch.empty_like(out)
    stride = stride or kernel_size
    for n, c, i, j in torch.cartesian_prod(*(torch.arange(s) for s in out.shape)).tolist():
        top, left = i * stride[0] - padding[0], j * stride[1] - padding[1]
        rows = slice(max(0, top), top + kernel_size[0])
        columns = slice(max(0, left), left + kernel_size[1])
        cells = x[n, c, rows, columns].flatten().tolist()
        weights = [math.exp(beta * cell) for cell in cells]
        soft[n, c, i, j] = sum(w * v for w, v in zip(weights, cells, strict=True)) / sum(weights)
        mellow[n, c, i, j] = math.log(sum(weights) / len(weights)) / beta
    return soft, mellow


@pytest.mark.parametrize("beta", [-2.0, 0.3, 1.0, 7.0])
def test_both_equal_their_definitions(beta, geometries):
    drawn = generator()
    for shape, arguments in geometries(40, seed=0, dilated=False, ceil_mode=False):
        shape = shape if len(shape) == 4 else (1, *shape)
        x = torch.randn(shape, dtype=torch.float64, generator=drawn)
        soft, mellow = by_definition(x, **arguments, beta=beta)
        # float64 loses a few of its 16 digits in exp and log
        exactly = {"rtol": 1e-11, "atol": 1e-11}
        torch.testing.assert_close(
            pooling.softmax_pool2d(x, **arguments, beta=beta), soft, **exactly
        )
        torch.testing.assert_close(
            pooling.logsumexp_pool2d(x, **arguments, beta=beta), mellow, **exactly
        )


@pytest.mark.parametrize("pool", SOFT)
def test_beta_zero_averages_the_real_cells_and_infinity_is_the_maximum(pool, geometries):
    drawn = generator()
    for shape, arguments in geometries(200, seed=1, dilated=False, ceil_mode=False):
        x = torch.randn(shape, dtype=torch.float64, generator=drawn)
        average = F.avg_pool2d(x, **arguments, count_include_pad=False)
        torch.testing.assert_close(pool(x, **arguments, beta=0), average)
        assert torch.equal(pool(x, **arguments, beta=math.inf), F.max_pool2d(x, **arguments))
        assert torch.equal(pool(x, **arguments, beta=-math.inf), -F.max_pool2d(-x, **arguments))


@pytest.mark.parametrize("pool", SOFT)
def test_tiny_beta_is_near_the_average_and_huge_beta_is_the_maximum(pool):
    x = torch.randn(2, 2, 8, 8, generator=generator())
    # the limit is approached by variance * beta, and float32 keeps 1e-6 of a sum
    near = {"rtol": 0, "atol": 1e-6}
    torch.testing.assert_close(pool(x, 2, beta=1e-8), F.avg_pool2d(x, 2), **near)
    torch.testing.assert_close(pool(x, 2, beta=1e30), F.max_pool2d(x, 2), **near)


BETAS = [1e-30, 0.5, 1.0, 1e3, 1e38, math.inf]


@given(st.lists(FLOATS, min_size=4, max_size=4), st.sampled_from(BETAS))
def test_any_finite_input_gives_a_finite_value_in_its_range_and_finite_gradients(values, beta):
    for pool in SOFT:
        x = torch.tensor(values).reshape(1, 1, 2, 2).requires_grad_()
        pooled = pool(x, 2, beta=beta)
        pooled.backward()
        assert x.grad.isfinite().all()
        # a few roundings in float32, and a few underflows of beta * x
        slack = 1e-6 * max(abs(v) for v in values) + 1e-44 * max(1, 1 / beta)
        assert min(values) - slack <= pooled.item() <= max(values) + slack


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("pool", SOFT)
def test_the_largest_floats_pool_to_themselves(pool, dtype):
    top = torch.finfo(dtype).max
    x = torch.tensor([[[top, top], [top, -top]]], dtype=dtype)
    assert pool(x, 2, beta=1.0).item() == pytest.approx(top, rel=0.01)


@given(st.lists(st.floats(-50, 50), min_size=9, max_size=9), st.floats(0.125, 16))
def test_softmax_lies_between_average_and_maximum_within_the_known_gap(values, beta):
    x = torch.tensor(values, dtype=torch.float64).reshape(1, 1, 3, 3)
    pooled, best = pooling.softmax_pool2d(x, 3, beta=beta).item(), max(values)
    assert sum(values) / 9 - 1e-9 <= pooled <= best
    assert best - pooled <= 1.0402 / beta  # W0(8 / e) = 1.04011...


@pytest.mark.parametrize("pool", SOFT)
def test_gradients_agree_with_finite_differences(pool):
    x = torch.randn(1, 2, 5, 5, dtype=torch.float64, generator=generator()).requires_grad_()
    for beta in (-1.0, 0, 0.5, 3.0):
        assert gradcheck(lambda x, beta=beta: pool(x, 3, 2, 1, beta=beta), x)


@pytest.mark.parametrize("pool", SOFT)
def test_vmap_equals_a_loop(pool):
    x = torch.randn(3, 2, 4, 7, 7, generator=generator())
    call = lambda x: pool(x, 3, 2, 1)  # noqa: E731
    torch.testing.assert_close(torch.func.vmap(call)(x), torch.stack([call(part) for part in x]))


@pytest.mark.parametrize("pool", SOFT)
def test_memory_layout_and_batch_come_back_as_they_went_in(pool):
    x = torch.randn(4, 6, 9, 8, generator=generator())
    expected = pool(x, 2)
    assert expected.is_contiguous()
    last = pool(x.contiguous(memory_format=torch.channels_last), 2)
    assert last.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(last, expected)
    torch.testing.assert_close(pool(x[::2, 1::3], 2), expected[::2, 1::3])
    torch.testing.assert_close(pool(x[0], 2), expected[0])
    assert pool(x[:0], 2).shape == expected[:0].shape


@pytest.mark.parametrize("beta", [math.nan, "1", None, [1.0], 1j])
def test_a_beta_that_is_no_number_is_refused(beta):
    for pool in SOFT:
        with pytest.raises(ValueError, match=re.escape(f"beta is {beta!r}; use a number")):
            pool(torch.zeros(1, 2, 2), 2, beta=beta)


@pytest.mark.parametrize("pool", SOFT)
def test_beta_is_learned_one_value_or_one_a_channel_also_at_zero(pool):
    x = torch.randn(1, 3, 4, 4, dtype=torch.float64, generator=generator())
    for beta in ([0.0], [0.0, -1.0, 2.0], [0.5]):
        beta = torch.tensor(beta, dtype=torch.float64, requires_grad=True)
        assert gradcheck(lambda x, beta: pool(x, 3, 2, 1, beta=beta), (x.requires_grad_(), beta))
        for c, b in enumerate(beta.expand(3).tolist()):
            own = pool(x[:, c : c + 1], 3, 2, 1, beta=b)
            torch.testing.assert_close(pool(x, 3, 2, 1, beta=beta)[:, c : c + 1], own)
    with pytest.raises(ValueError, match=r"beta has shape \(2,\); use one value, or one a channel"):
        pool(x, 2, beta=torch.ones(2))


@pytest.mark.parametrize("pool", SOFT)
@pytest.mark.parametrize("beta", [1e300, -1e300, torch.tensor(math.inf), torch.tensor(-math.inf)])
def test_beta_beyond_the_floats_is_the_maximum_or_the_minimum(pool, beta):
    x = torch.randn(1, 1, 6, 6, generator=generator())
    best = pooling.max_pool2d(x, 2) if beta > 0 else pooling.min_pool2d(x, 2)
    torch.testing.assert_close(pool(x, 2, beta=beta), best, rtol=1e-6, atol=0)


def test_logsumexp_of_a_large_window_is_as_good_as_torchs():
    x = torch.zeros(1, 1, 112, 112)
    x[..., 0, 0] = 15
    mean = torch.logsumexp(x.double().flatten(), 0) - math.log(112**2)
    assert abs(pooling.logsumexp_pool2d(x, 112).item() - mean.item()) <= 2e-6
