"""The work of pooling window by window, and the least it has to move: exercise 4."""

from dataclasses import dataclass

import torch

from ._window import Pair, pair, window


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

    Args:
        shape: of the input, (c, h, w) or (n, c, h, w), in elements.
        padding: per side, as in torch; see `padding_per_side`.
    Source: d2l 7.5, exercise 4.

    >>> pool_cost((1, 4, 4), 3, stride=2, padding=1).comparisons
    21
    """
    w = window(shape, kernel_size, stride, padding, dilation, ceil_mode)
    images, cells = torch.Size(shape[:-2]).numel(), w.counts()
    rows, columns = (len(w.positions(axis)[w.is_real(axis)].unique()) for axis in (0, 1))
    work, outputs = images * int((cells - 1).clamp(min=0).sum()), images * cells.numel()
    return PoolCost((*shape[:-2], *w.output), work, work, outputs, images * rows * columns, outputs)


def padding_per_side(total) -> Pair:
    """Convert d2l's padding, both sides together, to torch's, each side.

    >>> padding_per_side((2, 4))
    (1, 2)
    """
    high, wide = pair("total", total, 0)
    if high % 2 or wide % 2:
        raise ValueError(f"total {high, wide} is odd; use F.pad(x, (left, right, top, bottom))")
    return high // 2, wide // 2
