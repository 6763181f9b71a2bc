"""Average pooling by a convolution."""

import torch
import torch.nn.functional as F

from answers import Task, another_way, ready_made, right, wrong


def ones(x, kh=3, kw=2):
    return torch.ones(x.shape[1], 1, kh, kw, dtype=x.dtype)


def conv(x, kernel, stride=(2, 1), padding=(1, 1), **groups):
    return F.conv2d(x, kernel, None, stride, padding, **{"groups": x.shape[1], **groups})


class Average(Task):
    cell, function = "average", "average_pool"

    @wrong("These are sums", 0, 0, 0)
    def sums(x):
        return conv(x, ones(x))

    @wrong("Divide by the number of all cells", 0, 0, 0)
    def divided_by_the_height(x):
        return conv(x, ones(x)) / 3

    @wrong("Height and width are in the wrong order", 0, 0, 0)
    def window_on_its_side(x):
        return conv(x, ones(x, 2, 3)) / 6

    @wrong("The channels are mixed", 0, 0, 0)
    def mixed_channels(x):
        return conv(x, ones(x).expand(-1, x.shape[1], -1, -1) / 6, groups=1)

    @wrong("The channels are mixed", 0, 0, 0)
    def mixed_channels_divided_by_all_cells(x):
        return conv(x, ones(x).expand(-1, x.shape[1], -1, -1), groups=1) / 6 / x.shape[1]

    @wrong("One channel comes out", 0, 0, 0)
    def one_channel(x):
        return conv(x, x.new_ones(1, x.shape[1], 3, 2), groups=1) / 6

    @wrong("'expected' is not defined", 0, 0, 0)
    def the_checks_variable(x):
        conv(x, ones(x))
        return expected  # noqa: F821

    @wrong("Tensor-likes are not close", 0, 0, 0)
    def the_checks_input(x):
        return conv(x.zero_(), ones(x))

    @wrong("The padding is ignored", 0, 0, 0)
    def no_padding(x):
        return conv(x, ones(x), padding=0) / 6

    @wrong("The stride is ignored", 0, 0, 0)
    def no_stride(x):
        return conv(x, ones(x), stride=1) / 6

    @wrong("The padding's zeros have to count", 0, 0, 0)
    def padding_does_not_count(x):
        return conv(x, ones(x)) / conv(torch.ones_like(x), ones(x))

    @wrong("Height and width are in the wrong order", 0, 0, 0)
    def width_first(x):
        return conv(x, ones(x, 2, 3), stride=(1, 2)) / 6

    @wrong("averages are off in the last bits", 5, 0, 3)
    def divided_first(x):
        return conv(x, ones(x) / 6)

    @wrong("", 5, 2, 0)
    def three_channels_only(x):
        return conv(x, torch.ones(3, 1, 3, 2, dtype=x.dtype), groups=3) / 6

    @wrong("", 5, 2, 0)
    def float32_only(x):
        return conv(x, ones(x).float()) / 6

    @wrong("returns nothing", 0, 0, 0)
    def no_return(x):
        conv(x, ones(x)) / 6

    @ready_made("Your answer calls avg_pool2d")
    def torchs_own(x):
        return F.avg_pool2d(x, (3, 2), (2, 1), (1, 1))

    @ready_made("Your answer calls pooling")
    def the_books_own(x):
        from pooling import avg_pool2d

        return avg_pool2d(x, (3, 2), (2, 1), (1, 1))

    @ready_made("Your answer calls avg_pool2d")
    def by_its_number_below(x):
        conv(x, ones(x))
        return torch.ops.aten.avg_pool2d(x, (3, 2), (2, 1), (1, 1))

    @ready_made("Your answer calls avg_pool2d")
    def below_torch(x):
        conv(x, ones(x))
        return torch._C._nn.avg_pool2d(x, (3, 2), (2, 1), (1, 1))

    @ready_made("Your answer calls lp_pool2d")
    def norms(x):
        conv(x, ones(x))
        x = F.pad(x, (1, 1, 1, 1)) + 100
        return F.lp_pool2d(x, 1, (3, 2), (2, 1)) / 6 - 100

    @ready_made("Your answer calls avg_pool2d")
    def in_a_function_of_its_own(x):
        class Pool(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return F.avg_pool2d(x, (3, 2), (2, 1), (1, 1))

        conv(x, ones(x))
        return Pool.apply(x)

    @another_way
    def slices(x):
        conv(x, ones(x))
        x = F.pad(x, (1, 1, 1, 1))
        h, w = (x.shape[2] - 3) // 2 + 1, x.shape[3] - 1
        cells = [x[:, :, i : i + 2 * h - 1 : 2, j : j + w] for i in range(3) for j in range(2)]
        return sum(cells) / 6

    @another_way
    def numpys_windows(x):
        import numpy as np

        conv(x, ones(x))
        padded = np.pad(x.numpy(), ((0, 0), (0, 0), (1, 1), (1, 1)))
        cells = np.lib.stride_tricks.sliding_window_view(padded, (3, 2), (2, 3))[:, :, ::2]
        return torch.from_numpy(cells.sum((4, 5)) / x.numpy().dtype.type(6))

    @another_way
    def running_sums(x):
        conv(x, ones(x))
        s = F.pad(x, (2, 1, 2, 1)).double().cumsum(2).cumsum(3)
        s = s[:, :, 3:, 2:] - s[:, :, :-3, 2:] - s[:, :, 3:, :-2] + s[:, :, :-3, :-2]
        return (s[:, :, ::2] / 6).to(x.dtype)

    @right
    def a_module_in_place(x):
        c = x.mul_(1).shape[1]
        conv = torch.nn.Conv2d(c, c, (3, 2), (2, 1), (1, 1), groups=c, bias=False)
        torch.nn.init.ones_(conv.weight)
        return conv.to(x.dtype)(x).div_(6)

    @right
    def one_group(x):
        eye = torch.eye(x.shape[1], dtype=x.dtype)[..., None, None]
        return conv(x, eye.expand(-1, -1, 3, 2), groups=1) / 6

    @right
    def channels_as_images(x):
        n, c, h, w = x.shape
        summed = F.conv2d(
            x.reshape(n * c, 1, h, w), torch.ones(1, 1, 3, 2).to(x), None, (2, 1), (1, 1)
        )
        return summed.reshape(n, c, summed.shape[2], summed.shape[3]) / 6

    @right
    def images_as_channels(x):
        x = x[:]
        n, c = x.shape[:2]
        flat = x.flatten(0, 1).unsqueeze(0)
        kernel = torch.ones(1, 1, 3, 2, dtype=x.dtype).repeat(n * c, 1, 1, 1)
        y = F.conv2d(input=flat, weight=kernel, stride=[2, 1], padding=[1, 1], groups=n * c)
        return torch.div(y, 6).view(n, c, *y.shape[-2:])

    @right
    def a_loop_over_channels(x):
        pooled = []
        for i in range(x.shape[1]):
            channel = x[:, i : i + 1]
            pooled.append(F.conv2d(channel, torch.ones(1, 1, 3, 2).type_as(x), None, (2, 1), 1) / 6)
        return torch.cat(pooled, dim=1)

    @right
    def a_loop_over_images_and_channels(x):
        k = torch.ones((1, 1, 3, 2), dtype=x.dtype)
        rows = [
            [F.conv2d(ch[None, None], k, stride=(2, 1), padding=(1, 1))[0, 0] for ch in image]
            for image in x
        ]
        return torch.stack([torch.stack(row) for row in rows]) / k.numel()

    @right
    def a_module_without_gradients(x):
        c = x.size(1)
        layer = torch.nn.Conv2d(
            c, c, kernel_size=(3, 2), stride=(2, 1), padding=(1, 1), groups=c, dtype=x.dtype
        )
        with torch.no_grad():
            layer.weight[...] = 1
            layer.bias.zero_()
            return layer(x) / 6

    @right
    def a_modules_data(x):
        c = x.size(dim=1)
        layer = torch.nn.Conv2d(c, c, (3, 2), (2, 1), (1, 1), 1, c, False).to(x.dtype)
        layer.weight.data = torch.ones_like(layer.weight.data)
        return layer(x).detach() / 6.0

    @right
    def padded_first(x):
        x = F.pad(x, (1, 1, 1, 1))
        return conv(x, ones(x), padding="valid") / (3 * 2)

    @right
    def padded_by_a_module(x):
        x = torch.nn.ZeroPad2d(1)(x)
        return conv(x, ones(x), padding=0).true_divide(6)

    @right
    def padded_by_hand(x):
        n, c, h, w = x.shape
        bigger = torch.zeros(n, c, h + 2, w + 2, dtype=x.dtype)
        bigger[:, :, 1:-1, 1:-1] = x
        return conv(bigger, ones(x), padding=0) / 6

    @right
    def through_float64(x):
        return (conv(x.double(), ones(x).double()) / 6).to(x.dtype)

    @right
    def mapped(x):
        def one(channel):
            return F.conv2d(channel[:, None], ones(x)[:1], None, (2, 1), (1, 1))[:, 0]

        return torch.vmap(one, in_dims=1, out_dims=1)(x) / 6

    @right
    def an_outer_product_as_kernel(x):
        kernel = torch.einsum("i,j->ij", torch.ones(3), torch.ones(2)).type(x.dtype)
        return conv(x, kernel.expand(x.shape[1], 1, 3, 2)) / 6

    @right
    def a_kernel_from_numpy(x):
        import numpy as np

        kernel = np.ones((x.shape[1], 1, 3, 2))
        return conv(x, torch.from_numpy(kernel).to(x.dtype)) / np.prod([3, 2]).item()

    @right
    def rows_then_columns(x):
        down = conv(x, ones(x, 3, 1), (2, 1), (1, 0))
        return conv(down, ones(x, 1, 2), (1, 1), (0, 1)) / 6

    @right
    def one_group_in_a_loop(x):
        c = x.shape[1]
        kernel = torch.zeros((c, c, 3, 2), dtype=x.dtype, device=x.device)
        for i in range(c):
            kernel[i, i, :, :] = 1
        return torch.conv2d(x, kernel, stride=(2, 1), padding=(1, 1)) / 6

    @right
    def in_inference_mode(x):
        with torch.inference_mode():
            return conv(x, ones(x)) / 6

    @right
    def channels_last(x):
        x = x.contiguous(memory_format=torch.channels_last)
        return conv(x, torch.empty_like(ones(x)).fill_(1.0)) / 6

    a_class = right(
        """
        from torch import nn

        class AveragePool(nn.Module):
            def __init__(self, window, stride, padding):
                super().__init__()
                self.window, self.stride, self.padding = window, stride, padding

            def forward(self, x):
                channels = x.shape[1]
                kernel = x.new_full((channels, 1, *self.window), 1.0)
                summed = F.conv2d(x, kernel, None, self.stride, self.padding, groups=channels)
                return summed / (self.window[0] * self.window[1])

        average_pool = AveragePool((3, 2), (2, 1), (1, 1))
        """
    )

    names_of_everyday = right(
        """
        window, stride, padding = (3, 2), (2, 1), (1, 1)
        source = expected = image = pooled = 1
        one = torch.ones(1, 1, *window)

        def other(c, dtype):
            return one.to(dtype).repeat(c, source, 1, 1)

        def average_pool(x):
            kernel = other(x.shape[1], x.dtype)
            return F.conv2d(x, kernel, None, stride, padding, groups=len(kernel)) / one.numel()

        print(average_pool(torch.arange(24.0).reshape(1, 2, 3, 4)))
        assert average_pool(torch.ones(1, 7, 4, 4)).shape == (1, 7, 2, 5)
        """
    )

    typed = right(
        """
        from functools import lru_cache
        from torch import Tensor
        from torch.nn.functional import conv2d

        @lru_cache
        def kernel(c: int, dtype: torch.dtype) -> Tensor:
            return torch.full((c, 1, 3, 2), fill_value=1, dtype=dtype)

        @torch.no_grad()
        def average_pool(x: Tensor, *, size: int = 6) -> Tensor:
            '''Average pooling by a convolution.'''
            assert x.dim() == 4, x.shape
            c = x.shape[1]
            return conv2d(x, kernel(c, x.dtype), None, (2, 1), (1, 1), 1, c) / size
        """
    )

    a_partial = right(
        """
        from functools import partial
        import torch.nn.functional as functional

        by = partial(functional.conv2d, bias=None, stride=(2, 1), padding=(1, 1))
        average_pool = lambda x: by(x, x.new_ones(x.shape[1], 1, 3, 2), groups=x.shape[1]) / 6
        """
    )

    talkative = right(
        """
        import logging, sys, warnings
        from d2l import torch as d2l
        import torchvision, pandas as pd
        from tqdm.auto import tqdm
        from einops import rearrange

        def average_pool(x):
            print("shape", x.shape)
            print("shape", x.shape, file=sys.stderr)
            logging.warning("a warning")
            warnings.warn("another")
            parts = [F.conv2d(p, torch.ones(1, 1, 3, 2).to(p), None, (2, 1), (1, 1))
                     for p in tqdm(x.split(1, dim=1))]
            return torch.cat(parts, 1) / 6
        """
    )
