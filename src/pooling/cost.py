"""The work of pooling window by window, and the least it has to move: exercise 4."""

import math
from dataclasses import dataclass

import torch

from ._window import Pair, Window, is_whole, pair, window


@dataclass(frozen=True)
class PoolCost:
    """Exact counts for the whole input, window by window; padding is not work."""

    output: tuple[int, ...]  # shape
    comparisons: int  # max or min pooling
    additions: int  # average pooling (which torch has without dilation only)
    divisions: int  # average pooling
    elements_read: int  # each element that some window sees, once
    elements_written: int

    def bytes(self, dtype: torch.dtype = torch.float32) -> int:
        """Count the bytes of the elements above: each read or written once, no positions."""
        return (self.elements_read + self.elements_written) * dtype.itemsize


def pool_cost(shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False) -> PoolCost:
    """Count the work of pooling window by window, in scalar operations, not seconds.

    A window of v real cells takes v - 1 comparisons or additions.

    Args:
        shape: of the input, (c, h, w) or (n, c, h, w), in elements.
        padding: per side, as in torch; see `padding_per_side`.
    Source: d2l 7.5, exercise 4.

    >>> pool_cost((1, 4, 4), 3, stride=2, padding=1).comparisons
    21
    """
    if not isinstance(shape, tuple | list) or not all(is_whole(n) for n in shape):
        name = "a tensor" if isinstance(shape, torch.Tensor) else repr(shape)
        raise TypeError(f"shape is {name}; use a tuple of ints, such as x.shape")
    shape = tuple(int(n) for n in shape)
    w = window(shape, kernel_size, stride, padding, dilation, ceil_mode)
    images, counts = math.prod(shape[:-2]), [w.counts(axis) for axis in (0, 1)]
    # A sum over all windows is a product of two, one for each axis: no image is built.
    real = math.prod(int(n.sum()) for n in counts)
    work = images * (real - math.prod(int((n > 0).sum()) for n in counts))
    read, outputs = images * lines_read(w, 0) * lines_read(w, 1), images * math.prod(w.output)
    return PoolCost((*shape[:-2], *w.output), work, work, outputs, read, outputs)


def lines_read(w: Window, axis: int) -> int:
    """Count the rows (axis 0) or columns (1) of the image that some window sees."""
    ways = (w.output[axis], w.stride[axis]), (w.size[axis], w.dilation[axis])
    (few, far), (many, near) = sorted(ways)
    seen = torch.zeros((few - 1) * far + (many - 1) * near + 1, dtype=torch.bool, device="cpu")
    for at in range(0, few * far, far):  # from window to window, or from cell to cell
        seen[at : at + many * near : near] = True
    return int(seen[w.padding[axis] :][: w.image[axis]].sum())


def padding_per_side(total) -> Pair:
    """Convert d2l's padding, both sides together, to torch's, each side.

    >>> padding_per_side((2, 4))
    (1, 2)
    """
    high, wide = pair("total", total, 0)
    if high % 2 or wide % 2:
        raise ValueError(f"total {high, wide} is odd; use F.pad(x, (left, right, top, bottom))")
    return high // 2, wide // 2
