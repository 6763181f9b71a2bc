"""The same poolings as modules: swap one line of a model."""

import inspect

from torch import Tensor, nn

from .average import avg_pool2d
from .maximum import max_pool2d, min_pool2d
from .soft import softmax_pool2d


class Pool2d(nn.Module):
    """A pooling function whose arguments, all but the input, are set beforehand."""

    def __init_subclass__(cls, function=None):
        cls.function = staticmethod(function or cls.function)

    def __init__(self, *args, **kwargs):
        super().__init__()
        bound = inspect.signature(self.function).bind(None, *args, **kwargs)
        bound.apply_defaults()
        self.arguments = {k: v for k, v in bound.arguments.items() if k != "input"}

    def forward(self, input: Tensor) -> Tensor:
        return self.function(input, **self.arguments)

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={value}" for name, value in self.arguments.items())


class AvgPool2d(Pool2d, function=avg_pool2d):
    """`avg_pool2d` in place of `torch.nn.AvgPool2d`."""


class MaxPool2d(Pool2d, function=max_pool2d):
    """`max_pool2d` in place of `torch.nn.MaxPool2d`, whose fifth argument it lacks.

    >>> MaxPool2d(2, exact=False)
    MaxPool2d(kernel_size=2, stride=None, padding=0, dilation=1, ceil_mode=False, exact=False)
    """


class MinPool2d(Pool2d, function=min_pool2d):
    """`min_pool2d` as a module."""


class SoftmaxPool2d(Pool2d, function=softmax_pool2d):
    """`softmax_pool2d` as a module."""
