"""Chapter 4: the windows on a padded image, and what pooling them takes."""

import torch
import torch.nn.functional as F

import pooling

from ._picture import Shown, drawing, grid, rect, show, show_picture, text


def counter(image=(7, 7), kernel=(3, 3), stride=(2, 2), padding=(3, 3), channels=3) -> Shown:
    """Draw the windows of a pooling layer and count what it takes.

    Args:
        image: (height, width), in cells.
        padding: in total, as d2l counts; the larger half of an odd total comes first.
    Source: d2l 7.5, exercise 4.

    >>> print(counter().says)
    ⌊(7 + 3 − 3) / 2⌋ + 1 = 4 rows of windows, ⌊(7 + 3 − 3) / 2⌋ + 1 = 4 columns. \
Row 1, column 2: 3 of 9 cells are real, so 2 comparisons. 3 channels: 252 comparisons, \
at most 3 · 4 · 4 · (9 − 1) = 384; for averages 252 additions and 48 divisions.
    """
    task = (
        "The number in an output is what its maximum costs: tap it and see its window. "
        "Then tick that padding is on each side: what does torch say?"
    )
    state = {
        "image": list(image),
        "kernel": list(kernel),
        "stride": list(stride),
        "padding": list(padding),
        "per_side": False,
        "ceil_mode": False,
        "channels": channels,
    }
    return show_picture(__name__, state, task, uses=("pooling",))


def sides(state) -> list[tuple[int, int]]:
    """Padding before and after each axis."""
    return [(p, p) if state["per_side"] else (-(-p // 2), p // 2) for p in state["padding"]]


def compute(state) -> dict:
    # pooling takes no odd total: it is padded by hand
    padding = state["padding"] if state["per_side"] else [0, 0]
    by_hand = [0, 0] if state["per_side"] else state["padding"]
    shape = (state["channels"], *(n + p for n, p in zip(state["image"], by_hand, strict=True)))
    where = state["kernel"], state["stride"], padding, 1, state["ceil_mode"]
    try:
        cost = pooling.pool_cost(shape, *where)
    except ValueError as error:
        return {"error": str(error)}
    output, work, divisions = list(cost.output), cost.comparisons, cost.divisions
    if not state["per_side"]:
        cells, c = real_cells(state), state["channels"]
        output, work = [c, *cells.shape], c * int((cells - 1).clamp(min=0).sum())
        divisions = c * cells.numel()
    return {"output": output, "comparisons": work, "additions": work, "divisions": divisions}


def real_cells(state) -> torch.Tensor:
    """Count the real cells of each window, (rows, columns), on an image of ones."""
    around = sides(state)
    ones = torch.ones(1, *state["image"], dtype=torch.float64)
    ones = F.pad(ones, (*around[1], *around[0]))
    where = state["kernel"], state["stride"], 0, state["ceil_mode"]
    cells = F.avg_pool2d(ones, *where, divisor_override=1)[0].long()
    kept = []
    for axis, count in enumerate(cells.shape):
        n, k, s = (state[name][axis] for name in ("image", "kernel", "stride"))
        before, after = around[axis]
        # ceil_mode adds no window that starts in the far padding
        at = [o * s - before for o in range(count)]
        kept.append(sum(start < n or start + k <= n + after for start in at))
    return cells[: kept[0], : kept[1]]


def formula(state, axis: int, count: int) -> str:
    n, k, s = (state[name][axis] for name in ("image", "kernel", "stride"))
    slack, left, right = n + sum(sides(state)[axis]) - k, "⌊", "⌋"
    less = ""
    if state["ceil_mode"]:
        left, right = "⌈", "⌉"
        less = " − 1" * (-(-slack // s) + 1 - count)
    return f"{left}({n} + {slack + k - n} − {k}) / {s}{right} + 1{less} = {count}"


def says(state, result) -> str:
    channels, rows, columns = result["output"]
    cells, area = real_cells(state), state["kernel"][0] * state["kernel"][1]
    most = show(channels * rows * columns * (area - 1))
    empty, lit = int((cells == 0).sum()), first(columns)
    warning = f" In {empty} of the windows there is only padding: maximum −∞." if empty else ""
    return (
        f"{formula(state, 0, rows)} rows of windows, {formula(state, 1, columns)} columns. "
        f"Row 1, column {lit + 1}: {window(int(cells[0, lit]), area)}. "
        f"{channels} channel{'s' if channels > 1 else ''}: {show(result['comparisons'])} "
        f"comparisons, at most {channels} · {rows} · {columns} · ({area} − 1) = {most}; "
        f"for averages {show(result['additions'])} additions and "
        f"{show(result['divisions'])} divisions.{warning}"
    )


def window(real: int, area: int) -> str:
    verb = "is" if real == 1 else "are"
    return f"{real} of {area} cells {verb} real, so {show(max(0, real - 1))} comparisons"


def first(columns: int) -> int:
    """The column of the output whose window is shown first."""
    return min(1, columns - 1)


def draw(state, result) -> str:
    (top, bottom), (left, right) = sides(state)
    (high, wide), (rows, columns) = state["image"], result["output"][1:]
    parts = [text(180, 12, "padded image, one channel", "bold")]
    start = first(columns) * state["stride"][1]
    x, y = 180 - 12 * (left + wide + right), 22
    for i in range(top + high + bottom):
        for j in range(left + wide + right):
            kind = "average" if i - top in range(high) and j - left in range(wide) else "max"
            seen = i < state["kernel"][0] and j - start in range(state["kernel"][1])
            parts.append(rect(x + 24 * j, y + 24 * i, 23, 23, kind, 0.75 if seen else 0.25))
    below = y + 24 * (top + high + bottom)
    for at, kind, word in (110, "average", "real"), (190, "max", "padding"):
        parts += [rect(at, below + 10, 12, 12, kind, 0.5), text(at + 18, below + 21, word, "left")]
    lit = 0, first(columns)
    costs = (real_cells(state) - 1).clamp(min=0).tolist()
    parts.append(text(180, below + 50, "comparisons for each output"))
    parts.append(
        grid(180 - 14 * columns, below + 58, costs, lambda v, i, j: "lit" * ((i, j) == lit))
    )
    return drawing(360, below + 60 + 28 * rows, *parts)
