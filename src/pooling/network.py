"""Max pooling as a stack of convolutions and ReLUs, nothing else: exercise 3."""

import torch
from torch import Tensor, nn

from ._window import Pair, is_whole, pair

# Two matrices: numbers to arguments of the ReLUs (hidden), ReLUs to the next numbers (read)
Stage = tuple[Tensor, Tensor]


def max_pool_network(
    kernel_size, channels=1, stride=None, *, layers=None, nonnegative=False
) -> nn.Sequential:
    """Build max pooling from `nn.Conv2d` and `nn.ReLU` alone.

    The first convolution has the window's size and stride, the others are 1 x 1; each has
    one group a channel and no bias. No value skips a layer.

    Args:
        layers: of ReLUs. None for ceil(log2(cells)), each of which halves the numbers; one less
            will do where they are five at some point, as in 3 x 3, at the price of more ReLUs.
        nonnegative: assume that the input is, which saves units.
    Returns:
        A float32 network on the CPU that does not train, equal to `F.max_pool2d` on integers
        up to 2**16 as long as convolutions do not round: on CUDA with TF32 off, on CPUs with
        torch.backends.mkldnn.conv.fp32_precision "ieee".
    Raises:
        ValueError: so many layers are impossible, or not built here.

    >>> [part.out_channels for part in max_pool_network(3, layers=3)[::2]]
    [13, 10, 7, 1]
    """
    size = pair("kernel_size", kernel_size, 1)
    stride = pair("stride", stride, 1, size)
    if not is_whole(channels):
        raise TypeError(f"channels is {channels!r}; use an int")
    channels, _ = pair("channels", channels, 1)
    parts: list[nn.Module] = []
    with torch.device("cpu"):  # whatever the default device is
        read = torch.eye(size[0] * size[1])
        for hidden, next_read in plan(len(read), layers, nonnegative):
            parts += [convolution(hidden @ read, channels, size, stride), nn.ReLU()]
            read, size, stride = next_read, (1, 1), (1, 1)
    return nn.Sequential(*parts, convolution(read, channels, size, stride))


def convolution(weight: Tensor, channels: int, size: Pair, stride: Pair) -> nn.Conv2d:
    """Apply one matrix to the numbers of every channel."""
    weight = weight.float().unflatten(1, (-1, *size)).repeat(channels, 1, 1, 1)
    units, values = len(weight), weight.shape[1] * channels
    # On meta, so that no random weights are drawn first.
    conv = nn.Conv2d(values, units, size, stride, groups=channels, bias=False, device="meta")
    conv.weight = nn.Parameter(weight, requires_grad=False)
    return conv


def plan(cells: int, layers: int | None, nonnegative: bool) -> list[Stage]:
    """Choose the stages that bring this many cells down to one."""
    counts = [cells]
    while counts[-1] > 1:
        counts.append((counts[-1] + 1) // 2)
    depth, short = len(counts) - 1, 5 in counts
    if layers in (None, depth):
        return [pairs_and_star(n, nonnegative) for n in counts[:-1]]
    if layers == depth - 1 and short:
        return [pairs_and_star(n, nonnegative) for n in counts if n > 5] + max_of_five(nonnegative)
    reason = "no such network is built here"
    if layers == 1 and cells > 2:
        reason = "one cannot make the maximum of three numbers (Mukherjee, Basu 2017)"
    ways = f"{depth - 1} or {depth}" if short else f"{depth}"
    raise ValueError(f"layers is {layers} for {cells} cells; {reason}; use {ways}, or None")


def pairs_and_star(n: int, nonnegative=False) -> Stage:
    """Halve n numbers by max(a, b) = [b - a] + [a] - [-a]; an odd one, r, plays twice.

    max(a, r) and max(b, r) share r: [a - r], [b - r], [r] and [-r] are four units
    for three numbers, where a pair and a number that waits would take five.
    Numbers >= 0 need no [-a], and an odd one of them does wait.
    """
    one, star = torch.eye(n), n % 2 and not nonnegative
    hidden, read = [], []
    for i in range(0, n - 3 * star, 2):
        minus = [] if nonnegative else [-one[i]]
        units = [one[i], *minus, *(one[i + 1 : i + 2] - one[i])]
        hidden += units
        read.append(torch.tensor([[1.0, -1, 1] if minus else [1.0] * len(units)]))
    if star:
        a, b, r = one[-3:]
        hidden += [a - r, b - r, r, -r]
        read.append(torch.tensor([[1.0, 0, 1, -1], [0, 1, 1, -1]]))
    return torch.stack(hidden), torch.block_diag(*read)


def max_of_five(nonnegative: bool) -> list[Stage]:
    """Bring five numbers down to one in two layers, the last number as reference.

    With A = max(a, b), C = max(c, d), p = A - [b], q = [a] - [b], r = C - [d] and
    s = [c] - [d], all relative to e, max(a, b, c, d, 0) is
    C + [A - C] + [q - r] + ([p + q - s] - [p + q - r] - [p + q - r - s]) / 2.

    Source: two layers are from Bakaev et al. 2025, arXiv:2505.14338; chapter 3 has the proof.
    """
    a, b, c, d, e = torch.eye(5)
    # A number that may be negative is carried by two units, [e] - [-e].
    first = [a - b, e - b, a - e, b - e, c - d, e - d, c - e, d - e, e, -e]
    u = torch.eye(10)
    p, q, r, s = u[0] - u[1], u[2] - u[3], u[4] - u[5], u[6] - u[7]
    A, C, e = p + u[3], r + u[7], u[8] - u[9]
    second = [A - C, q - r, p + q - s, p + q - r, p + q - r - s, C + e, -C - e]
    read = torch.tensor([[2.0, 2, 1, -1, -1, 2, -2]]) / 2
    one, two = torch.stack(first), torch.stack(second)
    if nonnegative:
        one, two, read = one[:-1], two[:-1, :-1], read[:, :-1]
    return [(one, u[: len(one), : len(one)]), (two, read)]
