"""How images reach a convolution: in blocks, in a layout, one axis at a time."""

import torch
import torch.nn.functional as F
from torch import Tensor

from ._window import Window

BLOCK = 2**21  # elements pooled at a time, so that what is between stays in the cache


def widened(input: Tensor) -> Tensor:
    """Convert to a type in which `slide` takes its input as it is."""
    # CPUs may flush subnormal half floats to 0, CUDA may round float32 to TF32;
    # without oneDNN float32 has no quick depthwise kernel, and mps has no float64.
    onednn = torch.backends.mkldnn
    quick = torch.compiler.is_compiling() or (onednn.is_available() and onednn.enabled)
    wide = input.is_cuda or not (quick or input.device.type == "mps")
    return input.to(torch.float64 if wide or input.dtype == torch.float64 else torch.float32)


def slide(x: Tensor, kernels: list[list[float]], w: Window, axis: int) -> list[Tensor]:
    """Convolve every channel with each kernel along an axis (0 down, 1 across)."""
    # As (outer, length, inner), so that a step along the axis passes a run of numbers that lie
    # side by side: all channels, or a row or column of one.
    last = channels_last(x) or x.shape[1] >= 8
    x = laid_out(x, True) if last else x
    order = (0, 2, 3, 1) if last else (0, 1, 2, 3) if axis == 0 else (0, 1, 3, 2)
    back, place = [order.index(d) for d in range(4)], order.index(axis + 2)
    x = x.permute(order)
    outer, inner = x.shape[1:place], x.shape[place + 1 :]
    runs = pad_copies(x.flatten(place + 1).flatten(0, place - 1), w, axis)
    done = [convolve(runs, runs.new_tensor(kernel), w, axis) for kernel in kernels]
    return [y.unflatten(2, inner).unflatten(0, (-1, *outer)).permute(back) for y in done]


def convolve(runs: Tensor, kernel: Tensor, w: Window, axis: int) -> Tensor:
    """Convolve (outer, length, inner) along its length."""
    stride, dilation, size = (w.stride[axis], 1), (w.dilation[axis], 1), runs.shape[2]
    if copies_windows(runs):  # a few at a time, to save memory
        parts = runs.unsqueeze(1).split(max(1, size // len(kernel)), dim=3)
        kernel = kernel.reshape(1, 1, -1, 1)
        return torch.cat([conv2d(x, kernel, stride, dilation) for x in parts], dim=3).squeeze(1)
    # Depthwise, each of the inner as a channel, with a kernel that is 1 wide: other
    # float32 convolutions may be wrong. With one channel oneDNN rounds to bfloat16
    # where it may, so a twin joins it; kernels 1 high err on Arm with SVE (torch 2.9).
    runs = runs.expand(-1, -1, 2) if size == 1 else runs
    x = runs.contiguous().unsqueeze(2).permute(0, 3, 1, 2)
    y = conv2d(x, kernel.reshape(-1, 1).expand(x.shape[1], 1, -1, 1), stride, dilation)
    return y.squeeze(3).transpose(1, 2)[..., :size]


def conv2d(x: Tensor, kernels: Tensor, stride, dilation=1) -> Tensor:
    with torch.autocast("cpu" if x.is_meta else x.device.type, enabled=False):
        return F.conv2d(x, kernels, None, stride, 0, dilation, groups=len(kernels))


def copies_windows(x: Tensor) -> bool:
    """Tell whether a convolution first copies each cell once for every window that sees it."""
    return x.dtype == torch.float64 and not x.is_cuda


def channels_last(x: Tensor) -> bool:
    _, channel, row, column = x[:1].stride()  # of a slice: torch.compile errs on x's own
    return x.shape[1] > 1 and channel == 1 and column <= row and not x.is_contiguous()


def laid_out(x: Tensor, last: bool) -> Tensor:
    """Copy to channels-last or else to contiguous, by steps that vmap knows, if need be."""
    return x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) if last else x.contiguous()


def pool_blocks(input: Tensor, pool, block: int | None = None) -> Tensor:
    """Pool images a few at a time; return them in the type and layout they came in."""
    x = input.unsqueeze(0) if input.dim() == 3 else input
    last = input.dim() == 4 and channels_last(x)  # torch knows no layouts of single images
    traced = torch.compiler.is_compiling() or torch.jit.is_tracing()  # for any number of images
    blocks = [x] if traced else x.split(max(1, (block or BLOCK) // x.shape[1:].numel()))
    pooled = [laid_out(pool(widened(b)).to(input.dtype), last) for b in blocks]
    out = torch.cat(pooled) if len(pooled) > 1 else pooled[0]
    return out.squeeze(0) if input.dim() == 3 else out


def pad_zeros(x: Tensor, w: Window) -> Tensor:
    """Extend images by zeros to all that their windows see."""
    (top, left), (below, right) = w.padding, w.overhang
    around = (left, left + right, top, top + below)
    return F.pad(x, around) if any(around) else x


def pad_copies(x: Tensor, w: Window, axis: int) -> Tensor:
    """Extend (outer, length, inner), unless zeros did, and change no window's maximum."""
    # -inf would reach the ReLU as -inf - -inf = nan. Copies are safe: each is of the nearest cell
    # whole steps of the dilation away, and padding is at most half the window, so a window that
    # sees a copy also sees the original.
    n, p, d = w.image[axis], w.padding[axis], w.dilation[axis]
    end = n + p + w.overhang[axis]
    if x.shape[1] == p + end:
        return x
    at = torch.arange(-p, end, device=x.device)
    at = torch.where(at < 0, at % d, torch.minimum(at, n - 1 - (n - 1 - at) % d))
    return x.index_select(1, at.clamp(0, n - 1))


def cells(size: int) -> list[list[float]]:
    """Make the kernels that pick each of a window's cells."""
    return [[float(i == j) for j in range(size)] for i in range(size)]
