"""Pictures that a reader moves and questions that the page checks: displayed by a cell."""
# ruff: noqa: F401

from ._ask import ask
from ._bench import bench
from ._counter import counter
from ._damage import damage
from ._duel import duel
from ._network import network
from ._signs import signs
from ._temper import temper
