"""A browser for every test of this folder."""

import pytest

from browser import CHROMIUM, Visit, chromium


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

    def open_page(address, path, width=1400, scheme="light"):
        opened.append(Visit(browser, address, path, width, scheme))
        return opened[-1]

    yield open_page
    for each in opened:
        each.page.close()
