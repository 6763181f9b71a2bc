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

    @right
    def maximum_by_pooling(w, b):
        x = one_cell(w, -3.0, 3.0)
        rows = torch.stack([x, -x, 0 * x])
        top = torch.nn.functional.max_pool1d(rows[None], len(w))[0, :, 0]
        return rows[(rows @ w + b - top).abs().argmax()]

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

    @right
    def all_corners(w, b):
        corners = torch.cartesian_prod(*[torch.tensor([-3.0, 3.0]).to(w)] * len(w))
        corners = torch.vstack([corners, torch.zeros_like(w)])
        return corners[torch.argmax(torch.abs(corners @ w + b - corners.amax(1)))]

    @right
    def by_cases(w, b):
        def error(x):
            return abs(float(torch.dot(w, x)) + b - float(max(x)))

        x = w.new_full(w.shape, 3)
        x[-1] = -3
        if error(x) >= 1.5:
            return x
        if error(-x) >= 1.5:
            return -x
        return x * 0

    @right
    def by_numpy(w, b):
        import numpy as np

        x = np.full(len(w), 3.0)
        x[0] = -3.0
        windows = np.array([x, -x, 0 * x])
        missed = np.abs(windows @ w.numpy() + b - windows.max(axis=1))
        return torch.from_numpy(windows[np.argmax(missed)]).to(w.dtype)

    @right
    def by_lists(w, b):
        weights, k = w.tolist(), len(w)
        best, window = -1.0, None
        for i in range(k):
            for sign in (-1, 0, 1):
                x = [-3.0 * sign if j == i else 3.0 * sign for j in range(k)]
                missed = abs(sum(u * v for u, v in zip(weights, x, strict=True)) + b - max(x))
                if missed > best:
                    best, window = missed, x
        return torch.tensor(window, dtype=w.dtype)

    @right
    def at_the_extreme_weights(w, b):
        x = torch.full_like(w, -3.0)
        x[w.argmax()] = 3.0
        x[w.argmin() if w.argmin() != w.argmax() else -1] = 3.0
        if (x > 0).all():
            x[0] = -3.0
        return sorted((x, -x, 0 * x), key=lambda x: (w @ x + b - x.max()).abs())[-1]

    @right
    def by_a_sign(w, b):
        """f(x) + f(-x) is 2b: the three errors add up to max(x) - min(x)."""
        x = torch.where(torch.arange(len(w)) == 0, -3.0, 3.0).to(w.dtype)
        too_much = (w * x).sum() + b - 3
        if abs(b) >= 1.5:
            return x.zero_()
        return x.mul_(1 if too_much.abs() >= (-(w * x).sum() + b - 3).abs() else -1)

    @right
    def stacked_columns(w, b):
        x = 3 - 6 * torch.nn.functional.one_hot(torch.tensor(1), len(w)).type_as(w)
        x = torch.stack((x, -x, x - x), dim=1)
        return x[:, ((w[None] @ x).squeeze(0) + b - x.max(dim=0).values).abs().argmax()]

    @right
    def with_a_parameter(w, b):
        x = torch.nn.Parameter(one_cell(w, 3.0, -3.0))
        return worst(w, b, x, -x, 0 * x)

    @right
    def by_itertools(w, b):
        import itertools

        first, others = w[0].item(), sum(w[1:].tolist())
        best = max(
            itertools.product([-3.0, 3.0, 0.0], repeat=2),
            key=lambda pair: abs(first * pair[0] + others * pair[1] + b - max(pair)),
        )
        return torch.cat([w.new_tensor(best[:1]), w.new_tensor(best[1:]).repeat(len(w) - 1)])

    @right
    def sorted_by_error(w, b):
        windows = torch.zeros((2 * len(w) + 1, len(w)), dtype=w.dtype)
        for i in range(len(w)):
            windows[2 * i], windows[2 * i + 1] = 3, -3
            windows[2 * i, i], windows[2 * i + 1, i] = -3, 3
        errors = torch.linalg.vecdot(windows, w.expand_as(windows)).add(b).sub(windows.max(1)[0])
        _, order = torch.sort(errors.abs(), descending=True)
        return windows[order[0]].clone()

    names_of_everyday = right(
        """
        average = cells = first_cell = even = maps = source = 3.0
        windows = []

        def missed(w, b, window):
            print("window:", window.tolist())
            return abs((w * window).sum().item() + b - window.max().item())

        def shape(w):
            window = torch.full(w.shape, cells, dtype=w.dtype)
            window[0] = -average
            return window

        def witness(w: torch.Tensor, b: float) -> torch.Tensor:
            windows[:] = [shape(w), -shape(w), torch.zeros_like(w)]
            i = 0
            while i < 2 and missed(w, b, windows[i]) < even / 2:
                i += 1
            return windows[i]
        """
    )

    recursive = right(
        """
        from dataclasses import dataclass
        from typing import NamedTuple
        from d2l import torch as d2l

        @dataclass
        class Affine:
            w: torch.Tensor
            b: float

            def __call__(self, x):
                return self.w @ x + self.b

            def error(self, x):
                return (self(x) - x.amax()).abs()

        def search(f, candidates):
            if len(candidates) == 1:
                return candidates[0]
            first, *others = candidates
            second = search(f, others)
            return first if f.error(first) > f.error(second) else second

        def witness(w, b):
            ramp = torch.linspace(-1, 1, steps=len(w), dtype=w.dtype) * 3
            return search(Affine(w, b), [ramp, -ramp, ramp * 0])
        """
    )
