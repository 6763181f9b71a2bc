"""Pictures that a reader moves and questions that the page checks: displayed by a cell."""
# ruff: noqa: F401

from ._duel import duel
