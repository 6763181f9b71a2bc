"""Softmax pooling."""

import torch
import torch.nn.functional as F

from answers import Task, ready_made, right, wrong


def cut(x):
    return x.unfold(2, 2, 2).unfold(3, 3, 1).flatten(4)


def mean(cells, weights):
    return (weights * cells).sum(-1) / weights.sum(-1)


class Softmax(Task):
    cell, function = "softmax", "softmax_pool"

    @wrong("", 3, 3, 0)
    def as_printed(x):
        return mean(cut(x), (0.5 * cut(x)).exp())

    @wrong("", 3, 3, 0)
    def the_images_maximum(x):
        return mean(cut(x), (0.5 * (cut(x) - x.max())).exp())

    @wrong("Is the sharpness left out of the weights?", 0, 0, 0)
    def no_sharpness(x):
        return mean(cut(x), cut(x).softmax(-1))

    @wrong("Is the cell divided by the sharpness?", 0, 0, 0)
    def divided_by_the_sharpness(x):
        return mean(cut(x), (cut(x) / 0.5).softmax(-1))

    @wrong("The sharpness belongs into the weights only", 0, 0, 0)
    def sharpness_twice(x):
        return mean(0.5 * cut(x), (0.5 * cut(x)).softmax(-1))

    @wrong("Is this the log-sum-exp?", 0, 0, 0)
    def log_sum_exp(x):
        return (0.5 * cut(x)).logsumexp(-1) / 0.5

    @wrong("Is this the log-sum-exp?", 0, 0, 0)
    def log_sum_exp_not_divided(x):
        return (0.5 * cut(x)).logsumexp(-1)

    @wrong("Do the weights of a whole window add up to 1?", 0, 0, 0)
    def weights_that_do_not_add_up_to_1(x):
        return ((0.5 * cut(x)).exp() * cut(x)).sum(-1)

    @wrong("Do the weights of a whole window add up to 1?", 0, 0, 0)
    def rows_only(x):
        cells = cut(x).unflatten(-1, (2, 3))
        return ((0.5 * cells).softmax(-1) * cells).sum((-2, -1))

    @wrong("Is the product summed", 0, 0, 0)
    def weights(x):
        return (0.5 * cut(x)).softmax(-1)

    @wrong("A window gives something else", 3, 0, 0)
    def softmax_over_the_image(x):
        weighed = (0.5 * x).flatten(2).softmax(-1).reshape(x.shape) * x
        return cut(weighed).sum(-1)

    @wrong("depend on other windows, channels or images", 3, 0, 0)
    def weights_of_all_channels(x):
        n, c, h, w = x.shape
        cells = F.unfold(x, (2, 3), stride=(2, 1))
        cells = ((0.5 * cells).softmax(1) * cells).view(n, c, 6, -1).sum(2)
        return cells.view(n, c, (h - 2) // 2 + 1, w - 2)

    @wrong("depend on other windows, channels or images", 3, 0, 0)
    def weights_of_the_channels_mean(x):
        return mean(cut(x), (0.5 * cut(x).mean(1, keepdim=True)).softmax(-1))

    @wrong("depend on other windows, channels or images", 3, 0, 0)
    def weights_of_all_images(x):
        weights = (0.5 * cut(x)).exp()
        return (weights * cut(x)).sum(-1) / weights.sum((0, -1))

    @wrong("its cells are the wrong ones", 3, 0, 0)
    def images_exchanged(x):
        return mean(cut(x), (0.5 * cut(x)).softmax(-1)).flip(0)

    @wrong("The shape is (2, 1, 4, 6), not (2, 3, 4, 6): images and channels stay", 3, 0, 0)
    def channels_summed(x):
        return mean(cut(x), (0.5 * cut(x)).softmax(-1)).sum(1, keepdim=True)

    @wrong("This is the maximum", 0, 0, 0)
    def the_maximum(x):
        return cut(x).amax(-1)

    @wrong("This is the average", 0, 0, 0)
    def the_average(x):
        return cut(x).mean(-1)

    @ready_made("Your answer calls pooling")
    def the_books_own(x):
        import pooling

        return pooling.softmax_pool2d(x, (2, 3), (2, 1), beta=0.5)

    @right
    def by_functions(x):
        return torch.mul(F.softmax(cut(x) * 0.5, dim=-1), cut(x)).sum(4)

    @right
    def by_torchs_unfold(x):
        n, c, h, w = x.shape
        cells = F.unfold(x, (2, 3), stride=(2, 1)).view(n, c, 6, -1)
        weights = torch.exp(0.5 * (cells - cells.amax(2, keepdim=True)))
        pooled = (weights * cells).sum(2) / weights.sum(2)
        return pooled.view(n, c, (h - 2) // 2 + 1, w - 2)
