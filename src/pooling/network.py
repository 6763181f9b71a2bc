"""Max pooling as a stack of convolutions and ReLUs, nothing else: exercise 3.

A stage is two matrices: `hidden` makes the arguments of the ReLUs out of the
values so far, and `read` makes the next values out of the ReLUs.
"""

import torch
from torch import Tensor, nn

from ._window import pair


def max_pool_network(
    kernel_size, channels=1, stride=None, *, layers=None, nonnegative=False
) -> nn.Sequential:
    """Build max pooling from `nn.Conv2d` and `nn.ReLU` alone.

    The first convolution has the window's size and stride, the others are
    1 x 1; each has one group a channel and no bias. No value skips a layer.

    Args:
        layers: of ReLUs. None for the tournament's ceil(log2(cells)); one less
            will do where it passes through five values, as in 3 x 3.
        nonnegative: assume that the input is, which saves units.
    Returns:
        A float32 network that does not train, equal to `F.max_pool2d` on integers
        up to 2**16 (on CUDA with TF32 off); on other numbers it rounds.
    Raises:
        ValueError: so many layers are impossible, or not built here.

    >>> [part.out_channels for part in max_pool_network(3, layers=3)[::2]]
    [14, 10, 9, 1]
    """
    size = pair("kernel_size", kernel_size, 1)
    stride = size if stride in (None, (), []) else pair("stride", stride, 1)
    channels, _ = pair("channels", channels, 1)
    cells = size[0] * size[1]
    parts, read = [], torch.eye(cells)
    for hidden, next_read in plan(cells, layers, nonnegative):
        parts += [convolution(hidden @ read, channels, size, stride), nn.ReLU()]
        read, size, stride = next_read, (1, 1), (1, 1)
    return nn.Sequential(*parts, convolution(read, channels, size, stride))


def convolution(weight: Tensor, channels: int, size, stride) -> nn.Conv2d:
    """Apply one matrix to the values of every channel."""
    weight = weight.unflatten(1, (-1, *size)).repeat(channels, 1, 1, 1)
    units, values = len(weight), weight.shape[1] * channels
    conv = nn.Conv2d(values, units, size, stride, groups=channels, bias=False)
    conv.weight = nn.Parameter(weight, requires_grad=False)
    return conv


def plan(cells: int, layers: int | None, nonnegative: bool) -> list[tuple[Tensor, Tensor]]:
    """Choose the stages that bring this many cells down to one."""
    counts = [cells]
    while counts[-1] > 1:
        counts.append((counts[-1] + 1) // 2)
    depth = len(counts) - 1
    if layers in (None, depth):
        return [halve(n, nonnegative) for n in counts[:-1]]
    if layers == depth - 1 and 5 in counts:
        return [halve(n, nonnegative) for n in counts[: counts.index(5)]] + max_of_five(nonnegative)
    reason = "no such network is built here"
    if layers == 1 and cells > 2:
        reason = "one cannot make the maximum of three numbers (Mukherjee, Basu 2017)"
    ways = f"{depth - 1} or {depth}" if 5 in counts else f"{depth}"
    raise ValueError(f"layers is {layers} for {cells} cells; {reason}; use {ways}, or None")


def halve(values: int, nonnegative: bool) -> tuple[Tensor, Tensor]:
    """Halve the values by max(a, b) = [b - a] + [a] - [-a]; an odd one waits."""
    one, hidden, read = torch.eye(values), [], []
    for i in range(0, values, 2):
        units = [(one[i], 1)] if nonnegative else [(one[i], 1), (-one[i], -1)]
        if i + 1 < values:
            units.append((one[i + 1] - one[i], 1))
        hidden += [unit for unit, _ in units]
        read.append(torch.tensor([[float(sign) for _, sign in units]]))
    return torch.stack(hidden), torch.block_diag(*read)


def max_of_five(nonnegative: bool) -> list[tuple[Tensor, Tensor]]:
    """Bring a, b, c, d, e to e + max(a - e, b - e, c - e, d - e, 0) in two layers.

    Source: two layers are from Bakaev et al. 2025, arXiv:2505.14338.
    """
    keep = torch.tensor([[1.0]] if nonnegative else [[1.0], [-1.0]])  # [e], [-e]
    less_e = torch.cat([torch.eye(4), -torch.ones(4, 1)], dim=1)
    hidden, _ = halve(4, nonnegative=False)
    hidden = torch.cat([hidden, torch.eye(4)[[1, 3]]]) @ less_e
    hidden = torch.cat([hidden, torch.cat([torch.zeros(len(keep), 4), keep], dim=1)])
    # The units are [a], [-a], [b-a], [c], [-c], [d-c], [b], [d], then those of e.
    a, minus_a, over_a, c, minus_c, over_c, b, d = torch.eye(8)
    A, C = a - minus_a + over_a, c - minus_c + over_c  # max(a, b), max(c, d)
    second = [A + C, C - a, C - b, A - c, A - d, A + C - a - b, A + C - c - d]
    half = torch.tensor([[1, 1, 1, 1, 1, -1, -1]]) / 2
    second = torch.block_diag(torch.stack(second), torch.eye(len(keep)))
    return [(hidden, torch.eye(len(hidden))), (second, torch.cat([half, keep.T], dim=1))]
