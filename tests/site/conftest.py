"""Pages of the site, one by one."""

import pytest

from browser import Visit, new_tab


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
