"""Convolutions that round nothing, and by them the cells of every window."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from ._window import Window, require_floats

BLOCK = 2**21  # elements pooled at a time, so that the cells stay in the cache


def widened(input: Tensor) -> Tensor:
    """Convert to a type in which a convolution takes its input as it is."""
    require_floats(input=input)
    # cuDNN may round float32 (to TF32), and NNPACK, but neither rounds float64;
    # fast half-precision convolutions on CPUs may flush subnormals to 0.
    onednn = torch.backends.mkldnn.is_available() and torch.backends.mkldnn.enabled
    wide = input.dtype == torch.float64 or input.is_cuda or not onednn
    return input.to(torch.float64 if wide else torch.float32)


def convolve(x: Tensor, kernel: Tensor, stride, padding=0, dilation=1) -> Tensor:
    """Convolve every channel on its own with the same kernel, (height, width)."""
    c = x.shape[-3]
    kernels = kernel.expand(c, 1, *kernel.shape)
    x = x.view(x.shape) if c == 1 else x  # torch misreads strides (hw, 1, w, 1)
    with torch.autocast("cpu" if x.is_meta else x.device.type, enabled=False):
        return F.conv2d(x, kernels, None, stride, padding, dilation, groups=c)


def taps(x: Tensor, w: Window, axis: int) -> list[Tensor]:
    """Slice out each window's cells along an axis (0 down, 1 across), one by one."""
    stride, dilation, size = [1, 1], [1, 1], [1, 1]
    stride[axis], dilation[axis], size[axis] = w.stride[axis], w.dilation[axis], w.size[axis]
    picks = torch.eye(w.size[axis], dtype=x.dtype, device=x.device)
    return [convolve(x, pick.reshape(size), stride, 0, dilation) for pick in picks]


def pool_blocks(input: Tensor, w: Window, pool: Callable[[Tensor], Tensor]) -> Tensor:
    """Pool images a few at a time, in channels-last; return them as they came."""
    x = input.unsqueeze(0) if input.dim() == 3 else input
    pooled = []
    for block in x.split(max(1, BLOCK // x.shape[1:].numel())):
        block = fill_border(widened(block), w).permute(0, 2, 3, 1).contiguous()
        pooled.append(pool(block.permute(0, 3, 1, 2)).to(input.dtype))
    out = torch.cat(pooled).reshape(*input.shape[:-2], *w.output)
    return out if x.stride(1) == 1 else out.contiguous()


def fill_border(x: Tensor, w: Window) -> Tensor:
    """Extend the images; no window that sees some of them changes its maximum."""
    # -inf would reach the ReLU as -inf - -inf = nan. Copies are safe: each is of
    # the nearest cell whole steps of the dilation away, and padding is at most
    # half the window, so a window that sees a copy also sees the original.
    for axis in (0, 1):
        n, p, d = w.image[axis], w.padding[axis], w.dilation[axis]
        if p or w.overhang[axis]:
            at = torch.arange(-p, n + p + w.overhang[axis], device=x.device)
            last = n - 1 - (n - 1 - at) % d
            at = torch.where(at < 0, at % d, torch.minimum(at, last))
            x = x.index_select(axis - 2, at.clamp(0, n - 1))
    return x
