"""The maximum out of ReLUs, the pooling out of convolutions: exercises 3 and 6."""

import torch
from torch import Tensor

from ._slide import cells, pool_blocks, slide
from ._window import Window, require_floats, window


def relu_max(a: Tensor, b: Tensor) -> Tensor:
    """Compute [a - b] + b, the textbook's maximum, elementwise.

    Exact on integers up to 2**(p - 1), p the significant bits (24 in float32), else within
    2**(1 - p) |a - b| unless a step overflows. A tie sends its gradient to b.

    >>> relu_max(torch.tensor([2.0, 1.0]), torch.tensor([3.0, -1e8]))
    tensor([3., 0.])
    """
    require_floats(a=a, b=b)
    return torch.relu_(a - b) + b


def exact_relu_max(a: Tensor, b: Tensor) -> Tensor:
    """Compute the maximum by a ReLU network whose result is exact, elementwise.

    With s = -K [a - b] and K = 2**(p + 1), p the significant bits, it is
    a - [a + s] + [s - a] + [b + s] - [s - b]. If a <= b, s is 0: the first three terms cancel
    and the others make b. Else s <= -max(|a|, |b|): every ReLU is 0, and a is left.

    Equal to the maximum for all finite a and b, up to the sign of a zero, given gradual
    underflow. An infinity may make nan. A tie sends its gradient to b.

    >>> exact_relu_max(torch.tensor([2.0, 1.0]), torch.tensor([3.0, -1e8]))
    tensor([3., 1.])
    """
    require_floats(a=a, b=b)
    return _ExactMax.apply(*torch.broadcast_tensors(a, b))


class _ExactMax(torch.autograd.Function):
    """The network with its derivative mended: torch gives x = [x] - [-x] slope 0 at 0."""

    generate_vmap_rule = True

    @staticmethod
    def forward(a: Tensor, b: Tensor) -> Tensor:
        s = torch.relu_(a - b)
        s *= -4 / torch.finfo(s.dtype).eps
        out = (a - torch.relu_(a + s)).add_(torch.relu_(s - a))
        return out.add_(torch.relu_(b + s)).sub_(torch.relu_(s - b))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0] > inputs[1])

    @staticmethod
    def backward(ctx, grad):
        (a_wins,) = ctx.saved_tensors
        return torch.where(a_wins, grad, 0), torch.where(a_wins, 0, grad)  # 0 * inf is nan


def tournament(values: list[Tensor], maximum) -> Tensor:
    """Combine neighbours round by round; of equals the first wins."""
    while len(values) > 1:
        best = [maximum(b, a) for a, b in zip(values[::2], values[1::2], strict=False)]
        values = best + values[2 * len(best) :]
    return values[0]


def pool_axis(x: Tensor, w: Window, axis: int, exact: bool) -> Tensor:
    """Cut out each window's cells along an axis and let them meet."""
    kernels = cells(w.size[axis])
    if exact:
        return tournament(slide(x, kernels, w, axis), exact_relu_max)
    for i in range(1, len(kernels), 2):
        kernels[i][i - 1] = -1.0  # the second of a pair less the first: [a - b] by convolution
    parts = slide(x, kernels, w, axis)
    # In place, to save copies.
    best = [b.add_(torch.relu_(d)) for b, d in zip(parts[::2], parts[1::2], strict=False)]
    return tournament(best + parts[2 * len(best) :], lambda a, b: b.add_(torch.relu_(a - b)))


def max_pool2d(
    input: Tensor,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
    *,
    exact=True,
) -> Tensor:
    """Take each window's maximum: cells by convolution, a tournament by ReLUs.

    Args:
        input: (n, c, h, w) or (c, h, w), floating point.
        padding: cells per side that never win, at most half the window.
        return_indices: stands where torch has it; only False.
        exact: by `exact_relu_max`, else by the faster `relu_max`.
    Returns:
        What `F.max_pool2d` does, equal on finite input (0 and -0 are equal) given gradual
        underflow, or with exact=False up to the rounding of `relu_max`. If exact, a tie sends
        its gradient to the first cell, as in torch, and there is no forward mode. An infinity
        or a nan may make its windows nan, as 0 * inf is.
    Raises:
        ValueError, TypeError: where torch refuses, and for integer input.

    >>> max_pool2d(torch.tensor([[[1.0, 2.0], [3.0, 4.0]]]), 2)
    tensor([[[4.]]])
    """
    require_floats(input=input)
    if return_indices:
        raise ValueError("return_indices is True; use False, or torch's own pooling")
    w = window(input.shape, kernel_size, stride, padding, dilation, ceil_mode)
    misses = torch.outer(w.counts(0), w.counts(1)) == 0  # a dilated window may have no real cell

    def pool(x: Tensor) -> Tensor:
        x = pool_axis(pool_axis(x, w, 1, exact), w, 0, exact)  # so that ties end as in torch
        return x.masked_fill(misses.to(x.device), -torch.inf) if max(w.dilation) > 1 else x

    return pool_blocks(input, pool)


def min_pool2d(
    input: Tensor, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, *, exact=True
) -> Tensor:
    """Take each window's minimum, as -max(-x); see `max_pool2d`.

    >>> min_pool2d(torch.tensor([[[1.0, 2.0], [3.0, 4.0]]]), 2)
    tensor([[[1.]]])
    """
    require_floats(input=input)
    return -max_pool2d(-input, kernel_size, stride, padding, dilation, ceil_mode, exact=exact)
