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
