"""Chapter 6: a dark thread pooled four ways, and where the minimum's two minus signs can go."""

import torch
import torch.nn.functional as F

import pooling

from ._picture import Shown, drawing, line, rect, show, show_picture, text

POOLS = {"negmaxneg": "−max(−x)", "min": "minimum", "average": "average", "max": "maximum"}
LAYERS = {
    "max": F.max_pool2d,
    "average": F.avg_pool2d,
    "min": pooling.min_pool2d,
    "negmaxneg": F.max_pool2d,  # its signs are layers of their own
}
STEPS = (
    "Two minus signs stand around the maximum.",
    "The second sign is in the weight −0.5 now.",
    "Both signs are in the weights now: a max-pooling is left.",
    "The first sign is stuck: ReLU(−t) is not −ReLU(t).",
)


def thread_image(size=16) -> list[list[int]]:
    """A dark zigzag and a dark line, one cell wide, on a bright and uneven ground."""
    places = range(size)
    image = [[180 + 20 * (((5 * i + 3 * j) * i + 7 * j) % 11 % 3) for j in places] for i in places]
    for j in places:
        image[2 + abs(j % 14 - 7)][j] = image[13][j] = 40
    return image


def signs(pool="negmaxneg", relu=False, step=0, image=None) -> Shown:
    """Let the reader switch the pooling of an image, and move two minus signs out of a network.

    The network is a 1 × 1 convolution, maybe a ReLU, 2 × 2 pooling, a 1 × 1 convolution.

    Args:
        pool: "max", "average", "min" or "negmaxneg", minus signs around the maximum.
        step: how many of those signs have been pushed outwards, 0 to 2.
        image: rows of numbers, of even height and width; by default the thread.
    Source: d2l 7.5, exercise 6.

    >>> signs(step=2)
    Which poolings keep the dark thread? Move both minus signs into the convolutions; \
then switch on the ReLU.
    Pooled by −max(−x): 19 of 64 outputs dark (below 150), 64 equal to minimum pooling. \
Both signs are in the weights now: a max-pooling is left.
    """
    task = (
        "Which poolings keep the dark thread? Move both minus signs into the convolutions; "
        "then switch on the ReLU."
    )
    state = {"image": image or thread_image(), "pool": pool, "relu": relu, "step": step}
    return show_picture(__name__, state, task)


def pushed(state) -> tuple[bool, bool]:
    """Whether the sign before the pooling has gone, and the one behind it."""
    step = state["step"] if state["pool"] == "negmaxneg" else 0
    return step > 1 and not state["relu"], step > 0


def network(state, layer, weights, kept) -> torch.Tensor:
    x = torch.tensor([state["image"]], dtype=torch.float64)
    x = weights["W"] * x + weights["b"]
    x = x.relu() if state["relu"] else x
    x = layer(-x if kept[0] else x, 2)
    return weights["V"] * (-x if kept[1] else x) + weights["c"]


def compute(state) -> dict:
    before, behind = pushed(state)
    plain = {"W": 2, "b": -200, "V": 0.5, "c": 100}
    flipped = ["W", "b"] * before + ["V"] * behind
    weights = plain | {name: -plain[name] for name in flipped}
    signed = state["pool"] == "negmaxneg"
    kept = signed and not before, signed and not behind
    pooled = network(state, LAYERS[state["pool"]], weights, kept)
    minimum = network(state, pooling.min_pool2d, plain, (False, False))
    return {
        "pooled": pooled[0].tolist(),
        "absorbed": before and behind,
        "weights": weights,
        "dark": int((pooled < 150).sum()),
        "same": int((pooled == minimum).sum()),
    }


def says(state, result) -> str:
    told = (
        f"Pooled by {POOLS[state['pool']]}: {result['dark']} of {sum(map(len, result['pooled']))} "
        f"outputs dark (below 150), {result['same']} equal to minimum pooling. "
    )
    stuck = state["relu"] and state["step"] > 1
    return told + STEPS[3 if stuck else state["step"]] * (state["pool"] == "negmaxneg")


def layers(state, result) -> list[tuple[str, str]]:
    """The network from left to right: what stands in each box, and how the box looks."""
    before, behind = pushed(state)
    W, b, V, c = result["weights"].values()
    first = f"{W}x {'+' if b > 0 else '−'} {abs(b)}".replace("-", "−")
    word = {"negmaxneg": "max"}.get(state["pool"], state["pool"])
    relu, sign = [("ReLU", "")] * state["relu"], [("−", "top")] * (state["pool"] == "negmaxneg")
    return [
        (first, "lit" * before),
        *relu,
        *([] if before else sign),
        (word, ""),
        *([] if behind else sign),
        (f"{show(V)}y + {c}", "lit" * behind),
    ]


def draw(state, result) -> str:
    cells = sum(map(len, state["image"]))
    parts = [field(8, f"image, {cells} cells", state["image"])]
    parts.append(field(192, POOLS[state["pool"]], result["pooled"]))
    x = 8.0
    for i, (words, kind) in enumerate(layers(state, result)):
        width = 12 + 7.2 * len(words)
        parts.append(line(x - 14, 211, x, 211, "axis") if i else "")
        parts.append(rect(x, 196, width, 30, f"cell {kind}".strip()))
        parts.append(text(x + width / 2, 216, words))
        x += width + 14
    return drawing(360, 230, *parts)


def field(x: float, name: str, rows) -> str:
    """A matrix as shades of grey: one path for all cells of one shade."""
    size = 160 / len(rows[0])
    shades: dict[float, str] = {}
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            shades[value] = shades.get(value, "") + f"M{j} {i}h1"
    paths = (f"<path d='{d}' stroke='rgb({v},{v},{v})'/>" for v, d in shades.items())
    place = f"translate({show(x)} {show(24 + size / 2)}) scale({show(size)})"
    still = f"<g transform='{place}' shape-rendering='crispEdges'>{''.join(paths)}</g>"
    return still + text(x + 80, 14, name, "bold")
