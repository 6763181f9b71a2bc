"""The average of a corner."""

import torch

from answers import Task, right, wrong


class Corner(Task):
    cell, function = "corner", "corner"

    @wrong("These are sums", 0, 0)
    def sums(x):
        return x[..., :2, :5].sum((2, 3))

    @wrong("This is the average of the whole image", 0, 0)
    def the_whole_image(x):
        return x.mean((2, 3))

    @wrong("", 6, 0)
    def three_channels_only(x):
        return torch.stack([x[:, c, :2, :5].mean((1, 2)) for c in range(3)], 1)

    @right
    def by_sums(x):
        return x[..., :2, :5].sum((2, 3)) / 10
