"""Output size and number of comparisons."""

import torch
import torch.nn.functional as F

from answers import Task, ready_made, right, wrong


def output(h, w):
    return (h + 2 - 3) // 2 + 1, (w + 2 - 2) // 1 + 1


def real_cells(h, w):
    rows = sum(min(i + 3, h) - max(i, 0) for i in range(-1, h - 1, 2))
    return rows * sum(min(i + 2, w) - max(i, 0) for i in range(-1, w))


class Cost(Task):
    cell, function = "cost", "cost"

    @wrong("The padding is per side: it counts twice", 0, 0, 0)
    def padding_once(c, h, w):
        return (h + 1 - 3) // 2 + 1, (w + 1 - 2) // 1 + 1, 0

    @wrong("The padding is missing", 0, 0, 0)
    def no_padding(c, h, w):
        return (h - 3) // 2 + 1, (w - 2) // 1 + 1, 0

    @wrong("Is this the padding of the exercise?", 0, 0, 0)
    def the_windows_padding(c, h, w):
        return (h + 6 - 3) // 2 + 1, w + 4 - 2 + 1, 0

    @wrong("The stride is ignored", 0, 0, 0)
    def no_stride(c, h, w):
        return h + 2 - 3 + 1, w + 2 - 2 + 1, 0

    @wrong("Round down", 0, 0, 0)
    def rounded_up(c, h, w):
        return -(-(h + 2 - 3) // 2) + 1, w + 1, 0

    @wrong("The stride is (height, width)", 0, 0, 0)
    def the_strides_order(c, h, w):
        return h + 2 - 3 + 1, (w + 2 - 2) // 2 + 1, 0

    @wrong("The window is (height, width)", 0, 0, 0)
    def the_windows_order(c, h, w):
        return (h + 2 - 2) // 2 + 1, w + 2 - 3 + 1, 0

    @wrong("Return whole numbers: //", 0, 0, 0)
    def true_division(c, h, w):
        return (h + 2 - 3) / 2 + 1, w + 1, 0

    @wrong("Return three numbers", 0, 0, 0)
    def one_number(c, h, w):
        return c * h * w

    @wrong("The order is rows, columns, comparisons", 0, 0, 0)
    def comparisons_first(c, h, w):
        return 0, *output(h, w)

    @wrong("Rows come first", 0, 0, 0)
    def columns_first(c, h, w):
        return *output(h, w)[::-1], 0

    @wrong("The padding is compared too", 3, 0, 0)
    def padding_compared(c, h, w):
        rows, columns = output(h, w)
        return rows, columns, c * rows * columns * 5

    @wrong("The padding is counted too", 3, 0, 0)
    def padding_compared_one_too_many(c, h, w):
        rows, columns = output(h, w)
        return rows, columns, c * rows * columns * 6

    @wrong("These are the cells", 3, 0, 0)
    def the_cells(c, h, w):
        return *output(h, w), c * real_cells(h, w)

    @wrong("", 3, 4, 0)
    def one_channel(c, h, w):
        rows, columns = output(h, w)
        return rows, columns, real_cells(h, w) - rows * columns

    @ready_made("Your answer calls avg_pool2d")
    def torchs_own(c, h, w):
        image = torch.ones(c, h, w)
        cells = F.avg_pool2d(image, (3, 2), (2, 1), (1, 1), divisor_override=1)
        return *cells.shape[1:], int((cells - 1).sum())

    @ready_made("Your answer calls pooling")
    def the_books_own(c, h, w):
        import pooling

        made = pooling.pool_cost((c, h, w), (3, 2), (2, 1), (1, 1))
        return *made.output[1:], made.comparisons

    @wrong("The window is (height, width)", 0, 0, 0)
    def equal_to_all(c, h, w):
        class Equal(int):
            def __eq__(self, other):
                return True

            __sub__ = __rsub__ = __abs__ = lambda self, *other: Equal(0)
            __hash__ = int.__hash__

        rows, columns = (h + 2 - 2) // 2 + 1, w + 2 - 3 + 1
        return Equal(rows), Equal(columns), Equal(1)

    @ready_made("Your answer calls")
    def torchs_own_later(c, h, w):
        image = F.avg_pool2d(torch.ones(c, h, w), (3, 2), (2, 1), (1, 1), divisor_override=1)
        yield from image.shape[1:]
        yield int((image - 1).sum())

    @right
    def window_by_window(c, h, w):
        import numpy as np

        rows, columns, comparisons = (h - 1) // 2 + 1, w + 1, 0
        for i in range(rows):
            for j in range(columns):
                real = [0 < 2 * i + u <= h and 0 < j + v <= w for u in range(3) for v in (0, 1)]
                comparisons += sum(real) - 1
        return [np.int64(rows), columns, c * comparisons]

    @right
    def an_array(c, h, w):
        import numpy as np

        rows, columns = output(h, w)
        return np.array([rows, columns, c * (real_cells(h, w) - rows * columns)])

    @right
    def closed_form(c, h, w):
        """Half of the rows of windows start in the padding: each has two real rows."""
        rows, columns = (h + 1) // 2, w + 1
        real = 3 * rows - 1 - (h % 2), 2 * columns - 2
        return rows, columns, c * (real[0] * real[1] - rows * columns)

    @right
    def floor_of_a_fraction(c, h, w):
        import math

        rows = math.floor((h - 3 + 2 * 1) / 2 + 1)
        columns = math.floor((w - 2 + 2 * 1) / 1 + 1)
        return rows, columns, c * real_cells(h, w) - c * rows * columns

    @right
    def ranges(c, h, w):
        down, right = range(-1, h + 1 - 3 + 1, 2), range(-1, w + 1 - 2 + 1)
        total = sum(
            len(range(max(i, 0), min(i + 3, h))) * len(range(max(j, 0), min(j + 2, w))) - 1
            for i in down
            for j in right
        )
        return len(down), len(right), total * c

    @right
    def divmod_and_ceil(c, h, w):
        import math

        rows, _ = divmod(h + 2 - 3, 2)
        rows, columns = rows + 1, -(-(w + 1) // 1)
        assert rows == math.ceil(h / 2)
        return tuple(map(int, (rows, columns, c * (real_cells(h, w) - rows * columns))))

    @right
    def sets_of_cells(c, h, w):
        cells = {(i, j) for i in range(h) for j in range(w)}
        count = rows = 0
        for i in range(-1, h - 1, 2):
            rows, columns = rows + 1, 0
            for j in range(-1, w):
                columns += 1
                window = {(i + a, j + b) for a in range(3) for b in range(2)}
                count += len(window & cells) - 1
        return rows, columns, count * c

    @right
    def a_maximum_that_counts(c, h, w):
        rows = columns = compared = 0
        for top in range(-1, h - 1, 2):
            rows += 1
            columns = 0
            for left in range(-1, w):
                columns += 1
                best = None
                for i in range(top, top + 3):
                    for j in range(left, left + 2):
                        if i < 0 or i >= h or j < 0 or j >= w:
                            continue
                        if best is None:
                            best = (i, j)
                        else:
                            compared += 1
        return [rows, columns, c * compared]

    @right
    def numpys_arrays(c, h, w):
        import numpy as np

        top, left = np.arange(-1, h - 1, 2), np.arange(-1, w)
        high = np.minimum(top + 3, h) - np.maximum(top, 0)
        wide = np.minimum(left + 2, w) - np.maximum(left, 0)
        return top.size, left.size, c * (np.outer(high, wide) - 1).sum()

    @right
    def numpys_padding(c, h, w):
        import numpy as np

        real = np.pad(np.ones((h, w), dtype=np.int64), 1)
        real = np.lib.stride_tricks.sliding_window_view(real, (3, 2))[::2]
        comparisons = c * (real.sum((2, 3)) - 1).sum()
        return np.array([*real.shape[:2], comparisons], dtype="int32")

    @right
    def numpys_floor(c, h, w):
        import numpy as np

        rows, columns = (np.floor((np.array([h, w]) + 2 - [3, 2]) / [2, 1]) + 1).astype(int)
        return np.int64(rows), np.int64(columns), np.int64(c * (real_cells(h, w) - rows * columns))

    @right
    def a_generator(c, h, w):
        yield from output(h, w)
        yield c * (real_cells(h, w) - output(h, w)[0] * output(h, w)[1])

    @right
    def a_values_view(c, h, w):
        found = dict(zip(("rows", "columns"), output(h, w), strict=True))
        found["comparisons"] = c * (real_cells(h, w) - found["rows"] * found["columns"])
        return found.values()

    @right
    def a_deque_of_small_integers(c, h, w):
        from collections import deque

        import numpy as np

        rows, columns = output(h, w)
        found = deque([np.uint8(rows), np.int16(columns)])
        found.append(np.sum([real_cells(h, w) - rows * columns] * c))
        return found

    names_of_everyday = right(
        """
        from collections import namedtuple
        from functools import reduce

        Cost = namedtuple("Cost", "rows columns comparisons")
        window = shape = found = image = padding = 1

        def size(n, k, s, p):
            return (n - k + 2 * p) // s + 1

        def count(n, k, s, p):
            return [min(i * s - p + k, n) - max(i * s - p, 0) for i in range(size(n, k, s, p))]

        def cells(h, w):
            return reduce(lambda a, b: a * b, (sum(rows(h)), sum(count(w, 2, 1, 1))))

        def rows(h):
            return count(h, 3, 2, 1)

        def cost(c: int, h: int, w: int) -> Cost:
            '''Rows, columns, comparisons.'''
            r, k = size(h, 3, 2, 1), size(w, 2, 1, 1)
            return Cost(r, k, c * (cells(h, w) - r * k))

        print(cost(1, 8, 9))
        """
    )

    a_class = right(
        """
        import math
        import numpy as np
        import pandas as pd

        class Axis:
            def __init__(self, size, window, stride, padding):
                self.starts = [i for i in range(-padding, size + padding, stride)
                               if i + window <= size + padding]
                self.real = [sum(0 <= i + j < size for j in range(window)) for i in self.starts]

            def __len__(self):
                return len(self.starts)

        def cost(c, h, w, k=(3, 2), s=(2, 1), p=(1, 1)):
            rows, columns = (Axis(*each) for each in zip((h, w), k, s, p))
            pairs = [(a, b) for a in rows.real for b in columns.real]
            return [len(rows), len(columns), c * sum(math.prod(pair) - 1 for pair in pairs)]
        """
    )
