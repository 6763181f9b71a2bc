"""The built site, opened in a real browser."""

import os
import re

import pytest

from browser import serve
from conftest import ROOT

PAGES = sorted(path.stem for path in (ROOT / "chapters").glob("*.md"))
CHAPTERS = [name for name in PAGES if name[0].isdigit()]

# The scope lets all tests of a page follow each other: it is opened once.
each_page = pytest.mark.parametrize("name", PAGES, scope="module")
each_chapter = pytest.mark.parametrize("name", CHAPTERS, scope="module")


@pytest.fixture(scope="module")
def address(site):
    with serve(site) as address:
        yield address


@pytest.fixture(scope="module")
def look(visit, address):
    """A chapter or another page of the book, as the last test left it."""
    return lambda name: visit(address, f"chapters/{name}.html", anew=False)


def test_the_search_page_has_no_problem(visit, address):
    opened = visit(address, "search.html?q=padding")
    assert opened.found()
    opened.page.wait_for_selector("#search-results li p.context")
    assert opened.problems() == []


@pytest.mark.parametrize("path", ["404.html", f"chapters/{CHAPTERS[0]}.html?highlight=average"])
def test_a_page_for_the_lost_and_one_from_the_search_have_no_problem(visit, address, path):
    assert visit(address, path).problems() == []


@each_page
def test_every_figure_of_the_chapter_has_its_caption(look, name):
    page = look(name).page
    source = (ROOT / "chapters" / f"{name}.md").read_text("utf8")
    captions = page.locator("article figure:has(img) figcaption").all_inner_texts()
    assert len(captions) == source.count("mystnb:\n  figure:")
    assert all(len(caption) > 40 for caption in captions)


@each_page
def test_one_search_box_and_a_footer_that_does_not_expire(look, name):
    page = look(name).page
    assert page.locator(".search-button-field:visible, .bd-search:visible").count() == 1
    footer = page.locator(".bd-footer-content").inner_text()
    assert "Pooling, executed" in footer and not re.search(r"\b20\d\d\b", footer)


def test_a_figure_lies_on_the_page_without_a_box(visit, address):
    opened = visit(address, "chapters/02-max-pooling-is-not-a-convolution.html")
    image = opened.page.locator("article figure img").first
    image.scroll_into_view_if_needed()
    image.evaluate("image => image.decode()")
    for scheme in ("light", "dark"):
        opened.turn(1400, scheme)
        opened.page.wait_for_function(
            "scheme => document.documentElement.dataset.theme === scheme", arg=scheme
        )
        box = image.bounding_box()
        inside = {"x": box["x"] + 3, "y": box["y"] + 3, "width": 1, "height": 1}
        outside = inside | {"x": box["x"] - 8}
        inner, outer = (opened.page.screenshot(clip=clip) for clip in (inside, outside))
        assert inner == outer, scheme


def test_the_front_door_leads_to_the_index(visit, address):
    page = visit(address, "").page
    page.wait_for_url("**/chapters/index.html")


def test_the_landing_page_shows_answers_picture_and_ways_in_on_one_screen(look):
    opened = look("index")
    for part in ("table", "img.cover", ".ways"):
        assert opened.foot(f"article {part}") <= 900, part
    assert opened.page.locator("article table >> nth=0").locator("tbody tr").count() == 7


@pytest.mark.parametrize("name", ["index", CHAPTERS[0]])
def test_the_keyboard_reaches_everything(visit, address, name):
    assert visit(address, f"chapters/{name}.html").beyond_the_keyboard() == []


@pytest.mark.parametrize(
    ("words", "chapter"), [("max of five", "03-"), ("padding", "04-"), ("temperature", "07-")]
)
def test_the_search_finds(visit, address, words, chapter):
    found = visit(address, f"search.html?q={words}").found()
    assert any(f"/chapters/{chapter}" in link for link in found)


FIRST = {
    "computational cost": "04-",
    "exercise 4": "04-",
    "FLOPs": "04-",
    "receptive field": "05-",
    "global average pooling": "05-",
    "exercise 2": "02-",
}


@pytest.mark.parametrize("words", FIRST)
def test_the_search_finds_a_chapter_first_by_its_words_and_shows_prose(visit, address, words):
    opened = visit(address, f"search.html?q={words}")
    assert f"/chapters/{FIRST[words]}" in opened.found()[0]
    opened.page.wait_for_selector("#search-results li p.context")
    snippets = " ".join(opened.page.locator("#search-results li p.context").all_inner_texts())
    assert "Open in Colab" not in snippets and "Print to PDF" not in snippets


def test_the_search_finds_nothing_where_nothing_is(visit, address):
    assert visit(address, "search.html?q=zeppelin").found() == []


@each_chapter
def test_a_first_visit_is_light(look, name):
    assert 100_000 < look(name).page.evaluate("eyes.weight()") <= 300_000


@each_chapter
def test_each_button_leads_to_a_committed_notebook(look, book, name):
    page = look(name).page
    chapter = ROOT / "chapters" / f"{name}.md"
    notebooks = {"colab": book.notebook(chapter), "student": book.student_notebook(chapter)}
    notebooks = {label: path for label, path in notebooks.items() if path.exists()}
    assert "colab" in notebooks
    for label in ("colab", "student"):
        links = page.locator(f".btn-{label}").evaluate_all("all => all.map(a => a.href)")
        wanted = [book.colab_url(notebooks[label])] if label in notebooks else []
        assert links == wanted
    links = page.locator("a[href$='.ipynb'][href*='_sources/']").evaluate_all(
        "all => all.map(a => a.href)"
    )
    downloaded = [page.request.get(link).body() for link in links]
    assert downloaded == [path.read_bytes() for path in notebooks.values()]


@each_page
def test_a_page_says_what_it_is_about(look, name):
    page = look(name).page
    text = page.locator("meta[name=description]").get_attribute("content")
    assert 50 < len(text) < 165
    assert page.locator("meta[property='og:description']").get_attribute("content") == text
    cards = page.locator("meta[property='og:image']").count()
    assert cards == bool(os.environ.get("SITE_URL"))  # a card needs the site's address


# The last to look: it spends the page.
@each_page
def test_a_page_has_no_problem_on_any_screen(look, name):
    assert look(name).problems() == []
