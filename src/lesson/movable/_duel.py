"""Chapter 2: a convolution against the maximum, on three windows."""

import torch

from ._picture import Shown, drawing, grid, line, rect, show, show_picture, text

X = torch.tensor([3.0, 1.0, -2.0, 0.0], dtype=torch.float64)
WINDOWS = torch.stack([X, -X, 0 * X])
NAMES = ["x", "−x", "0"]


def duel(weights=(1.0, 0.0, 0.0, 0.0), bias=0.0) -> Shown:
    """Let the reader set one convolution's four weights and its bias against the maximum.

    Source: d2l 7.5, exercise 2.

    >>> duel()
    Set four weights and a bias. Can you get all three errors between −1.25 and 1.25?
    Convolution minus maximum: 0 on x, −5 on −x, 0 on the zero window. \
The largest is 5, more than 1.25. error(x) + error(−x) − 2 error(0) = −5, whatever you set.
    """
    task = "Set four weights and a bias. Can you get all three errors between −1.25 and 1.25?"
    return show_picture(__name__, {"weights": [*map(float, weights)], "bias": bias}, task)


def outputs(state) -> torch.Tensor:
    return WINDOWS @ torch.tensor(state["weights"], dtype=torch.float64) + state["bias"]


def compute(state) -> dict:
    if len(state["weights"]) != 4:
        return {"error": f"weights are {len(state['weights'])} numbers; use four"}
    errors = outputs(state) - WINDOWS.amax(1)
    defect = errors[0] + errors[1] - 2 * errors[2]
    return {
        "errors": errors.tolist(),
        "worst": errors.abs().max().item(),
        "defect": defect.item(),
    }


def says(state, result) -> str:
    plus, minus, zero = map(show, result["errors"])
    best = "the smallest that any convolution reaches"
    best = best if result["worst"] < 1.25 + 1e-9 else "more than 1.25"
    return (
        f"Convolution minus maximum: {plus} on x, {minus} on −x, {zero} on the zero window. "
        f"The largest is {show(result['worst'])}, {best}. "
        f"error(x) + error(−x) − 2 error(0) = {show(result['defect'])}, whatever you set."
    )


def draw(state, result) -> str:
    parts = [line(8, 160, 352, 160, "axis")]
    for i, (cells, output) in enumerate(zip(WINDOWS, outputs(state).tolist(), strict=True)):
        middle, top = 60 + 120 * i, cells.argmax().item()
        parts += [
            text(middle, 14, f"window {NAMES[i]}", "bold"),
            grid(
                middle - 28,
                22,
                cells.reshape(2, 2).tolist(),
                lambda value, row, column, top=top: "top" * (2 * row + column == top),
            ),
            bar(middle - 34, cells.amax().item(), "max"),
            bar(middle + 4, output, "average"),
            text(middle, 252, f"off by {show(abs(result['errors'][i]))}", "bold"),
        ]
    parts += [rect(92, 274, 12, 12, "max"), text(110, 285, "maximum", "left")]
    parts += [rect(192, 274, 12, 12, "average"), text(210, 285, "convolution", "left")]
    return drawing(360, 292, *parts)


def bar(x: float, value: float, kind: str) -> str:
    length = 12 * min(5, abs(value))  # a longer one ends at the frame
    y = 160 if value < 0 else 160 - length
    label = y + length + 15 if value < 0 else y - 5
    return rect(x, y, 30, length, kind) + text(x + 15, label, show(value))
