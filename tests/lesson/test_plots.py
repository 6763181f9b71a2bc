"""The figures of the chapters, as far as matplotlib tells what it drew."""

import pytest
import torch
from matplotlib.figure import Figure

import pooling
from lesson import plots


@pytest.fixture
def ax():
    return Figure().add_subplot()


def test_a_network_has_a_line_for_every_weight_and_a_mark_for_every_cell_and_channel(ax):
    network = pooling.max_pool_network(2)
    plots.draw_network(network, ax)
    weights = [part.weight for part in network[::2]]
    assert len(ax.lines) == sum((weight != 0).sum().item() for weight in weights)
    solid = [line.get_color() == plots.COLORS["max"] for line in ax.lines]
    assert sum(solid) == sum((weight > 0).sum().item() for weight in weights)
    marks = [len(column.get_offsets()) for column in ax.collections]
    assert marks == [weights[0][0].numel(), *map(len, weights)]


def test_an_image_has_one_path_for_each_value_and_row_0_on_top(ax):
    plots.show_cells(ax, torch.tensor([[1.0, 2, 2], [3, 3, 3]]))
    corners = [len(patch.get_path()) for patch in ax.patches]
    assert corners == [5 * cells for cells in (1, 2, 3)]
    assert ax.get_xlim() == (0, 3) and ax.get_ylim() == (2, 0)
    top = ax.patches[0].get_path().vertices[:, 1]
    assert (top.min(), top.max()) == (0, 1)
