"""Average pooling is a convolution: exercise 1."""

import torch.nn.functional as F
from torch import Tensor

from ._taps import convolve, widened
from ._window import window


def avg_pool2d(
    input: Tensor,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
) -> Tensor:
    """Average each window by one convolution with ones, then one division.

    A kernel of 1/9 would be rounded before it is used; a sum of integers is not.

    Args:
        input: (n, c, h, w) or (c, h, w), floating point.
        padding: zeros per side, at most half the window.
        count_include_pad: whether those zeros count in the divisor.
        divisor_override: divide by this int instead.
    Returns:
        What `F.avg_pool2d` does; half precision is summed in float32 or wider.
    Raises:
        ValueError, TypeError: where torch refuses, and for integer input.

    >>> import torch
    >>> avg_pool2d(torch.tensor([[[1.0, 2.0], [3.0, 4.0]]]), 2)
    tensor([[[2.5000]]])
    """
    if divisor_override == 0 or type(divisor_override) not in (int, type(None)):
        raise ValueError(f"divisor_override is {divisor_override!r}; use None or an int but 0")
    w = window(input.shape, kernel_size, stride, padding, ceil_mode=ceil_mode)
    x = widened(input)
    if any(w.overhang):
        x = F.pad(x, (0, w.overhang[1], 0, w.overhang[0]))
    sums = convolve(x, x.new_ones(w.size), w.stride, w.padding)
    if divisor_override is not None:
        divisor = sums.new_full((), divisor_override)
    elif count_include_pad and not any(w.overhang):
        divisor = sums.new_full((), w.size[0] * w.size[1])
    else:
        divisor = w.counts(padded=count_include_pad).to(sums)
    # By a tensor: CUDA would multiply by the rounded inverse of a number.
    return sums.div_(divisor).to(input.dtype)
