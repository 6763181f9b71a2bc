"""Draws that several test files share: windows that torch accepts, and floats of every size."""

import random

import pytest
import torch
from hypothesis import settings

# The same examples on every machine and in every run.
settings.register_profile("pooling", derandomize=True, deadline=None, database=None)
settings.load_profile("pooling")


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Tiny tensors are quickest on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def geometry(draw: random.Random, dilated: bool, ceil_mode: bool) -> tuple[tuple, dict]:
    """Draw an input shape and a pooling's arguments, valid or too large for the shape."""
    size = [draw.randint(1, 5) for _ in range(2)]
    arguments = {
        "kernel_size": tuple(size),
        "stride": draw.choice([None, tuple(draw.randint(1, 6) for _ in range(2))]),
        "padding": tuple(draw.randint(0, k // 2) for k in size),
    }
    if ceil_mode:
        arguments["ceil_mode"] = draw.random() < 0.5
    if dilated:
        arguments["dilation"] = tuple(draw.randint(1, 3) for _ in range(2))
    shape = (draw.randint(1, 2), draw.randint(1, 3), draw.randint(1, 9), draw.randint(1, 9))
    return shape if draw.random() < 0.8 else shape[1:], arguments


@pytest.fixture
def geometries():
    """Return a function that draws shapes and arguments that torch accepts."""

    def accepted(count: int, seed: int, dilated: bool = True, ceil_mode: bool = True):
        draw, probe = random.Random(seed), torch.nn.functional.max_pool2d
        while count:
            shape, arguments = geometry(draw, dilated, ceil_mode)
            try:
                probe(torch.zeros(shape), **arguments)
            except RuntimeError:
                continue
            count -= 1
            yield shape, arguments

    return accepted


@pytest.fixture
def finite_floats():
    """Return a function that draws finite floats: any bits, ordinary ones, or ties."""

    def drawn(shape, dtype: torch.dtype, generator: torch.Generator) -> torch.Tensor:
        kind = torch.randint(3, (), generator=generator)
        if kind == 0:
            ints = {2: torch.int16, 4: torch.int32, 8: torch.int64}[dtype.itemsize]
            top = torch.iinfo(ints)
            bits = torch.randint(top.min, top.max, shape, generator=generator).to(ints)
            return bits.view(dtype).nan_to_num(nan=0.0, posinf=-0.0, neginf=1.0)
        if kind == 1:
            return torch.randn(shape, generator=generator).to(dtype)
        return torch.randint(-2, 3, shape, generator=generator).to(dtype)

    return drawn
