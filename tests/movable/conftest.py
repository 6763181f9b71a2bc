"""Tabs for the movable pictures, and a picture at a time."""

import pytest

from browser import new_tab
from movable.harness import NAMES, Case, Tab

LAPTOP, PHONE = (1280, 720), (390, 844)


@pytest.fixture(scope="session")
def opened(browser):
    """Tabs that stay open: to open one takes much longer than to load a page in it."""
    tabs = {}

    def open_tab(**settings) -> Tab:
        key = str(settings)
        if key not in tabs:
            tabs[key] = Tab(new_tab(browser, **settings))
        return tabs[key]

    yield open_tab
    for tab in tabs.values():
        tab.page.close()


def begin(tab: Tab, size: tuple[int, int]):
    tab.start_again(*size)
    yield tab
    tab.page.evaluate("0")  # what was said before has arrived then
    assert tab.faults() == []


@pytest.fixture
def tab(opened):
    """A laptop's; after the test it has said nothing and asked nobody for anything."""
    yield from begin(opened(), LAPTOP)


@pytest.fixture
def phone(opened):
    """The same in the hand."""
    yield from begin(opened(has_touch=True, is_mobile=True), PHONE)


@pytest.fixture
def without_script(opened):
    """The same where scripts are off."""
    yield from begin(opened(java_script_enabled=False), LAPTOP)


@pytest.fixture(scope="session", params=NAMES)
def case(request) -> Case:
    return Case(request.param)
