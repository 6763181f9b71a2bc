"""avg_pool2d; torch is the oracle, float64 and fractions the judge of its rounding."""

import math
import random
from fractions import Fraction

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch.autograd import gradcheck
from torch.profiler import ProfilerActivity, profile

import pooling

DTYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def draws(geometries, count: int, seed: int):
    """Add the arguments that only the average has."""
    draw = random.Random(seed)
    for shape, arguments in geometries(count, seed, dilated=False):
        arguments["count_include_pad"] = draw.random() < 0.5
        arguments["divisor_override"] = draw.choice([None, None, None, 3, -7])
        yield shape, arguments


@pytest.mark.parametrize("dtype", DTYPES)
def test_average_equals_torch_on_integers(dtype, geometries):
    drawn = generator()
    for shape, arguments in draws(geometries, 600, seed=0):
        x = torch.randint(-8, 9, shape, generator=drawn).to(dtype)
        got, expected = pooling.avg_pool2d(x, **arguments), F.avg_pool2d(x, **arguments)
        assert torch.equal(got, expected), (shape, arguments)


@pytest.mark.parametrize("dtype", DTYPES[:3])
def test_average_is_within_the_bound_of_a_sum_in_float32_whatever_its_order(dtype, geometries):
    drawn = generator()
    for shape, arguments in draws(geometries, 300, seed=1):
        x = torch.randn(shape, generator=drawn).to(dtype)
        truth = F.avg_pool2d(x.double(), **arguments)
        size = F.avg_pool2d(x.double().abs(), **arguments).abs()
        # n - 1 additions and a division in float32, then one rounding to the type
        n, unit, last = math.prod(arguments["kernel_size"]), 2**-24, torch.finfo(dtype)
        bound = n * unit * size + (last.eps / 2 + unit) * truth.abs() + last.smallest_normal
        got = pooling.avg_pool2d(x, **arguments).double()
        assert ((got - truth).abs() <= 1.001 * bound).all(), (shape, arguments)


def test_memory_stays_a_few_times_that_of_the_input_in_float64():
    x = torch.ones(1, 1, 512, 512, dtype=torch.float64)
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        assert (pooling.avg_pool2d(x, 65, 1) == 1).all()
    largest = max(event.self_cpu_memory_usage for event in seen.events())
    assert largest <= 4 * x.numel() * x.itemsize  # 65 * 65 times, if every window were copied


@given(st.lists(st.integers(-(2**18), 2**18), min_size=9, max_size=9))
def test_average_of_integers_is_the_float_nearest_to_the_quotient(values):
    x = torch.tensor(values, dtype=torch.float32).reshape(1, 1, 3, 3)
    nearest = torch.tensor(float(Fraction(sum(values), 9)), dtype=torch.float32)
    assert pooling.avg_pool2d(x, 3).item() == nearest


def test_a_kernel_of_ninths_would_miss_the_nearest_float():
    x = torch.randint(0, 256, (1, 1, 300, 300), generator=generator()).float()
    ninths = F.conv2d(x, torch.full((1, 1, 3, 3), 1 / 9), stride=3)
    assert (ninths != pooling.avg_pool2d(x, 3)).double().mean() > 0.1


def test_channels_do_not_mix():
    x = torch.stack([torch.zeros(4, 4), torch.ones(4, 4)])
    assert torch.equal(pooling.avg_pool2d(x, 2), F.avg_pool2d(x, 2))


def test_half_precision_sums_do_not_overflow():
    x = torch.full((1, 1, 4, 4), 60000.0, dtype=torch.float16)
    assert (pooling.avg_pool2d(x, 4) == 60000).all()


def test_gradients_agree_with_finite_differences():
    x = torch.randn(1, 2, 5, 5, dtype=torch.float64, generator=generator()).requires_grad_()
    assert gradcheck(lambda x: pooling.avg_pool2d(x, 3, 2, 1), x)
    assert gradcheck(lambda x: pooling.avg_pool2d(x, 2, 2, 1, True, False), x)


def test_vmap_equals_a_loop():
    x = torch.randn(3, 2, 4, 7, 7, generator=generator())
    call = lambda x: pooling.avg_pool2d(x, 3, 2, 1, True, False)  # noqa: E731
    assert torch.equal(torch.func.vmap(call)(x), torch.stack([call(part) for part in x]))


def test_autocast_rounds_nothing():
    x = torch.randn(1, 2, 8, 8, generator=generator())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(pooling.avg_pool2d(x, 2), F.avg_pool2d(x, 2))


def test_memory_layout_and_batch_come_back_as_they_went_in():
    x = torch.randint(9, (4, 6, 9, 8), generator=generator()).float()
    expected = F.avg_pool2d(x, 2)
    last = pooling.avg_pool2d(x.contiguous(memory_format=torch.channels_last), 2)
    assert last.is_contiguous(memory_format=torch.channels_last) and torch.equal(last, expected)
    assert pooling.avg_pool2d(x, 2).is_contiguous()
    turned = x.transpose(2, 3)
    assert torch.equal(pooling.avg_pool2d(turned, 2), F.avg_pool2d(turned, 2))
    assert torch.equal(pooling.avg_pool2d(x[::2, 1::3], 2), expected[::2, 1::3])
    assert torch.equal(pooling.avg_pool2d(x[0], 2), expected[0])
    assert pooling.avg_pool2d(x[:0], 2).shape == expected[:0].shape
