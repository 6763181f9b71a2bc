"""Movable pictures on the pages of the built book."""

import re

from browser import serve
from movable.harness import Tab

LIVE = """all => all.map(picture => [
  picture.dataset.movable,
  !!picture.shadowRoot && !picture.result.error,
  getComputedStyle(picture).color === getComputedStyle(picture.closest("article")).color,
  picture.getBoundingClientRect().height > 50,
])"""


def test_every_picture_is_alive_in_the_page_s_own_colours(browser, site):
    pages = [
        path.name
        for path in sorted((site / "chapters").glob("*.html"))
        if "data-movable=" in path.read_text("utf8")
    ]
    assert pages
    tab = Tab(browser.new_page(color_scheme="dark"))
    with serve(site) as address:
        for name in pages:
            tab.page.goto(f"{address}/chapters/{name}")
            tab.page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
            found = tab.page.locator("[data-movable]").evaluate_all(LIVE)
            text = (site / "chapters" / name).read_text("utf8")
            names = re.findall(r'<movable-\w+ data-movable="(\w+)"', text)
            assert found == [[name, True, True, True] for name in names]
        tab.page.close()
        assert [url for url in tab.asked if not url.startswith((address, "data:"))] == []
