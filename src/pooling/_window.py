"""The arguments that every pooling takes, checked as torch checks them."""

from dataclasses import dataclass

import torch
from torch import Tensor

Pair = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A window that slides over an image; each field is (height, width)."""

    image: Pair
    size: Pair
    stride: Pair
    padding: Pair  # per side
    dilation: Pair
    output: Pair
    overhang: Pair  # what ceil_mode reads past the far padding

    def positions(self, axis: int) -> Tensor:
        """Give the row (axis 0) or column (1) of each cell: (outputs, cells)."""
        first = torch.arange(self.output[axis]) * self.stride[axis] - self.padding[axis]
        return first[:, None] + torch.arange(self.size[axis]) * self.dilation[axis]

    def is_real(self, axis: int, padded=False) -> Tensor:
        """Tell which `positions` lie in the image, or if `padded` in its padding."""
        at, margin = self.positions(axis), self.padding[axis] if padded else 0
        return (at >= -margin) & (at < self.image[axis] + margin)

    def counts(self, padded=False) -> Tensor:
        """Count the real cells of each window, as an image of the output."""
        return torch.outer(*(self.is_real(axis, padded).sum(1) for axis in (0, 1)))


def window(shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False) -> Window:
    """Resolve the arguments for input of this shape, or say what is wrong."""
    if len(shape) not in (3, 4) or min(shape[-3:]) < 1 or shape[0] < 0:
        raise ValueError(f"shape is {tuple(shape)}; use (n, c, h, w) or (c, h, w), only n may be 0")
    size = pair("kernel_size", kernel_size, 1)
    stride = size if stride in (None, (), []) else pair("stride", stride, 1)
    padding, dilation = pair("padding", padding, 0), pair("dilation", dilation, 1)
    half = size[0] // 2, size[1] // 2
    if padding[0] > half[0] or padding[1] > half[1]:
        raise ValueError(f"padding {padding} per side is over half of {size}; use at most {half}")
    image, output, overhang = tuple(shape[-2:]), [], []
    for n, k, s, p, d in zip(image, size, stride, padding, dilation, strict=True):
        slack = n + 2 * p - d * (k - 1) - 1  # how far the window can slide
        if slack < 0 and not (ceil_mode and slack > -s):
            raise ValueError(
                f"kernel_size {size} with dilation {dilation} reaches {-slack} cells beyond "
                f"the input {image} and its padding; use a smaller window or pad the input"
            )
        # ceil_mode adds a window unless it would start in the far padding
        more = ceil_mode and slack % s > 0 and (slack // s + 1) * s < n + p
        output.append(slack // s + (2 if more else 1))
        overhang.append(max(0, (output[-1] - 1) * s - slack))
    return Window(image, size, stride, padding, dilation, tuple(output), tuple(overhang))


def pair(name: str, value, least: int) -> Pair:
    """Read an int, or a sequence of one or two, as (height, width)."""
    both = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    both = both * 2 if len(both) == 1 else both
    if len(both) != 2 or any(type(v) is not int for v in both):
        raise TypeError(f"{name} is {value!r}; use an int or a tuple of two ints")
    if min(both) < least:
        raise ValueError(f"{name} is {value!r}; use {least} or more")
    return both


def require_floats(**tensors: Tensor) -> None:
    """Refuse integers: their differences wrap around, their quotients are cut."""
    for name, x in tensors.items():
        if not x.is_floating_point():
            raise TypeError(f"{name} has {x.dtype}; use {name}.double(), exact up to 2**53")
