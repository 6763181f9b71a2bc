"""Softmax pooling and its smoother relative, log-sum-exp: exercise 7."""

import math
from numbers import Real

import torch
from torch import Tensor

from ._slide import cells, pad_zeros, pool_blocks, slide
from ._window import Window, require_floats, window
from .average import avg_pool2d
from .maximum import max_pool2d, min_pool2d


def softmax_pool2d(input: Tensor, kernel_size, stride=None, padding=0, *, beta=1.0) -> Tensor:
    """Average each window with the weights softmax(beta * x).

    Args:
        input: (n, c, h, w) or (c, h, w), floating point.
        padding: cells per side, at most half the window; they weigh nothing.
        beta: 0 makes the average over the window's real cells, inf the maximum, -inf the
            minimum. Its unit is 1 / that of the input. A tensor, of one value or one a
            channel, gets a gradient; an infinite value in it counts as the largest finite one.
    Returns:
        Values between the window's average and its maximum (for beta >= 0, up to rounding and
        underflow), for finite input finite with finite gradients of it if |beta| is 1e-30 or
        more. At 0 a sum may overflow, as in torch.
    Raises:
        ValueError, TypeError: where `avg_pool2d` does, and for a beta that is nan or no number
            and for a tensor of another shape.

    >>> x = torch.tensor([[[[0.0, 1.0], [2.0, 3.0]]]])
    >>> [round(softmax_pool2d(x, 2, beta=b).item(), 4) for b in (0, 1, math.inf)]
    [1.5, 2.4927, 3.0]
    """
    return pool_windows(softmax_offset, input, kernel_size, stride, padding, beta)


def softmax_offset(below: Tensor, real: Tensor, beta) -> Tensor:
    weights = torch.exp(beta * below) * real
    return (weights * below).sum(0) / weights.sum(0)


def logsumexp_pool2d(input: Tensor, kernel_size, stride=None, padding=0, *, beta=1.0) -> Tensor:
    """Pool by mellowmax, log(mean(exp(beta * x))) / beta.

    Arguments and limits are those of `softmax_pool2d`; unlike it, mellowmax is monotone
    and never expands a distance.
    Source: Asadi and Littman 2017, arXiv:1612.05628.

    >>> x = torch.tensor([[[[0.0, 1.0], [2.0, 3.0]]]])
    >>> [round(logsumexp_pool2d(x, 2, beta=b).item(), 4) for b in (0, 1, math.inf)]
    [1.5, 2.0539, 3.0]
    """
    return pool_windows(mellow_offset, input, kernel_size, stride, padding, beta)


def mellow_offset(below: Tensor, real: Tensor, beta) -> Tensor:
    n, scaled = real.sum(0), beta * below
    # log1p(mean(expm1)) keeps the digits that log(mean(exp)) loses near 1, and the other way
    # round near 0. Each is kept from where its gradient is no number.
    loss = (torch.expm1(scaled) * real).sum(0) / n
    near = torch.log1p(loss.clamp(min=-0.5))
    far = torch.log((torch.exp(scaled) * real).sum(0) / n)
    # Near beta = 0, where that is 0 / 0, take the first three cumulants.
    tiny = scaled.detach().abs().amax(0) < torch.finfo(below.dtype).eps ** (1 / 3)
    mean = (below * real).sum(0) / n
    spread = torch.where(tiny, below - mean, 0.0)
    bend = beta * spread
    series = mean + (spread * bend * (1 / 2 + bend / 6) * real).sum(0) / n
    return torch.where(tiny, series, torch.where(loss > -0.5, near, far) / beta.where(~tiny, 1.0))


def pool_windows(offset, input: Tensor, kernel_size, stride, padding, beta) -> Tensor:
    """Add to each window's maximum the `offset` of its cells' distances below it."""
    require_floats(input=input)
    w = window(input.shape, kernel_size, stride, padding)
    if isinstance(beta, Tensor):
        if beta.dim() > 1 or 1 != beta.numel() != input.shape[-3]:  # torch.compile errs on `in`
            shape = tuple(beta.shape)
            raise ValueError(f"beta has shape {shape}; use one value, or one a channel, (c,)")
        beta = beta.reshape(-1, 1, 1)
    elif not isinstance(beta, Real) or beta != beta:  # nan; torch.compile knows no math.isnan
        raise ValueError(f"beta is {beta!r}; use a number, or inf for the maximum")
    elif abs(beta) == math.inf:
        return (max_pool2d if beta == math.inf else min_pool2d)(input, kernel_size, stride, padding)
    elif beta == 0:
        return avg_pool2d(input, kernel_size, stride, padding, count_include_pad=False)

    def pool(images: Tensor) -> Tensor:
        limit = torch.finfo(images.dtype).max
        b = torch.as_tensor(beta, dtype=images.dtype, device=images.device).clamp(-limit, limit)
        sign = torch.where(b < 0, -1.0, 1.0).to(images)  # the minimum is -max(-x)
        x = stack(images * sign, w)
        real = stack(pad_zeros(images.new_ones(1, 1, *w.image), w), w)  # 0 in the padding
        # The result does not depend on the shift, so its gradient needs none of it.
        top = x.detach().amax(0)
        below = (x - top).clamp(min=-limit)  # may overflow
        return sign * (top + offset(below, real, b * sign))

    return pool_blocks(input, pool)


def stack(x: Tensor, w: Window) -> Tensor:
    """Cut out each window's cells: (cells, n, c, h, w)."""
    rows = torch.cat(slide(x, cells(w.size[0]), w, 0))  # as more images, to cut them at once
    columns = slide(rows, cells(w.size[1]), w, 1)
    return torch.stack([y.unflatten(0, (w.size[0], x.shape[0])) for y in columns], 1).flatten(0, 1)
