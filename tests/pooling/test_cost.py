"""pool_cost against an implementation that counts what it does."""

import pytest
import torch

import pooling


class Counted:
    """A number that counts the operations done with it."""

    comparisons = additions = divisions = 0

    def __gt__(self, other):
        Counted.comparisons += 1
        return False

    def __add__(self, other):
        Counted.additions += 1
        return self

    def __truediv__(self, other):
        Counted.divisions += 1
        return self


def pool_and_count(shape, kernel_size, stride=None, padding=(0, 0), dilation=(1, 1), output=None):
    """Pool the naive way, both kinds; return (comparisons, additions, divisions, read, written)."""
    Counted.comparisons = Counted.additions = Counted.divisions = 0
    *batch, height, width = shape
    images = torch.Size(batch).numel()
    stride = stride or kernel_size
    read, written = set(), 0
    for image in range(images):
        for top in range(-padding[0], output[0] * stride[0] - padding[0], stride[0]):
            for left in range(-padding[1], output[1] * stride[1] - padding[1], stride[1]):
                cells = []
                for i in range(kernel_size[0]):
                    for j in range(kernel_size[1]):
                        y, x = top + i * dilation[0], left + j * dilation[1]
                        if 0 <= y < height and 0 <= x < width:
                            read.add((image, y, x))
                            cells.append(Counted())
                best = total = cells[0] if cells else Counted()
                for cell in cells[1:]:
                    best = cell if cell > best else best
                    total = total + cell
                total / len(cells or [0])
                written += 1
    counted = Counted.comparisons, Counted.additions, Counted.divisions
    return (*counted, len(read), written)


def test_counts_equal_those_of_a_counting_implementation_on_600_geometries(geometries):
    for shape, arguments in geometries(600, seed=0):
        cost = pooling.pool_cost(shape, **arguments)
        pooled = torch.nn.functional.max_pool2d(torch.zeros(shape), **arguments)
        assert cost.output == pooled.shape
        arguments.pop("ceil_mode")
        assert pool_and_count(shape, **arguments, output=cost.output[-2:]) == (
            cost.comparisons,
            cost.additions,
            cost.divisions,
            cost.elements_read,
            cost.elements_written,
        ), (shape, arguments)


def test_two_by_two_does_three_comparisons_for_twenty_bytes():
    cost = pooling.pool_cost((1, 64, 112, 112), 2)
    assert cost.comparisons / cost.bytes() == 0.15
    assert cost.bytes(torch.float16) * 2 == cost.bytes(torch.float32)


def test_total_padding_is_halved_and_an_odd_one_refused():
    assert pooling.padding_per_side(2) == (1, 1)
    assert pooling.padding_per_side((0, 4)) == (0, 2)
    for odd in ((3, 2), (2, 3)):
        with pytest.raises(ValueError, match=r"total \(., .\) is odd.*F.pad"):
            pooling.padding_per_side(odd)
    with pytest.raises(ValueError, match="total is -2; use 0 or more"):
        pooling.padding_per_side(-2)


def test_cost_refuses_the_shapes_and_windows_that_pooling_refuses():
    with pytest.raises(ValueError, match=r"shape is \(4, 4\)"):
        pooling.pool_cost((4, 4), 2)
    with pytest.raises(ValueError, match="padding"):
        pooling.pool_cost((1, 4, 4), 2, padding=2)
    for shape, name in (((1, 4.5, 4), r"\(1, 4.5, 4\)"), (torch.zeros(1, 4, 4), "a tensor")):
        with pytest.raises(TypeError, match=f"shape is {name}; use a tuple of ints"):
            pooling.pool_cost(shape, 2)


def test_floor_is_the_default_as_in_torch():
    assert pooling.pool_cost((1, 5, 5), 2).output == (1, 2, 2)


def test_cost_of_an_image_too_large_for_memory_is_that_of_the_theorem():
    n, size, padding = 10**5, 3, 1
    windows = (n + 2 * padding - size) // 2 + 1
    real = size * windows - 1  # the first row's padding; n is even, so the last window needs none
    cost = pooling.pool_cost((1, n, n), size, 2, padding)
    assert cost.comparisons == real**2 - windows**2
    assert cost.elements_read == n**2
