"""The built site, opened in a real browser."""

from datetime import date

import pytest

from browser import serve
from conftest import ROOT

PAGES = sorted(path.stem for path in (ROOT / "chapters").glob("*.md"))
SCREENS = [(1400, "light"), (1400, "dark"), (390, "light"), (390, "dark")]

each_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def address(site):
    with serve(site) as address:
        yield address


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@each_page
def test_a_page_has_no_problem(visit, address, name, width, scheme):
    assert visit(address, f"chapters/{name}.html", width, scheme).problems() == []


@each_page
def test_every_figure_of_the_chapter_has_its_caption(visit, address, name):
    page = visit(address, f"chapters/{name}.html").page
    source = (ROOT / "chapters" / f"{name}.md").read_text("utf8")
    captions = page.locator("article figure:has(img) figcaption").all_inner_texts()
    assert len(captions) == source.count("mystnb:\n  figure:")
    assert all(len(caption) > 40 for caption in captions)


@each_page
def test_one_search_box_and_this_year(visit, address, name):
    page = visit(address, f"chapters/{name}.html").page
    assert page.locator(".search-button-field:visible, .bd-search:visible").count() == 1
    assert f"{date.today().year}" in page.locator(".bd-footer-content").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_figure_lies_on_the_page_without_a_box(visit, address, scheme):
    page = visit(address, f"chapters/{PAGES[0]}.html", 1400, scheme).page
    image = page.locator("article figure img").first
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    inside = {"x": box["x"] + 3, "y": box["y"] + 3, "width": 1, "height": 1}
    outside = inside | {"x": box["x"] - 8}
    assert page.screenshot(clip=inside) == page.screenshot(clip=outside)


def test_the_front_door_leads_to_the_index(visit, address):
    page = visit(address, "").page
    page.wait_for_url("**/chapters/index.html")
