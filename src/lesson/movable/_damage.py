"""Chapter 5: one digit pooled both ways, and damaged by hand."""

import torch

import pooling

from ._picture import Shown, drawing, rect, show, show_picture, text

SALT = tuple((i, j, 16) for i, j in ((0, 6), (2, 6), (3, 1), (4, 2), (5, 0), (7, 6)))


def damage(hits=SALT, kernel=2) -> Shown:
    """Let the reader damage a digit, and see what either pooling makes of it.

    Args:
        hits: (row, column, value) of each damaged cell; the digit's own values are 0 to 16.
        kernel: side of the window and stride, 2 or 4.

    Source: d2l 7.5, exercise 5. The digit is one of scikit-learn's.

    >>> damage(hits=[(0, 0, 16)])
    Damage the digit. What makes the maximum's error smaller than the average's?
    1 of 64 cells is damaged: 1 raised, 0 lowered. Error of the average 1, of the maximum 2: \
the average is nearer to its clean result.
    """
    # Only this picture needs it.
    from sklearn.datasets import load_digits  # type: ignore[import-untyped]

    image = load_digits().images[3].astype(int).tolist()
    task = "Damage the digit. What makes the maximum's error smaller than the average's?"
    state = {"image": image, "hits": [list(hit) for hit in hits], "kernel": kernel}
    return show_picture(__name__, state, task)


def damaged(state) -> list[list[int]]:
    """The image with its hits; of two on one cell the later one counts."""
    image = [list(row) for row in state["image"]]
    for row, column, value in state["hits"]:
        image[row][column] = value
    return image


def pooled(image, kernel) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.tensor([[image]], dtype=torch.float64)
    return pooling.avg_pool2d(x, kernel)[0, 0], pooling.max_pool2d(x, kernel)[0, 0]


def compute(state) -> dict:
    if state["kernel"] not in (2, 4):
        return {"error": f"kernel is {state['kernel']}; use 2 or 4"}
    after = pooled(damaged(state), state["kernel"])
    before = pooled(state["image"], state["kernel"])
    errors = [(a - b).square().mean().sqrt().item() for a, b in zip(after, before, strict=True)]
    return {
        "average": after[0].tolist(),
        "max": after[1].tolist(),
        "error_average": errors[0],
        "error_max": errors[1],
    }


def says(state, result) -> str:
    rows = zip(damaged(state), state["image"], strict=True)
    steps = [a - b for new, old in rows for a, b in zip(new, old, strict=True)]
    raised, lowered = sum(s > 0 for s in steps), sum(s < 0 for s in steps)
    count = raised + lowered
    average, maximum = result["error_average"], result["error_max"]
    nearer = "average" if average < maximum else "maximum"
    draws = abs(average - maximum) < 1e-9  # a sum's order may cost the last bit
    last = "a draw" if draws else f"the {nearer} is nearer to its clean result"
    return (
        f"{count} of 64 cells {'is' if count == 1 else 'are'} damaged: "
        f"{raised} raised, {lowered} lowered. Error of the average {show(average)}, "
        f"of the maximum {show(maximum)}: {last}."
    )


def draw(state, result) -> str:
    hit = {(row, column) for row, column, _ in state["hits"]}
    kernel = state["kernel"]
    return drawing(
        334,
        448,
        text(167, 14, "the digit, damaged"),
        tinted(55, 22, damaged(state), lambda i, j: "lit" if (i, j) in hit else "", 28),
        text(80, 278, f"average, {kernel} × {kernel}"),
        tinted(0, 286, result["average"], lambda i, j: "average", 20 * kernel),
        text(254, 278, f"maximum, {kernel} × {kernel}"),
        tinted(174, 286, result["max"], lambda i, j: "max", 20 * kernel),
    )


def tinted(x, y, rows, kind, size) -> str:
    """A matrix of numbers; 16 and more are the deepest tint of the kind's colour."""
    return "".join(
        rect(x + size * j, y + size * i, size, size, kind(i, j), share(value))
        + text(x + size * (j + 0.5), y + size * (i + 0.5) + 5, show(value))
        for i, row in enumerate(rows)
        for j, value in enumerate(row)
    )


def share(value: float) -> float:
    return 0.04 + 0.41 * min(1, max(0, value / 16))
