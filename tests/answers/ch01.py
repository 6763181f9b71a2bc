"""Average pooling by a convolution."""

import torch
import torch.nn.functional as F

from answers import Task, ready_made, right, wrong


def ones(x, kh=3, kw=2):
    return torch.ones(x.shape[1], 1, kh, kw, dtype=x.dtype)


def conv(x, kernel, stride=(2, 1), padding=(1, 1), **groups):
    return F.conv2d(x, kernel, None, stride, padding, **{"groups": x.shape[1], **groups})


class Average(Task):
    cell, function = "average", "average_pool"

    @wrong("These are sums", 0, 0, 0)
    def sums(x):
        return conv(x, ones(x))

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
