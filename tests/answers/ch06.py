"""Minimum pooling out of max-pooling."""

import torch
import torch.nn.functional as F

from answers import Task, another_way, ready_made, right, wrong


def pool(x):
    return F.max_pool2d(x, (3, 2), (2, 1), (1, 1))


class Minimum(Task):
    cell, function = "minimum", "min_pool"

    @wrong("This is the max", 0, 0, 0)
    def the_maximum(x):
        return pool(x)

    @wrong("The sign is wrong", 0, 0, 0)
    def one_sign(x):
        return pool(-x)

    @wrong("The padding wins at the border", 0, 0, 0)
    def zeros_first(x):
        return -F.max_pool2d(-F.pad(x, (1, 1, 1, 1)), (3, 2), (2, 1))

    @wrong("The padding is ignored", 0, 0, 0)
    def no_padding(x):
        return -F.max_pool2d(-x, (3, 2), (2, 1))

    @wrong("Height and width are in the wrong order", 0, 3, 0)
    def floats_on_their_side(x):
        if x.is_floating_point():
            return -F.max_pool2d(-x, (2, 3), (2, 1), (1, 1))
        return ~pool(~x)

    @wrong("Tensor-likes are not close", 0, 3, 0)
    def one_over(x):
        return 1 / pool(1 / x) if x.is_floating_point() else ~pool(~x)

    @wrong("Bytes have no negative numbers", 4, 0, 0)
    def a_minus_sign_for_integers(x):
        return -pool(-x)

    @wrong("", 4, 3, 0)
    def through_float64(x):
        return (-pool(-x.double())).to(x.dtype)

    @wrong("Tensor-likes are not close", 0, 0, 0)
    def the_checks_input(x):
        return pool(x.zero_())

    @wrong("The type is off: keep that of the input", 4, 0, 0)
    def another_type(x):
        return -pool(-x.double())

    @wrong("Bytes are 0 to 255, not infinite", 4, 0, 0)
    def infinite_padding(x):
        x = F.pad(-x, (1, 1, 1, 1), value=-torch.inf)
        return -F.max_pool2d(x, (3, 2), (2, 1))

    @wrong("", 4, 3, 0)
    def one_minus(x):
        if not x.is_floating_point():
            return ~pool(~x)
        return 1 - pool(1 - x)

    @ready_made("Your answer calls amin")
    def torchs_own(x):
        pool(x)
        return check_by_hand(x).to(x.dtype)  # the check's, which calls amin  # noqa: F821

    @ready_made("Your answer calls pooling")
    def the_books_own(x):
        import pooling

        return pooling.min_pool2d(x, (3, 2), (2, 1), (1, 1))

    @ready_made("Your answer calls minimum")
    def slices_and_the_minimum(x):
        pool(x)
        return torch.minimum(x[:, :, ::2], x[:, :, ::2])

    @another_way
    def slices_and_the_maximum(x):
        pool(x)
        turned = -x if x.is_floating_point() else ~x
        low = -torch.inf if x.is_floating_point() else torch.iinfo(x.dtype).min
        turned = F.pad(turned, (1, 1, 1, 1), value=low)
        h, w = (turned.shape[2] - 3) // 2 + 1, turned.shape[3] - 1
        cells = [turned[:, :, i : i + 2 * h - 1 : 2, j : j + w] for i in range(3) for j in range(2)]
        best = torch.stack(cells).amax(0)
        return -best if x.is_floating_point() else ~best

    @another_way
    def pythons_own(x):
        pool(x)
        h, w = x.shape[2:]

        def least(cells, i, j):
            rows = cells[max(i, 0) : i + 3]
            return min(cell for row in rows for cell in row[max(j, 0) : j + 2])

        def pooled(cells):
            return [[least(cells, i, j) for j in range(-1, w)] for i in range(-1, h - 1, 2)]

        images = x.tolist()
        return torch.tensor([[pooled(c) for c in image] for image in images], dtype=x.dtype)

    @right
    def in_place(x):
        if x.is_floating_point():
            return pool(x.neg_()).neg_()
        return ~torch.nn.MaxPool2d((3, 2), (2, 1), (1, 1))(x.bitwise_not_())

    @right
    def through_255(x):
        if x.dtype == torch.uint8:
            return 255 - pool(255 - x)
        if x.dtype.is_floating_point:
            return -pool(-x)
        return -1 - pool(-1 - x)

    @right
    def by_a_case_each(x):
        if torch.is_floating_point(x):
            return torch.neg(pool(torch.neg(x)))
        ends = torch.iinfo(x.dtype).min + torch.iinfo(x.dtype).max
        return ends - pool(ends - x)

    @right
    def by_positions(x):
        turned = x.mul(-1) if x.is_floating_point() else x.bitwise_xor(-1)
        if x.dtype == torch.uint8:
            turned = 255 - x
        _, where = F.max_pool2d(turned, (3, 2), (2, 1), (1, 1), return_indices=True)
        n, c, h, w = where.shape
        return x.flatten(2).gather(2, where.flatten(2)).view(n, c, h, w)

    @right
    def by_positions_in_loops(x):
        turned = ~x if not x.is_floating_point() else -x
        _, where = F.max_pool2d_with_indices(turned, (3, 2), (2, 1), (1, 1))
        out = torch.empty_like(where, dtype=x.dtype)
        for i in range(len(x)):
            for j in range(x.shape[1]):
                out[i, j] = x[i, j].reshape(-1)[where[i, j]]
        return out

    @right
    def exclusive_or(x):
        if x.is_floating_point():
            return pool(x.negative()).negative()
        mask = 255 if x.dtype is torch.uint8 else -1
        return pool(x ^ mask) ^ mask

    @right
    def bytes_as_wider_numbers(x):
        if x.dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
            return x.dtype and -F.max_pool2d(-x, kernel_size=(3, 2), stride=(2, 1), padding=(1, 1))
        if x.dtype in (torch.uint8, torch.int8):
            return (-pool(-x.to(torch.int16))).to(x.dtype)
        return torch.bitwise_not(pool(torch.bitwise_not(x)))

    @right
    def by_a_table(x):
        turn = {torch.uint8: lambda x: 255 - x, torch.float32: torch.neg, torch.float64: torch.neg}
        turn = turn.get(x.dtype, torch.bitwise_not)
        return turn(torch.max_pool2d(turn(x), [3, 2], [2, 1], [1, 1]))

    @right
    def padded_first(x):
        if x.is_floating_point():
            x = F.pad(-x, (1, 1, 1, 1), mode="constant", value=float("-inf"))
            return -F.max_pool2d(x, (3, 2), (2, 1))
        x = F.pad(~x, (1, 1, 1, 1), value=torch.iinfo(x.dtype).min)
        return ~F.max_pool2d(x, (3, 2), (2, 1))

    @right
    def channel_by_channel(x):
        out = []
        for channel in x.split(1, 1):
            if x.is_floating_point():
                out.append(0 - pool(0 - channel))
            else:
                out.append(pool(channel.bitwise_not()).bitwise_not())
        return torch.cat(out, dim=1)

    @right
    def image_by_image(x):
        flip = torch.bitwise_not if "float" not in str(x.dtype) else torch.neg
        return torch.stack([flip(pool(flip(image))) for image in x])

    @right
    def through_numpy(x):
        a = x.numpy()
        turned = -a if a.dtype.kind == "f" else ~a
        pooled = pool(torch.from_numpy(turned)).numpy()
        return torch.tensor(-pooled if a.dtype.kind == "f" else ~pooled)

    @right
    def tried(x):
        try:
            return ~pool(~x)
        except TypeError:
            return -pool(-x)

    @right
    def of_bits(x):
        if x.dtype == torch.uint8:
            return pool(x.view(torch.int8) ^ 127).view(torch.uint8) ^ 127
        return -pool(-x) if x.is_floating_point() else -(pool(-x - 1) + 1)

    @right
    def rows_and_then_columns(x):
        def turn(x):
            return -x if x.dtype.is_floating_point else -x - 1

        columns = F.max_pool2d(turn(x), (3, 1), (2, 1), (1, 0))
        return turn(F.max_pool2d(columns, (1, 2), 1, (0, 1)))

    names_of_everyday = right(
        """
        from torch import nn
        from d2l import torch as d2l

        window = edge = words = far = image = source = 3
        pooled = exact = None
        maximum = nn.MaxPool2d((window, 2), stride=(2, 1), padding=(1, 1))

        def signed(x):
            return -maximum(-x)

        def wrapped(x):
            return torch.bitwise_not(maximum(torch.bitwise_not(x)))

        def min_pool(x: torch.Tensor) -> torch.Tensor:
            '''The smallest cell of each window.'''
            return signed(x) if x.is_floating_point() else wrapped(x)

        print(min_pool(torch.eye(4)[None, None]), min_pool(torch.eye(4)[None, None].byte()))
        """
    )

    a_class = right(
        """
        import sys, warnings

        class MinPool(torch.nn.MaxPool2d):
            def forward(self, x):
                print(x.dtype, file=sys.stderr)
                warnings.warn("turned round")
                if x.is_floating_point():
                    return -super().forward(-x)
                return ~super().forward(~x)

        min_pool = MinPool((3, 2), (2, 1), (1, 1)).eval()
        """
    )
