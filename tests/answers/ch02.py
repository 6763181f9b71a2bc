"""A window on which an affine map misses the maximum."""

import torch

from answers import Task, right, wrong


def one_cell(w, value, others):
    x = torch.full_like(w, others)
    x[0] = value
    return x


def worst(w, b, *windows):
    return max(windows, key=lambda x: abs(w @ x + b - x.max()))


class Witness(Task):
    cell, function = "witness", "witness"

    @wrong("misses the maximum by 0 only", 0, 0)
    def always_the_same_window(w, b):
        return torch.tensor([3.0, -3, -3, -3], dtype=w.dtype)

    @wrong("Which of your windows is meant for this map?", 0, 0)
    def another_window_for_all_maps(w, b):
        return torch.tensor([0, 3, -3, -3]).to(w)

    @wrong("Which of your windows is meant for this map?", 0, 0)
    def the_smallest_weight(w, b):
        x = torch.full_like(w, -3.0)
        x[w.argmin()] = 3
        return x

    @wrong("by 0.75 only", 0, 0)
    def a_cell_and_its_negative(w, b):
        e = 3 * torch.eye(len(w)).to(w)[0]
        return worst(w, b, 0 * e, e, -e)

    @wrong("by 0.75 only", 0, 0)
    def two_cells_and_their_sum(w, b):
        e, f = 3 * torch.eye(len(w)).to(w)[:2]
        return worst(w, b, 0 * e, e, f, e + f)

    @wrong("has type torch.float32, not torch.float64", 0, 0)
    def another_type(w, b):
        return torch.tensor([3.0, -3, -3, -3])

    @wrong("this is of type list", 0, 0)
    def a_list(w, b):
        return [3.0, -3, -3, -3]

    @wrong("Your window has shape (1, 4), not (4,)", 0, 0)
    def another_shape(w, b):
        return 0 * w[None]

    @wrong("A cell is out of range", 0, 0)
    def out_of_range(w, b):
        return one_cell(w, -300.0, 300.0)

    @wrong("misses the maximum by 0 only", 0, 0)
    def only_zero(w, b):
        return torch.zeros_like(w)

    @wrong("For w = [0.0, 0.0, 0.0, 0.0] and b = 3.0 the map misses", 0, 0)
    def zero_forgotten(w, b):
        x = one_cell(w, -3.0, 3.0)
        return worst(w, b, x, -x)

    @wrong("", 3, 0)
    def four_cells_only(w, b):
        x = torch.tensor([-3.0, 3, 3, 3], dtype=w.dtype)
        return worst(w, b, x, -x, 0 * x)

    @right
    def two_cells_and_their_negatives(w, b):
        x, y = one_cell(w, 3.0, -3.0), one_cell(w, 3.0, 3.0)
        return worst(w, b, x, -x, y, -y)
