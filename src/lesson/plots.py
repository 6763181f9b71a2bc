"""Figures that are the same bytes on every machine and legible on every page.

Figures are SVG on white. The site blends the white into the page, light or
dark; a notebook shows it as it is, readable on any background.
"""

from typing import Any

import matplotlib
import torch
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from torch import nn

# Okabe and Ito's colours, told apart by every kind of colour vision.
COLORS = {
    "max": "#D55E00",
    "average": "#0072B2",
    "min": "#009E73",
    "softmax": "#9B4F80",
}


def use_style() -> None:
    """Draw every later figure of this notebook as a deterministic SVG."""
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    # A date or a random id would make two runs of the same code differ.
    set_matplotlib_formats("svg", metadata={"Date": None})
    matplotlib.rcParams.update(
        {
            "svg.hashsalt": "pooling",
            "svg.fonttype": "path",
            "figure.figsize": (5.6, 3.4),
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": plt.cycler(color=COLORS.values()),
            "font.size": 11,
            "lines.linewidth": 2,
        }
    )


def show_cells(
    ax: Axes,
    cells: torch.Tensor,
    title: str = "",
    vmin: float | None = None,
    vmax: float | None = None,
    cmap: str = "cividis",
) -> ScalarMappable:
    """Draw a (height, width) image as vector cells, row 0 on top.

    Returns:
        What `fig.colorbar` takes.
    """
    # A PNG's bytes depend on the compressor; squares do not. All cells of one
    # value are one path, which keeps the file small.
    height, width = cells.shape
    colors = ScalarMappable(Normalize(vmin, vmax), cmap)
    square = torch.tensor([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    for value in cells.unique():
        corners = (cells == value).nonzero().flip(1)[:, None] + square
        steps = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * len(corners)
        color = colors.to_rgba(value.item())
        patch = PathPatch(Path(corners.flatten(0, 1), steps), facecolor=color)
        _ = ax.add_patch(patch).set(edgecolor=color, linewidth=0.4)  # no seams
    ax.set(title=title, aspect="equal", xlabel="column", ylabel="row")
    ax.set(xlim=(0, width), ylim=(height, 0), xticks=[0, width], yticks=[0, height])
    return colors


def draw_network(network: nn.Sequential, ax: Axes, cells: str = "cells") -> None:
    """Draw a stack of convolutions and ReLUs for one channel, from its weights.

    A circle is a ReLU, a square an input cell or the output. Lines are the
    nonzero weights: solid if positive, dashed if negative, thicker if larger.
    """
    layers = (part for part in network if isinstance(part, (nn.Conv2d, nn.Linear)))
    matrices = [layer.weight.detach().flatten(1) for layer in layers]
    widths = [matrices[0].shape[1], *map(len, matrices)]
    names = [f"{widths[0]} {cells}", *(f"{n} ReLUs" for n in widths[1:-1]), "output"]
    # Every column is as high as the widest, so that lines stay apart.
    heights = [[0.5 - (i + 0.5) / n for i in range(n)] for n in widths]
    for column, matrix in enumerate(matrices):
        for to, start in matrix.nonzero().tolist():
            weight = matrix[to, start].item()
            color, line = ("max", "-") if weight > 0 else ("average", (0, (4, 2)))
            ends = heights[column][start], heights[column + 1][to]
            style: dict[str, Any] = {"color": COLORS[color], "linestyle": line, "zorder": 1}
            ax.plot([column, column + 1], ends, linewidth=1.2 * abs(weight) ** 0.5, **style)
    for column, (at, name) in enumerate(zip(heights, names, strict=True)):
        marker, size = ("s", 45) if column in (0, len(matrices)) else ("o", 60)
        place = [column] * len(at)
        ax.scatter(place, at, s=size, c="white", marker=marker, edgecolors="0.2", zorder=2)
        ax.text(column, -0.55, name, ha="center", va="top")
    ax.set(xlim=(-0.4, len(matrices) + 0.4), ylim=(-0.65, 0.5))
    ax.axis("off")
