"""Tabs for the movable pictures, and a picture at a time."""

import pytest

from browser import new_tab
from movable.harness import NAMES, Case, Tab


@pytest.fixture
def tab(browser):
    """A fresh tab; after the test it has said nothing and asked nobody for anything."""
    tab = Tab(new_tab(browser))
    yield tab
    tab.page.close()
    assert tab.faults() == []


@pytest.fixture
def phone(browser):
    """The same in the hand."""
    size = {"width": 390, "height": 844}
    tab = Tab(browser.new_page(has_touch=True, is_mobile=True, viewport=size))
    yield tab
    tab.page.close()
    assert tab.faults() == []


@pytest.fixture(scope="session", params=NAMES)
def case(request) -> Case:
    return Case(request.param)
