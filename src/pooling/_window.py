"""The arguments that every pooling takes, checked as torch checks them."""

import numbers
import operator
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

    def starts(self, axis: int) -> Tensor:
        """Give the row (axis 0) or column (1) of each window's first cell."""
        # These few numbers are on the CPU, whatever the default device is.
        count = torch.arange(self.output[axis], device="cpu")
        return count * self.stride[axis] - self.padding[axis]

    def counts(self, axis: int, padded=False) -> Tensor:
        """Count each window's cells in the image, or if `padded` in its padding too."""
        starts, d, p = self.starts(axis), self.dilation[axis], padded * self.padding[axis]
        before, until = -((starts + p) // d), -((starts - self.image[axis] - p) // d)
        return until.clamp(0, self.size[axis]) - before.clamp(0, self.size[axis])


def window(shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False) -> Window:
    """Resolve the arguments for input of this shape, or say what is wrong."""
    if len(shape) not in (3, 4) or min(shape[-3:]) < 1 or shape[0] < 0:
        raise ValueError(f"shape is {tuple(shape)}; use (n, c, h, w) or (c, h, w), only n may be 0")
    size = pair("kernel_size", kernel_size, 1)
    stride, padding = pair("stride", stride, 1, size), pair("padding", padding, 0)
    dilation, half = pair("dilation", dilation, 1), (size[0] // 2, size[1] // 2)
    if padding[0] > half[0] or padding[1] > half[1]:
        raise ValueError(f"padding {padding} per side is over half of {size}; use at most {half}")
    require_flags(ceil_mode=ceil_mode)
    # A trace is for images of one size: torch.compile errs on sizes left open.
    _, *image = (operator.index(n) for n in shape[-3:])
    output, overhang = [0, 0], [0, 0]
    for i, (n, k, s, p, d) in enumerate(zip(image, size, stride, padding, dilation, strict=True)):
        slack = n + 2 * p - d * (k - 1) - 1  # how far the window can slide
        if slack < 0 and not (ceil_mode and slack > -s):
            raise ValueError(
                f"kernel_size {size} with dilation {dilation} reaches {-slack} cells beyond "
                f"the input {tuple(image)} and its padding; use a smaller window or pad the input"
            )
        # ceil_mode adds a window unless it would start in the far padding
        more = ceil_mode and slack % s > 0 and (slack // s + 1) * s < n + p
        output[i] = slack // s + (2 if more else 1)
        overhang[i] = max(0, (output[i] - 1) * s - slack)
    return Window(*map(tuple, (image, size, stride, padding, dilation, output, overhang)))


def pair(name: str, value, least: int, default: Pair | None = None) -> Pair:
    """Read an int, or a sequence of one or two, as (height, width)."""
    both = tuple(value) if isinstance(value, tuple | list) else (value,)
    if default and both in ((), (None,)):
        return default
    if len(both) not in (1, 2) or not all(is_whole(v) for v in both):
        raise TypeError(f"{name} is {value!r}; use an int or a tuple of two ints")
    high, wide = (v if isinstance(v, int) else operator.index(v) for v in (both[0], both[-1]))
    if min(high, wide) < least:
        raise ValueError(f"{name} is {value!r}; use {least} or more")
    return high, wide


def is_whole(value) -> bool:
    """Tell whether torch takes it for an int, as it takes NumPy's; a bool is none."""
    if isinstance(value, Tensor):  # as sizes are under torch.jit.trace
        return value.dim() == 0 and value.dtype in (torch.int16, torch.int32, torch.int64)
    return isinstance(value, numbers.Integral | torch.SymInt) and not isinstance(value, bool)


def require_flags(**flags) -> None:
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise TypeError(f"{name} is {value!r}; use True or False")


def require_floats(**tensors: Tensor) -> None:
    """Refuse integers: their differences wrap around, their quotients are cut."""
    for name, x in tensors.items():
        if not hasattr(x, "is_complex"):
            raise TypeError(f"{name} is of type {type(x).__name__}; use a tensor")
        if x.is_complex():
            raise TypeError(f"{name} has {x.dtype}; use {name}.real: complex numbers have no order")
        if not x.is_floating_point():
            raise TypeError(f"{name} has {x.dtype}; use {name}.double(), exact up to 2**53")
