"""The same poolings as modules: swap one line of a model."""

import torch
from torch import Tensor, nn

from .average import avg_pool2d
from .maximum import max_pool2d, min_pool2d
from .soft import softmax_pool2d

for function in ("avg_pool2d", "max_pool2d", "min_pool2d", "softmax_pool2d"):
    torch.fx.wrap(function)  # so that symbolic_trace records a call, as it does of torch's


class AvgPool2d(nn.AvgPool2d):
    """`torch.nn.AvgPool2d`, computed by `avg_pool2d`."""

    def forward(self, input: Tensor) -> Tensor:
        options = self.ceil_mode, self.count_include_pad, self.divisor_override
        return avg_pool2d(input, self.kernel_size, self.stride, self.padding, *options)


class MaxPool2d(nn.MaxPool2d):
    """`torch.nn.MaxPool2d`, computed by `max_pool2d`; it returns no indices.

    >>> MaxPool2d(2, exact=False)
    MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False, exact=False)
    """

    def __init__(self, *args, exact=True, **kwargs):
        super().__init__(*args, **kwargs)
        if self.return_indices:
            raise ValueError("return_indices is True; use False, or torch.nn.MaxPool2d")
        self.exact = exact

    def forward(self, input: Tensor) -> Tensor:
        options = {"return_indices": self.return_indices, "exact": self.exact}
        return max_pool2d(input, *self.arguments(), **options)

    def arguments(self) -> tuple:
        return self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode

    def extra_repr(self) -> str:
        return f"{super().extra_repr()}, exact={self.exact}"


class MinPool2d(MaxPool2d):
    """`min_pool2d` as a module."""

    def forward(self, input: Tensor) -> Tensor:
        return min_pool2d(input, *self.arguments(), exact=self.exact)


class SoftmaxPool2d(nn.Module):
    """`softmax_pool2d` as a module; as an `nn.Parameter`, beta is learned with the model."""

    def __init__(self, kernel_size, stride=None, padding=0, *, beta=1.0):
        super().__init__()
        self.kernel_size, self.padding, self.beta = kernel_size, padding, beta
        self.stride = kernel_size if stride is None else stride

    def forward(self, input: Tensor) -> Tensor:
        return softmax_pool2d(input, self.kernel_size, self.stride, self.padding, beta=self.beta)

    def extra_repr(self) -> str:
        beta = self.beta.tolist() if isinstance(self.beta, Tensor) else self.beta
        size, stride, padding = self.kernel_size, self.stride, self.padding
        return f"kernel_size={size}, stride={stride}, padding={padding}, beta={beta}"
