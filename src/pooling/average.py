"""Average pooling is a convolution: exercise 1."""

import sys

import torch
from torch import Tensor

from ._slide import conv2d, copies_windows, pad_zeros, pool_blocks, slide
from ._window import Window, is_whole, require_flags, require_floats, window


def avg_pool2d(
    input: Tensor,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
) -> Tensor:
    """Average each window by a convolution with ones, then one division.

    A kernel of 1/9 would be rounded before it is used; a sum of integers is not.

    Args:
        input: (n, c, h, w) or (c, h, w), floating point.
        padding: zeros per side, at most half the window.
        count_include_pad: whether those zeros count in the divisor.
        divisor_override: divide by this int instead.
    Returns:
        What `F.avg_pool2d` does, where no sum of a part of a window overflows; half
        precision is summed in float32 or wider.
    Raises:
        ValueError, TypeError: where torch refuses, and for integer input.

    >>> avg_pool2d(torch.tensor([[[1.0, 2.0], [3.0, 4.0]]]), 2)
    tensor([[[2.5000]]])
    """
    require_floats(input=input)
    require_flags(count_include_pad=count_include_pad)
    w = window(input.shape, kernel_size, stride, padding, ceil_mode=ceil_mode)
    divisor = torch.outer(*(w.counts(axis, count_include_pad) for axis in (0, 1)))
    if divisor_override is not None:
        if not is_whole(divisor_override) or divisor_override == 0:
            raise ValueError(f"divisor_override is {divisor_override!r}; use None or an int but 0")
        divisor = torch.full_like(divisor, int(divisor_override))
    # By a tensor: CUDA would multiply by the rounded inverse of a number.
    return pool_blocks(input, lambda x: sums(x, w).div_(divisor.to(x)), block=sys.maxsize)


def sums(x: Tensor, w: Window) -> Tensor:
    """Sum each window by ones: in one step where that is safe, else a column, then a row."""
    x = pad_zeros(x, w)
    if not copies_windows(x) and x.shape[1] > 1 and min(w.size) > 1:  # see `convolve`
        return conv2d(x, x.new_ones(w.size).expand(x.shape[1], 1, *w.size), w.stride)
    for axis in (0, 1):
        (x,) = slide(x, [[1.0] * w.size[axis]], w, axis)
    return x
