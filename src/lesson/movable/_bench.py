"""Chapter 1: one image, three poolings, and the window that each output comes from."""

import torch
import torch.nn.functional as F

import pooling

from ._picture import Shown, drawing, grid, show, show_picture, text

IMAGE = (
    (1, 3, 0, 0, 2, 2),
    (5, 7, 0, 4, 2, 2),
    (2, 2, 9, 9, 0, 8),
    (2, 2, 9, 9, 8, 0),
    (0, 1, 2, 3, 6, 6),
    (4, 5, 6, 7, 6, 1),
)


def bench(image=IMAGE, kernel=(2, 2), stride=(2, 2), padding=(0, 0)) -> Shown:
    """Pool an image of 6 × 6 whole numbers by average, maximum and minimum.

    Source: d2l 7.5, exercise 1.

    >>> print(bench().says)
    First output: (1 + 3 + 5 + 7) / 4 = 4 on average, at most 7, at least 1. \
Three channels, the image times 1, 10 and 100, one group each: 4, 40, 400.
    """
    task = (
        "Tap an output to see its window and its sum. Then tap a cell of that window: "
        "by how much does each output change?"
    )
    state = {
        "image": [list(row) for row in image],
        "kernel": list(kernel),
        "stride": list(stride),
        "padding": list(padding),
        "count_include_pad": True,
        "grouped": True,
    }
    return show_picture(__name__, state, task, uses=("pooling",))


def compute(state) -> dict:
    image = torch.tensor([state["image"]], dtype=torch.float64)
    where = {
        "kernel_size": tuple(state["kernel"]),
        "stride": tuple(state["stride"]),
        "padding": tuple(state["padding"]),
    }
    try:
        average = pooling.avg_pool2d(image, **where, count_include_pad=state["count_include_pad"])
        largest, smallest = pooling.max_pool2d(image, **where), pooling.min_pool2d(image, **where)
    except ValueError as error:
        return {"error": str(error)}
    three = average * torch.tensor([1.0, 10, 100], dtype=torch.float64)[:, None, None]
    ones = torch.ones(3 if state["grouped"] else 1, 1 if state["grouped"] else 3, 1, 1).double()
    channels = F.conv2d(three, ones, groups=3 if state["grouped"] else 1)
    whole = [pooled[0].int().tolist() for pooled in (largest, smallest)]
    return {
        "average": average[0].tolist(),
        "max": whole[0],
        "min": whole[1],
        "channels": channels.tolist(),
    }


def first_window(state) -> list[tuple[int, int]]:
    """Row and column of each cell of the first output's window."""
    spans = [range(-p, k - p) for k, p in zip(state["kernel"], state["padding"], strict=True)]
    return [(i, j) for i in spans[0] for j in spans[1]]


def says(state, result) -> str:
    real = [(i, j) for i, j in first_window(state) if i in range(6) and j in range(6)]
    places = first_window(state) if state["count_include_pad"] else real
    cells = [state["image"][i][j] if (i, j) in real else 0 for i, j in places]
    average, *numbers = (show(result[name][0][0]) for name in ("average", "max", "min"))
    channels = ", ".join(show(channel[0][0]) for channel in result["channels"])
    groups = "one group each" if state["grouped"] else "one group for all"
    return (
        f"First output: ({' + '.join(map(str, cells))}) / {len(cells)} = {average} on average, "
        f"at most {numbers[0]}, at least {numbers[1]}. Three channels, the image times "
        f"1, 10 and 100, {groups}: {channels}."
    )


def draw(state, result) -> str:
    window = first_window(state)
    parts = [text(180, 14, "image")]
    parts.append(grid(96, 22, state["image"], lambda v, i, j: "lit" if (i, j) in window else ""))
    for k, (name, word) in enumerate(
        {"average": "average", "max": "maximum", "min": "minimum"}.items()
    ):
        x = 18 + 120 * k
        parts.append(text(x + 42, 214, word))
        parts.append(grid(x, 222, result[name], lambda v, i, j: "" if i or j else "lit"))
    return drawing(360, 308, *parts)
