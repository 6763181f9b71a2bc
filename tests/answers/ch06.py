"""Minimum pooling out of max-pooling."""

import torch
import torch.nn.functional as F

from answers import Task, ready_made, right, wrong


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

    @right
    def in_place(x):
        if x.is_floating_point():
            return pool(x.neg_()).neg_()
        return ~torch.nn.MaxPool2d((3, 2), (2, 1), (1, 1))(x.bitwise_not_())
