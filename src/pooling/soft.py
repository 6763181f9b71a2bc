"""Softmax pooling and its smoother relative, log-sum-exp: exercise 7."""

import math

import torch
from torch import Tensor

from ._taps import pool_blocks, taps
from ._window import window
from .average import avg_pool2d
from .maximum import max_pool2d


def softmax_pool2d(input: Tensor, kernel_size, stride=None, padding=0, *, beta=1.0) -> Tensor:
    """Average each window with the weights softmax(beta * x).

    Args:
        input: (n, c, h, w) or (c, h, w), floating point.
        padding: cells per side, at most half the window; they weigh nothing.
        beta: 0 makes the average over the window's real cells, inf the
            maximum, -inf the minimum. Its unit is 1 / that of the input.
    Returns:
        Values between the window's average and its maximum (for beta >= 0, up to
        rounding and underflow), finite with finite gradients for finite input if
        |beta| is 1e-30 to 1e38, or inf. At 0 a sum may overflow, as in torch.

    >>> x = torch.tensor([[[[0.0, 1.0], [2.0, 3.0]]]])
    >>> [round(softmax_pool2d(x, 2, beta=b).item(), 4) for b in (0, 1, math.inf)]
    [1.5, 2.4927, 3.0]
    """

    def offset(below: Tensor, real: Tensor, beta: float) -> Tensor:
        weights = torch.exp(beta * below) * real
        return (weights * below).sum(0) / weights.sum(0)

    return pool_windows(offset, input, kernel_size, stride, padding, beta)


def logsumexp_pool2d(input: Tensor, kernel_size, stride=None, padding=0, *, beta=1.0) -> Tensor:
    """Pool by mellowmax, log(mean(exp(beta * x))) / beta.

    Arguments and limits are those of `softmax_pool2d`; unlike it, mellowmax is
    monotone and never expands a distance.
    Source: Asadi and Littman 2017, arXiv:1612.05628.

    >>> x = torch.tensor([[[[0.0, 1.0], [2.0, 3.0]]]])
    >>> [round(logsumexp_pool2d(x, 2, beta=b).item(), 4) for b in (0, 1, math.inf)]
    [1.5, 2.0539, 3.0]
    """

    def offset(below: Tensor, real: Tensor, beta: float) -> Tensor:
        # expm1 and log1p keep the digits that exp and log would lose at small beta.
        return torch.log1p((torch.expm1(beta * below) * real).sum(0) / real.sum(0)) / beta

    return pool_windows(offset, input, kernel_size, stride, padding, beta)


def pool_windows(offset, input: Tensor, kernel_size, stride, padding, beta) -> Tensor:
    """Add to each window's maximum the `offset` of its cells' distances below it."""
    if math.isnan(beta):
        raise ValueError("beta is nan; use a number, or inf for the maximum")
    if beta < 0:
        return -pool_windows(offset, -input, kernel_size, stride, padding, -beta)
    if beta == math.inf:
        return max_pool2d(input, kernel_size, stride, padding)
    if beta == 0:
        return avg_pool2d(input, kernel_size, stride, padding, count_include_pad=False)
    w = window(input.shape, kernel_size, stride, padding)
    rows, columns = (w.is_real(axis).T.to(input.device) for axis in (0, 1))
    real = rows[:, None, :, None] & columns[None, :, None, :]
    real = real.flatten(0, 1)[:, None, :, :, None]  # (cells, 1, h, w, 1)

    def pool(images: Tensor) -> Tensor:
        cells = [cell for row in taps(images, w, 0) for cell in taps(row, w, 1)]
        cells = torch.stack([cell.permute(0, 2, 3, 1) for cell in cells])
        # The result does not depend on the shift, so its gradient needs none of it.
        top = cells.detach().amax(0)
        below = (cells - top).clamp(min=torch.finfo(cells.dtype).min)  # may overflow
        return (top + offset(below, real, beta)).permute(0, 3, 1, 2)

    return pool_blocks(input, w, pool)
