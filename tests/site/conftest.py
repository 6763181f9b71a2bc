"""Pages of the site, one by one."""

import pytest

from browser import Visit, new_tab


@pytest.fixture(scope="module")
def visit(browser):
    """Open a page in the one tab there is: another takes longer to open than many a page."""
    tab, visits = new_tab(browser), []

    def open_page(address, path, anew=True):
        if anew or not visits or visits[-1].spent or tab.url != f"{address}/{path}":
            if visits:
                visits.pop().leave()
            visits.append(Visit(tab, address, path))
        return visits[-1]

    yield open_page
    tab.close()
