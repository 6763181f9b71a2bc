"""Chapter 7: the weights of softmax pooling, its sharpness, and the scale of its input."""

import torch

import pooling

from ._picture import Shown, drawing, line, rect, show, show_picture, text


def temper(cells=(0.0, 1.0, 2.0, 4.0), beta=1.0, scale=1.0) -> Shown:
    """Let the reader set a window's four cells, the sharpness and a factor on the input.

    Source: d2l 7.5, exercise 7.

    >>> print(temper().says)
    The cells 0, 1, 2, 4 weigh 0.02, 0.04, 0.11, 0.83. Softmax pooling gives 3.59, \
between the average, 1.75, and the maximum, 4. For the weights only β × scale counts: 1.
    """
    task = (
        "Slide β, then the scale. Then raise the smallest cell, x₁, from 0 to 2: "
        "does the result rise?"
    )
    state = {"cells": [*map(float, cells)], "beta": beta, "scale": scale}
    return show_picture(__name__, state, task)


def window(state) -> torch.Tensor:
    return torch.tensor(state["cells"], dtype=torch.float64) * state["scale"]


def compute(state) -> dict:
    if len(state["cells"]) != 4:
        return {"error": f"cells are {len(state['cells'])} numbers; use four"}
    x = window(state)
    pooled = pooling.softmax_pool2d(x.reshape(1, 2, 2), 2, beta=state["beta"])
    return {
        "weights": torch.softmax(state["beta"] * x, 0).tolist(),
        "softmax": pooled.item(),
        "average": x.mean().item(),
        "maximum": x.max().item(),
    }


def says(state, result) -> str:
    rows = window(state).tolist(), result["weights"]
    cells, weights = (", ".join(map(show, row)) for row in rows)
    low, soft, top = (show(result[name]) for name in ("average", "softmax", "maximum"))
    return (
        f"The cells {cells} weigh {weights}. Softmax pooling gives {soft}, between the average, "
        f"{low}, and the maximum, {top}. For the weights only β × scale counts: "
        f"{show(state['beta'] * state['scale'])}."
    )


def draw(state, result) -> str:
    x = window(state).tolist()
    parts = [text(0, 12, "weights", "left bold"), text(0, 182, "cells, times the scale", "left")]
    for i, (cell, weight) in enumerate(zip(x, result["weights"], strict=True)):
        middle, height = 45 + 90 * i, 90 * weight
        parts += [
            rect(middle - 20, 126 - height, 40, height, "softmax"),
            text(middle, 120 - height, show(weight)),
            rect(middle - 32, 132, 64, 30, "cell top" if cell == max(x) else "cell"),
            text(middle, 152, show(cell), "bold"),
        ]
    parts += [line(0, 126, 360, 126, "axis"), line(20, 218, 340, 218, "axis")]
    for i, name in enumerate(("average", "softmax", "maximum")):
        value, kind = result[name], "max" if name == "maximum" else name
        share = (value - min(x)) / (max(x) - min(x)) if max(x) > min(x) else 0.5
        y = 219 if name == "softmax" else 199
        parts += [
            rect(15 + 320 * share, y, 10, 18, kind),
            rect(120 * i + 4, 252, 12, 12, kind),
            text(120 * i + 20, 263, f"{name} {show(value)}", "left"),
        ]
    return drawing(360, 268, *parts)
