"""Chapter 3: the two hidden layers that pool a 2 × 2 window, ReLU by ReLU."""

import torch

from pooling import max_pool_network

from ._picture import Shown, drawing, line, rect, show, show_picture, text

UNITS = {"p": "a", "q": "−a", "r": "b − a", "s": "c", "t": "−c", "u": "d − c"}
UNITS |= {"x": "A", "y": "−A", "z": "C − A"}
NEEDLESS = "qty"  # where no cell is negative
HEADS = {"window": 24, "layer 1": 128, "layer 2": 252, "output": 336}
# The middle of each box, and half its width.
PLACES = {name: (20, 58 + 64 * i, 18) for i, name in enumerate("abcd")} | {"out": (340, 154, 18)}
PLACES |= {name: (128, 39 + 46 * i, 40) for i, name in enumerate("pqrstu")}
PLACES |= {name: (252, 85 + 69 * i, 40) for i, name in enumerate("xyz")}


def network(cells=(3, -4, 5, 1), off=(), nonnegative=False) -> Shown:
    """Let the reader set four cells and take ReLUs out of `max_pool_network(2)`.

    Args:
        off: names of ReLUs to take out, of p to u in layer 1, x to z in layer 2.
    Source: d2l 7.5, exercise 3.

    >>> network(off=["q"])
    Tap a ReLU to take it out. Is there one that the network can do without?
    Output 5, which is the maximum. Without q it is wrong on 579 of 2,401 windows of whole \
numbers from −3 to 3, such as (−1, 0, 0, 0).
    """
    task = "Tap a ReLU to take it out. Is there one that the network can do without?"
    state = {"cells": list(cells), "off": list(off), "nonnegative": nonnegative}
    return show_picture(__name__, state, task)


def layers(state) -> list[tuple[list[str], torch.Tensor]]:
    """The names of each layer's ReLUs, and its weights; those of the output come last."""
    stack = max_pool_network(2, nonnegative=state["nonnegative"])
    names = [[n for n in layer if n in units(state)] for layer in ("pqrstu", "xyz")]
    convolutions = (part for part in stack if isinstance(part, torch.nn.Conv2d))
    weights = [conv.weight.flatten(1).double() for conv in convolutions]
    return list(zip([*names, ["out"]], weights, strict=True))


def units(state) -> list[str]:
    return [name for name in UNITS if not (state["nonnegative"] and name in NEEDLESS)]


def run(state, windows: torch.Tensor) -> list[torch.Tensor]:
    """The values of both hidden layers and the output, for (n, 4) windows."""
    values, found = windows, []
    for names, weights in layers(state):
        values = values @ weights.T
        if names != ["out"]:
            kept = torch.tensor([name not in state["off"] for name in names])
            values = values.relu() * kept
        found.append(values)
    return found


def compute(state) -> dict:
    if strange := [name for name in state["off"] if name not in UNITS]:
        return {"error": f"off holds {strange[0]}; use names of ReLUs: {', '.join(UNITS)}"}
    cells = torch.tensor([state["cells"]], dtype=torch.float64)
    *hidden, output = run(state, cells)
    # Small ones first, so that a witness is easy to read.
    values = [0, 1, 2, 3] + [-1, -2, -3] * (not state["nonnegative"])
    windows = torch.cartesian_prod(*4 * [torch.tensor(values, dtype=torch.float64)])
    broken = windows[run(state, windows)[-1][:, 0] != windows.amax(1)].long()
    return {
        "hidden": [layer[0].long().tolist() for layer in hidden],
        "output": int(output),
        "maximum": int(cells.max()),
        "wrong": len(broken),
        "witness": broken[0].tolist() if len(broken) else None,
    }


def says(state, result) -> str:
    output, maximum = show(result["output"]), show(result["maximum"])
    right = output == maximum
    start = f"Output {output}, " + ("which is the maximum" if right else f"not {maximum}: wrong")
    count, low = (256, 0) if state["nonnegative"] else (2401, -3)
    windows = f"{show(count)} windows of whole numbers from {show(low)} to 3"
    if not result["wrong"]:
        return f"{start}. The network is right on all {windows}."
    gone = ", ".join(name for name in units(state) if name in state["off"])
    witness = ", ".join(map(show, result["witness"]))
    return f"{start}. Without {gone} it is wrong on {show(result['wrong'])} of {windows}, " + (
        f"such as ({witness})."
    )


def draw(state, result) -> str:
    values = dict(zip("abcd", state["cells"], strict=True))
    for (names, _), layer in zip(layers(state)[:2], result["hidden"], strict=True):
        values |= zip(names, layer, strict=True)
    lines, before = [], list("abcd")
    for names, weights in layers(state):
        for to, start in weights.nonzero().tolist():
            sign = weights[to, start].item() > 0
            lines.append(edge(before[start], names[to], sign, values[before[start]]))
        before = names
    return drawing(
        360,
        292,
        *lines,
        *(text(x, 10, word, "bold") for word, x in HEADS.items()),
        *(box(name, values[name], name) for name in "abcd"),
        box("out", result["output"], ""),
        *(unit(name, values[name], name in state["off"]) for name in units(state)),
    )


def edge(start: str, end: str, positive: bool, value: float) -> str:
    (x1, y1, half1), (x2, y2, half2) = PLACES[start], PLACES[end]
    shown = line(x1 + half1, y1, x2 - half2, y2, "plus" if positive else "minus")
    return shown if value else f"<g opacity='0.25'>{shown}</g>"


def unit(name: str, value: int, off: bool) -> str:
    kind = "cell padding" if off else "cell top" if value else "cell"
    return box(name, "×" if off else value, f"{name} = [{UNITS[name]}]", kind)


def box(name: str, value: int | str, label: str, kind: str = "cell") -> str:
    x, y, half = PLACES[name]
    words = value if isinstance(value, str) else show(value)
    return (
        rect(x - half, y - 20, 2 * half, 40, kind)
        + text(x, y - 4, label)
        + text(x, y + 13, words, "bold")
    )
