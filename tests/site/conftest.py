"""A browser for every test of this folder."""

import pytest
from tools.pdf import CHROMIUM, chromium

from browser import Visit, new_tab


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.skip("no Chromium is installed: these tests look at pages in it")
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser):
    """Open a page; it is closed again after the test."""
    opened = []

    def open_page(address, path):
        opened.append(Visit(new_tab(browser), address, path))
        return opened[-1]

    yield open_page
    for each in opened:
        each.page.close()
