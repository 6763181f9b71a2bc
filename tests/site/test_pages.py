"""The built site, opened in a real browser."""

import os
from datetime import date

import pytest

from browser import Visit, serve
from conftest import ROOT

PAGES = sorted(path.stem for path in (ROOT / "chapters").glob("*.md"))
SCREENS = [(1400, "light"), (1400, "dark"), (390, "light"), (390, "dark")]

CHAPTERS = [name for name in PAGES if name[0].isdigit()]

each_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def address(site):
    with serve(site) as address:
        yield address


@pytest.fixture(scope="module")
def look(browser, address):
    """A page that is only looked at: opened once for all tests."""
    opened = {}

    def open_page(name):
        if name not in opened:
            opened[name] = Visit(browser, address, f"chapters/{name}.html", 1400, "light").page
        return opened[name]

    yield open_page
    for page in opened.values():
        page.close()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@each_page
def test_a_page_has_no_problem(visit, address, name, width, scheme):
    assert visit(address, f"chapters/{name}.html", width, scheme).problems() == []


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@pytest.mark.parametrize("path", ["search.html?q=padding", "404.html"])
def test_a_page_outside_the_chapters_has_no_problem(visit, address, path, width, scheme):
    problems = visit(address, path, width, scheme).problems()
    # The lost page stands alone: it follows the reader's scheme by itself.
    assert problems == (["the page is not " + scheme] if path == "404.html" else [])


@each_page
def test_every_figure_of_the_chapter_has_its_caption(look, name):
    page = look(name)
    source = (ROOT / "chapters" / f"{name}.md").read_text("utf8")
    captions = page.locator("article figure:has(img) figcaption").all_inner_texts()
    assert len(captions) == source.count("mystnb:\n  figure:")
    assert all(len(caption) > 40 for caption in captions)


@each_page
def test_one_search_box_and_this_year(look, name):
    page = look(name)
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


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_short_answer_is_seen_without_scrolling(look, name):
    page = look(name)
    box = page.locator("article .admonition.tip").first.bounding_box()
    assert box["y"] + box["height"] <= 900


def test_the_landing_page_shows_answers_picture_and_ways_in_on_one_screen(look):
    page = look("index")
    for part in ("table >> nth=0", "img.cover", ".ways"):
        box = page.locator(f"article {part}").bounding_box()
        assert box["y"] + box["height"] <= 900, part
    assert page.locator("article table >> nth=0").locator("tbody tr").count() == 7


@pytest.mark.parametrize("name", ["index", CHAPTERS[0]])
def test_the_keyboard_reaches_everything(visit, address, name):
    assert visit(address, f"chapters/{name}.html").beyond_the_keyboard() == []


@pytest.mark.parametrize(
    ("words", "chapter"), [("max of five", "03-"), ("padding", "04-"), ("temperature", "07-")]
)
def test_the_search_finds(visit, address, words, chapter):
    page = visit(address, f"search.html?q={words}").page
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").evaluate_all("all => all.map(a => a.href)")
    assert any(f"/chapters/{chapter}" in link for link in found)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_first_visit_is_light(look, name):
    page = look(name)
    size = page.evaluate(
        "['resource', 'navigation'].flatMap(kind => performance.getEntriesByType(kind))"
        ".filter(e => !e.name.includes('_images')).reduce((sum, e) => sum + e.encodedBodySize, 0)"
    )
    assert 100_000 < size < 1_000_000  # bytes, before the server packs them


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_button_leads_to_a_committed_notebook(look, book, name):
    page = look(name)
    folder = "notebooks/student" if (ROOT / f"notebooks/student/{name}.ipynb").exists() else ""
    for label, path in (("colab", "notebooks"), ("student", folder)):
        links = page.locator(f".btn-{label}").evaluate_all("all => all.map(a => a.href)")
        tail = f"/blob/{book.branch}/{path}/{name}.ipynb"
        assert [link.endswith(tail) for link in links] == [True] * bool(path)
    for link in page.locator("a[href*='_sources/notebooks']").evaluate_all(
        "all => all.map(a => a.href)"
    ):
        committed = ROOT / link.partition("_sources/")[2]
        assert page.request.get(link).body() == committed.read_bytes()


@each_page
def test_a_page_says_what_it_is_about(look, name):
    page = look(name)
    text = page.locator("meta[name=description]").get_attribute("content")
    assert 50 < len(text) < 165
    assert page.locator("meta[property='og:description']").get_attribute("content") == text
    cards = page.locator("meta[property='og:image']").count()
    assert cards == bool(os.environ.get("SITE_URL"))  # a card needs the site's address
