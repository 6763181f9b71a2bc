"""What someone who has one of the seven questions meets on its page: the answer first."""

import re

import pytest

from browser import serve
from conftest import ROOT

BUDGET = {"01": 700, "02": 900, "03": 1400, "04": 1000, "05": 1400, "06": 800, "07": 1100}

CHAPTERS = [
    path.stem
    for path in sorted((ROOT / "chapters").glob("[0-9]*.md"))
    if not path.stem.endswith("-in-depth")
]
DEPTHS = [path.stem for path in sorted((ROOT / "chapters").glob("*-in-depth.md"))]

# The scope lets all tests of a page follow each other: it is opened once.
each_chapter = pytest.mark.parametrize("name", CHAPTERS, scope="module")
each_page = pytest.mark.parametrize("name", CHAPTERS + DEPTHS, scope="module")

MEASURES = """
window.reading = {
  foot: (selector) => Math.max(...[...document.querySelectorAll(selector)]
    .map((e) => e.getBoundingClientRect().bottom + scrollY)),
  top: (selector) => document.querySelector(selector).getBoundingClientRect().top + scrollY,
  visible: (e) => e.checkVisibility({ contentVisibilityAuto: true }),
  cells: () => [...document.querySelectorAll("article div.cell_input pre")]
    .filter(reading.visible).map((e) => e.innerText.trimEnd()),
  scrolls: (selector) => [...document.querySelectorAll(selector)]
    .filter((e) => reading.visible(e) && e.scrollWidth > e.clientWidth + 1
                   && getComputedStyle(e).overflowX !== "visible")
    .map((e) => e.innerText.trim().slice(0, 60)),
  share: () => {
    const height = (e) => e.getBoundingClientRect().height;
    const code = [...document.querySelectorAll("article div.cell_input")].filter(reading.visible);
    return code.reduce((sum, e) => sum + height(e), 0) / height(document.querySelector("article"));
  },
  line: () => { // characters in the full lines of the main text
    const counts = [];
    for (const p of document.querySelectorAll("article section > p")) {
      if (p.querySelector("mjx-container, code") || !reading.visible(p)) continue;
      const rows = new Map(), range = document.createRange();
      const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        for (let i = 0; i < node.length; i++) {
          range.setStart(node, i); range.setEnd(node, i + 1);
          const row = Math.round(range.getBoundingClientRect().bottom / 6);
          rows.set(row, (rows.get(row) ?? 0) + 1);
        }
      }
      counts.push(...[...rows.values()].slice(0, -1));
    }
    counts.sort((a, b) => a - b);
    return counts[Math.floor(counts.length / 2)];
  },
  smallest: () => Math.min(...[...document.querySelectorAll("article svg text")]
    .filter(reading.visible).map((e) => parseFloat(getComputedStyle(e).fontSize)
      * e.getScreenCTM().a)),
  twice: () => {
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    return ids.filter((id, i) => ids.indexOf(id) !== i);
  },
};
"""


@pytest.fixture(scope="module")
def page(visit, site):
    """A page of the book, as the last test left it."""
    with serve(site) as address:

        def open_page(name, width=1400, height=900):
            page = visit(address, f"chapters/{name}.html", anew=False).page
            page.evaluate(MEASURES)
            page.set_viewport_size({"width": width, "height": height})
            return page

        yield open_page


def prose(text: str) -> str:
    """A chapter's source without front matter, code, *Your turn* and sources."""
    text = re.sub(r"\A---.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"```+\{code-cell\}.*?\n```+", "", text, flags=re.S)
    text = re.sub(r"^## Your turn.*?(?=^## )", "", text, flags=re.S | re.M)
    return re.sub(r"^## Sources.*", "", text, flags=re.S | re.M)


def test_prose_is_counted_without_code_task_and_sources():
    text = "---\na: b\n---\n# One two\n```{code-cell} x\nx\n```\n"
    text += "## Your turn\nno\n## Three\n## Sources\nx"
    assert prose(text).split() == ["#", "One", "two", "##", "Three"]


@each_chapter
def test_a_chapter_keeps_to_its_words(name):
    words = len(prose((ROOT / "chapters" / f"{name}.md").read_text("utf8")).split())
    assert words <= 1.1 * BUDGET[name[:2]]


@each_chapter
def test_the_answer_is_whole_on_the_first_screen_and_begun_on_a_phone(page, name):
    assert page(name).evaluate("reading.foot('article .admonition.tip')") <= 900
    assert page(name, 390, 844).evaluate("reading.top('article .admonition.tip p + p')") <= 790


@each_chapter
def test_the_short_answer_is_short(page, name):
    words = page(name).locator("article .admonition.tip >> nth=0").inner_text().split()
    assert len(words) <= 2 + 80


@each_chapter
def test_the_picture_begins_high_on_the_page(page, name):
    assert page(name).evaluate("reading.top('[data-movable]:not([data-movable=ask])')") <= 1800
    turn = page(name).evaluate("reading.top('#your-turn')")
    assert page(name).evaluate("reading.top('[data-movable=ask]')") < turn


@each_chapter
def test_code_is_read_in_small_cells_and_is_a_third_at_most(page, name):
    for cell in page(name).evaluate("reading.cells()"):
        lines = cell.split("\n")
        assert len(lines) <= 12 and max(map(len, lines)) <= 72, cell
    assert page(name).evaluate("reading.share()") <= 1 / 3


@each_page
def test_nothing_scrolls_sideways_on_a_laptop_and_no_table_on_a_phone(page, name):
    boxes = "article :is(pre, .pst-scrollable-table-container, div.math, mjx-container)"
    assert page(name, 1280).evaluate("selector => reading.scrolls(selector)", boxes) == []
    tables = "article .pst-scrollable-table-container"
    assert page(name, 390, 844).evaluate("selector => reading.scrolls(selector)", tables) == []


@each_page
def test_a_line_of_text_is_as_long_as_the_eye_likes(page, name):
    assert 60 <= page(name).evaluate("reading.line()") <= 78


@each_page
def test_no_place_has_two_names_and_no_marker_is_shown(page, name):
    assert page(name).evaluate("reading.twice()") == []
    text = page(name).locator("article").text_content()
    assert "### BEGIN" not in text and "### END" not in text


@each_page
def test_every_fold_says_what_it_holds(page, name):
    folds = page(name).locator("article summary").all_text_contents()  # closed ones too
    assert not [text for text in folds if "code cell" in text or not text.strip()]


@each_page
def test_copied_text_keeps_its_formulas(page, name):
    copied = page(name).evaluate(
        """() => {
          const box = document.querySelector("article p:has(mjx-container)");
          const range = document.createRange();
          range.selectNodeContents(box);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          const event = new ClipboardEvent("copy", { clipboardData: new DataTransfer() });
          document.dispatchEvent(event);
          const tex = [...box.querySelectorAll("[data-tex]")].map((e) => e.dataset.tex);
          return [event.clipboardData.getData("text/plain"), tex];
        }"""
    )
    text, formulas = copied
    assert formulas and all(f"${tex}$" in text for tex in formulas)


@each_chapter
def test_the_title_names_the_exercise_and_the_exercise_links_to_d2l(page, name):
    assert page(name).title().startswith(f"d2l 7.5, exercise {int(name[:2])}: ")
    link = page(name).locator("article blockquote a").first.get_attribute("href")
    assert link.startswith("https://d2l.ai/") and link.endswith("pooling.html#exercises")
    words = page(name).locator("meta[name=description]").get_attribute("content")
    assert "\\" not in words and "$" not in words


@each_chapter
def test_a_place_that_moved_to_the_depth_is_found_there(page, name):
    tab = page(name)
    depth, address = name[:2] + "-in-depth", tab.url
    moved = tab.evaluate(
        """async page => {
          const text = await (await fetch(page)).text();
          const other = new DOMParser().parseFromString(text, "text/html");
          return other.querySelector("article section section[id]").id;
        }""",
        f"{depth}.html",
    )
    tab.goto("about:blank")  # from the page itself, it would be no visit
    tab.goto(f"{address}#{moved}", wait_until="commit")
    tab.wait_for_url(f"**/{depth}.html#{moved}", wait_until="commit")
