"""The slides: what they show of a chapter, and how that looks in a browser."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tools.sheets import SHEETS
from tools.slides import LINES, dealt, deck, lines_of, parts, shortened

from book.book import read_notebook
from book.formulas import start
from browser import Visit, new_tab, serve
from conftest import ROOT
from movable.harness import Case
from tools import handouts

CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks" / "student").glob("*.ipynb"))
each_chapter = pytest.mark.parametrize("name", CHAPTERS)

# Slides with something beyond their edges, and those whose text is below 20 pixels.
MISFITS = """() => Reveal.getSlides().flatMap(slide => {
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v);
  const seen = [...slide.querySelectorAll("*")].filter(e => !e.closest("aside, mjx-assistive-mml"));
  const boxes = seen.map(e => e.getBoundingClientRect()).filter(box => box.width && box.height);
  const out = boxes.some(b => b.left < 0 || b.top < 0 || b.right > 1280 || b.bottom > 690);
  const size = 27 * (slide.style.getPropertyValue("--fit") || 1);
  const title = slide.querySelector("h1, h2, h3").textContent;
  return out || size < 20 ? [`${title}: ${out ? "too much" : "too small"}`] : [];
})"""


@pytest.fixture(scope="module")
def address(site, book, browser, once):
    """Where the site is, with the handouts that it has already or is given now."""
    if not (site / "solutions.pdf").exists():
        once("handouts", lambda _: handouts.hand_out(book, site, browser))
    with serve(site) as address:
        yield address


@pytest.fixture
def show(browser, address):
    """Return a function that opens a deck, as a visit that was closed in the end."""
    opened = []

    def open_deck(file):
        opened.append(Visit(new_tab(browser), address, f"slides/{file}"))
        opened[-1].page.set_viewport_size({"width": 1280, "height": 720})
        opened[-1].page.wait_for_function("Reveal.isReady()")
        return opened[-1]

    yield open_deck
    for visit in opened:
        visit.page.close()


@pytest.fixture
def show_cells(show, address, site, book):
    """Return a function that opens the deck of a chapter that has these cells."""
    file = site / "slides" / "test.htm"  # no page to the tests that walk the site meanwhile

    def open_cells(*cells):
        engine = start()
        file.write_text(handouts.render("slides", made(*cells), book, engine), "utf8")
        engine.close()
        return show(file.name)

    yield open_cells
    file.unlink(missing_ok=True)


def made(*cells):
    return deck(new_notebook(cells=[new_markdown_cell("# A title\n\nText."), *cells]), "index")


def faults(visit) -> list[str]:
    """What no deck may have, whatever it shows."""
    own = (visit.address, "data:")
    return [
        *visit.page.evaluate("eyes.faults()"),
        *visit.page.evaluate(MISFITS),
        *visit.said,
        *visit.failed,
        *(url for url in visit.asked if not url.startswith(own)),
    ]


@each_chapter
def test_a_deck_fits_its_screen_asks_nobody_and_its_picture_moves(show, name):
    visit = show(f"{name}.html")
    assert 12 <= visit.page.evaluate("Reveal.getTotalSlides()") <= 20
    assert visit.page.locator("mjx-container").count() > 5
    picture = visit.page.locator("[data-movable]").first.get_attribute("data-movable")
    assert Case(picture).disagreements(visit.page, 5) == []
    assert faults(visit) == []


def test_too_much_too_small_a_dollar_and_another_host_are_noticed(show_cells):
    lines = [new_code_cell("\n".join(["pass"] * count)) for count in (60, 26)]
    elsewhere = '## Elsewhere\n\n$x$ costs 5 dollars, 5&#36;: <img src="http://127.0.0.1:9/a.png">'
    visit = show_cells(
        new_markdown_cell("## Long"),
        lines[0],
        new_markdown_cell("## Small"),
        lines[1],
        new_markdown_cell(elsewhere),
    )
    found = "\n".join(faults(visit))
    for fault in ("Long: too much", "Small: too small", "a dollar sign", "127.0.0.1:9/a.png"):
        assert fault in found


def test_arrows_inside_a_picture_move_it_and_turn_no_slide(show):
    page = show("02-max-pooling-is-not-a-convolution.html").page
    page.evaluate("Reveal.slide(2)")
    picture = page.locator("section.present [data-movable=duel]")
    before = picture.evaluate("picture => picture.state")
    picture.locator("input[type=range]").first.focus()
    page.keyboard.press("ArrowLeft")
    assert picture.evaluate("picture => picture.state") != before
    assert page.evaluate("Reveal.getIndices().h") == 2
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == 3


@each_chapter
def test_a_deck_needs_nothing_that_the_site_lacks(address, site, name):
    text = (site / "slides" / f"{name}.html").read_text("utf8")
    links = {link.partition("#")[0] for link in re.findall(r'(?:href|src)="([^"]+)"', text)}
    local = {link for link in links if link and not re.match("https?:|data:", link)}
    assert len(local) > 3 and all((site / "slides" / link).exists() for link in local), local
    # The fonts are cut to the signs that pages draw.
    drawn = set(re.findall(r'content: "(.+?)"', text))
    page = (site / "chapters" / f"{name}.html").read_text("utf8")
    assert drawn and drawn <= set(re.findall(r'content: "(.+?)"', page))


@each_chapter
def test_a_deck_asks_first_answers_then_and_leaves_no_exercise_answered(book, name):
    notebook = read_notebook(book.notebooks / f"{name}.ipynb")
    slides = []
    for cell in deck(notebook, name).cells:
        if cell.metadata["slideshow"]["slide_type"] in ("slide", "subslide"):
            slides.append([])
        slides[-1].append(cell)
    texts = ["\n".join(cell.source for cell in slide) for slide in slides]
    assert "**Exercise " in texts[0] and "Short answer" not in texts[0]
    assert texts[1].startswith("## Short answer")
    assert slides[2][0].source == "## Try it" and any("movable" in c.metadata for c in slides[2])
    assert texts[-1].startswith("## What to remember")
    assert sum(cell.source == "## A question" for slide in slides for cell in slide) == 1
    shown = "\n".join(texts)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            assert cell.source not in shown
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    figures = sum("image/svg+xml" in output.get("data", {}) for output in outputs)
    assert sum("figure" in cell.metadata for slide in slides for cell in slide) == figures
    assert "Hint" not in shown and "compare(" not in shown


def test_of_a_long_paragraph_the_notes_have_the_rest():
    sentences = [" ".join([f"Sentence {i} of ten words in all, as it"] * 2) for i in range(5)]
    short, long = "\n".join(sentences[:3]), "\n".join(sentences)
    assert shortened(short) == short
    assert shortened(long) == f"{short} …"
    assert shortened(f"{long}\nwhich leads to:") == f"{long}\nwhich leads to:"
    cells = made(new_markdown_cell(f"## Head\n\n{long}")).cells
    kinds = [cell.metadata["slideshow"]["slide_type"] for cell in cells[-3:]]
    assert kinds == ["slide", "-", "notes"]
    assert [cell.source for cell in cells[-3:]] == ["## Head", f"{short} …", long]


def test_slides_are_filled_alike_in_order_and_nothing_leads_into_the_void():
    run = [new_markdown_cell("\n".join(["Line"] * 6)) for _ in range(4)]
    run[1].source += "\nas follows:"
    slides = dealt(run)
    assert [len(slide) for slide in slides] == [1, 2, 1]
    assert [cell for slide in slides for cell in slide] == run
    assert all(sum(lines_of(cell, 80) for cell in slide) <= LINES for slide in slides)


def test_a_formula_stays_with_the_sentence_before_it():
    texts = [new_markdown_cell("\n".join(["Line"] * count)) for count in (14, 10)]
    run = [texts[0], new_markdown_cell("$$\nx\n$$"), texts[1]]
    assert dealt(run) == [run[:2], run[2:]]


def test_a_table_that_is_too_high_goes_on_under_its_head():
    rows = [f"| {i} | {'word ' * 30} |" for i in range(12)]
    tables = parts("\n".join(["| a | b |", "|---|---|", *rows]))
    assert len(tables) > 1
    assert all(table.source.startswith("| a | b |\n|---|---|\n") for table in tables)
    assert [row for table in tables for row in table.source.split("\n")[2:]] == rows


def test_what_is_folded_and_what_grades_is_left_out():
    fold = "<details><summary>a</summary>\n\n<details>b</details>\n\nc</details>"
    check = new_code_cell("check()", metadata={"nbgrader": {"grade": True}})
    cells = made(new_markdown_cell(f"{fold}\n\nseen"), check, new_code_cell("shown = 1")).cells
    assert [cell.source for cell in cells[1:]] == ["Text.", "seen", "shown = 1"]


def test_the_teaching_page_leads_to_every_handout(address, site):
    page = (site / "chapters" / "teaching.html").read_text("utf8")
    links = set(re.findall(r'href="\.\./((?:slides/)?[\w-]+\.(?:html|pdf))"', page))
    wanted = {f"slides/{name}.html" for name in CHAPTERS} | {f"{name}.pdf" for name in SHEETS}
    assert wanted <= links
    assert [link for link in wanted if not (site / link).exists()] == []


def test_the_teaching_page_shows_how_colab_opens_a_notebook_of_a_repository(book):
    text = (ROOT / "chapters" / "teaching.md").read_text("utf8")
    (pattern,) = re.findall(r"^https://colab.*OWNER.*$", text, re.M)
    *_, owner, repository = book.url.split("/")
    for word, value in ("OWNER", owner), ("REPOSITORY", repository), ("BRANCH", book.branch):
        pattern = pattern.replace(word, value)
    notebook = book.student_notebooks / pattern.rpartition("/")[2]
    path = book.relative(notebook.parent)
    assert notebook.exists() and pattern.replace("PATH", path) == book.colab_url(notebook)
