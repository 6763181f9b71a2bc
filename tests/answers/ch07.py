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

    @wrong("Is the mean taken of what has to be summed?", 0, 0, 0)
    def mean_of_the_products(x):
        return (cut(x) * (0.5 * cut(x)).softmax(-1)).mean(-1)

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

    @wrong("", 3, 3, 0)
    def weights_by_log_sum_exp(x):
        cells = cut(x)
        return ((0.5 * cells - (0.5 * cells).logsumexp(-1, keepdim=True)).exp() * cells).sum(-1)

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

    @right
    def window_by_window(x):
        n, c, h, w = x.shape
        out = torch.zeros(n, c, (h - 2) // 2 + 1, w - 2, dtype=x.dtype)
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                cells = x[:, :, 2 * i : 2 * i + 2, j : j + 3].reshape(n, c, 6)
                out[:, :, i, j] = (torch.softmax(0.5 * cells, 2) * cells).sum(2)
        return out

    @right
    def lists_of_windows(x):
        rows = []
        for i in range(0, x.shape[2] - 1, 2):
            row = []
            for j in range(x.shape[3] - 2):
                cells = torch.flatten(x[..., i : i + 2, j : j + 3], start_dim=2)
                weights = torch.nn.Softmax(dim=-1)(cells / 2)
                row.append((weights * cells).sum(dim=-1))
            rows.append(torch.stack(row, dim=-1))
        return torch.stack(rows, dim=-2)

    @right
    def every_window_of_every_image(x):
        n, c, h, w = x.shape

        def one(window):
            e = torch.exp(0.5 * (window - torch.max(window)))
            return (e / e.sum() * window).sum()

        pooled = [
            one(x[a, b, i : i + 2, j : j + 3])
            for a in range(n)
            for b in range(c)
            for i in range(0, h - 1, 2)
            for j in range(w - 2)
        ]
        return torch.stack(pooled).reshape(n, c, -1, w - 2)

    @right
    def by_einsum(x):
        cells = cut(x)
        return torch.einsum("nchwk,nchwk->nchw", torch.softmax(cells * 0.5, -1), cells)

    @right
    def by_matrix_products(x):
        cells = cut(x)
        p = F.softmax(0.5 * cells, -1)
        return (p.unsqueeze(-2) @ cells.unsqueeze(-1)).squeeze(-1).squeeze(-1)

    @right
    def by_a_module(x):
        n, c, h, w = x.shape
        columns = torch.nn.Unfold(kernel_size=(2, 3), stride=(2, 1))(x)
        columns = columns.reshape(n, c, 6, columns.shape[-1])
        p = torch.nn.functional.softmax(columns * 0.5, dim=2)
        return torch.sum(p * columns, axis=2).reshape(n, c, h // 2, w - 2)

    @right
    def shifted_slices(x):
        h, w = (x.shape[2] - 2) // 2 + 1, x.shape[3] - 2
        cells = torch.stack(
            [x[:, :, i : i + 2 * h - 1 : 2, j : j + w] for i in range(2) for j in range(3)]
        )
        return (F.softmax(0.5 * cells, dim=0) * cells).sum(0)

    @right
    def a_running_maximum(x):
        h, w = (x.shape[2] - 2) // 2 + 1, x.shape[3] - 2
        slices = [x[:, :, i : i + 2 * h - 1 : 2, j : j + w] for i in range(2) for j in range(3)]
        largest = slices[0]
        for each in slices[1:]:
            largest = torch.maximum(largest, each)
        above = below = 0
        for each in slices:
            weight = ((each - largest) * 0.5).exp()
            above = above + weight * (each - largest)
            below = below + weight
        return largest + above / below

    @right
    def in_double(x):
        cells = cut(x.double())
        p = torch.softmax(0.5 * cells, dim=-1, dtype=torch.float64)
        return (p * cells).sum(-1).to(x.dtype)

    @right
    def the_largest_held_fixed(x):
        cells = cut(x)
        largest = cells.max(dim=-1, keepdim=True)[0].detach()
        return mean(cells, ((cells - largest) * 0.5).exp_())

    @right
    def log_softmax(x):
        cells = cut(x)
        return (F.log_softmax(0.5 * cells, -1).exp() * cells).sum(-1)

    @right
    def softmin(x):
        return torch.linalg.vecdot(F.softmin(cut(x) * -0.5, dim=-1), cut(x))

    @right
    def mapped(x):
        def one(channel):
            cells = channel.unfold(0, 2, 2).unfold(1, 3, 1).flatten(2)
            return (torch.softmax(0.5 * cells, 2) * cells).sum(2)

        return torch.vmap(torch.vmap(one))(x)

    @right
    def by_index(x):
        rows = torch.arange(0, x.shape[2] - 1, 2)[:, None] + torch.arange(2)
        columns = torch.arange(x.shape[3] - 2)[:, None] + torch.arange(3)
        cells = x[:, :, rows[:, None, :, None], columns[None, :, None, :]].flatten(-2)
        return torch.sum(torch.softmax(cells.mul(0.5), dim=-1).mul(cells), dim=-1)

    @right
    def cells_by_a_convolution(x):
        n, c, h, w = x.shape
        eye = torch.eye(6, dtype=x.dtype).reshape(6, 1, 2, 3)
        cells = F.conv2d(x.reshape(n * c, 1, h, w), eye, stride=(2, 1))
        pooled = (torch.softmax(0.5 * cells, 1) * cells).sum(1)
        return pooled.reshape(n, c, *pooled.shape[1:])

    @right
    def attention(x):
        cells = cut(x).unsqueeze(-1)
        query = torch.full_like(cells[..., :1, :], 0.5)
        return F.scaled_dot_product_attention(query, cells, cells, scale=1.0)[..., 0, 0]

    @right
    def one_cell_after_the_other(x):
        first, *others = cut(x).unbind(-1)
        pooled, size = first, 0.5 * first
        for cell in others:
            pooled = pooled + (cell - pooled) * torch.sigmoid(0.5 * cell - size)
            size = torch.logaddexp(size, 0.5 * cell)
        return pooled

    names_of_everyday = right(
        """
        from d2l import torch as d2l
        from einops import rearrange

        windows = constant = shape = drawn = image = pooled = tall = source = beta = 0.5

        def cells(x):
            n, c, h, w = x.shape
            windows = x.unfold(2, 2, 2).unfold(3, 3, 1).contiguous()
            return windows.view(n, c, -1, w - 2, 6)

        def softmax_pool(x: torch.Tensor, beta: float = beta) -> torch.Tensor:
            '''The mean with the softmax's weights.'''
            p = (beta * cells(x)).softmax(-1)
            print("weights", p.shape)
            return (p * cells(x)).sum(-1)

        print(softmax_pool(torch.arange(30.0).view(1, 1, 5, 6)))
        """
    )

    a_class = right(
        """
        import math, sys, logging
        from torch import nn

        class SoftmaxPool(nn.Module):
            def __init__(self, beta):
                super().__init__()
                self.beta = nn.Parameter(torch.tensor(beta), requires_grad=False)
                self.softmax = nn.Softmax(dim=2)

            def forward(self, x):
                n, c, h, w = x.shape
                oh, ow = math.floor((h - 2) / 2) + 1, math.floor((w - 3) / 1) + 1
                cells = nn.functional.unfold(x, kernel_size=(2, 3), stride=(2, 1))
                cells = cells.view(n, c, 6, oh, ow)
                logging.getLogger().warning("pooling %s", x.shape)
                print("pooled", file=sys.stderr)
                return (self.softmax(self.beta * cells) * cells).sum(2)

        pool = SoftmaxPool(0.5)
        softmax_pool = lambda x: pool(x)
        """
    )
