"""Put what a lecturer hands out beside the built site: python -m tools.handouts

    notebooks/NN.ipynb -> _build/html/slides/NN.html, a deck of slides
    chapters/NN.md -> _build/html/exercises.pdf and solutions.pdf, all tasks on sheets

nbconvert renders both, for the cells are the notebooks' own; formulas are typeset here, as
on the pages, and everything a slide needs lies beside it.
"""

import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from nbconvert import HTMLExporter, SlidesExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from tools.pdf import chromium, print_page
from tools.sheets import SHEETS, sheet
from tools.slides import deck

from book.book import Book, read_notebook
from book.export import write
from book.formulas import COMMA, FONTS, start
from book.head import LICENCES

HERE = Path(__file__).parent
REVEAL = Path(find_spec("sphinx_revealjs").origin).parent / "_static" / "revealjs"
FILES = "dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js"
EXPORTERS = {"slides": SlidesExporter, "sheets": HTMLExporter}  # each with its template
LICENCE = "reveal.js, which shows the slides\n=================================\n\n"


def main(root: str = ".", html: str | None = None) -> int:
    book = Book(Path(root))
    site = Path(html).resolve() if html else book.html
    with chromium() as browser:
        for file in hand_out(book, site, browser):
            print(file)
    return 0


def hand_out(book: Book, site: Path, browser) -> list[Path]:
    """Write slides, sheets and the licence of reveal.js into a built site."""
    engine = start()
    written = write_slides(book, site / "slides", engine)
    for name in SHEETS:
        written.append(site / f"{name}.pdf")
        write(written[-1], print_sheet(book, site, name, engine, browser))
    engine.close()  # an open engine keeps the process alive
    own = LICENCE + (REVEAL / "LICENSE").read_text("utf8")
    if own not in (others := (site / LICENCES).read_text("utf8")):
        write(site / LICENCES, f"{others}\n\n{own}")
    return written


def write_slides(book: Book, folder: Path, engine) -> list[Path]:
    """A deck for each chapter that answers an exercise."""
    (folder / "reveal").mkdir(parents=True, exist_ok=True)
    for file in FILES:
        shutil.copy(REVEAL / file, folder / "reveal")
    shutil.copy(HERE / "slides.css", folder)
    chapters = [chapter for chapter in book.chapters if book.student_notebook(chapter).exists()]
    for chapter in chapters:
        slides = deck(read_notebook(book.notebook(chapter)), chapter.stem)
        write(folder / f"{chapter.stem}.html", render("slides", slides, book, engine))
    return [folder / f"{chapter.stem}.html" for chapter in chapters]


def print_sheet(book: Book, site: Path, name: str, engine, browser) -> bytes:
    """One of SHEETS as a PDF."""
    page = browser.new_page(color_scheme="light")
    page.goto((site / "chapters" / "index.html").as_uri())  # beside it are the fonts
    page.set_content(render("sheets", sheet(book, name), book, engine))
    page.add_style_tag(path=HERE / "sheets.css")
    page.evaluate("document.fonts.ready.then(() => true)")
    printed = print_page(page)
    page.close()
    return printed


def render(kind: str, notebook: NotebookNode, book: Book, engine) -> str:
    """What nbconvert makes of a notebook, with the formulas and the links of the book."""

    class Renderer(IPythonRenderer):
        def inline_math(self, tex: str) -> str:
            return f'<span class="math">{engine.call("typeset", tex, False)}</span>'

        def block_math(self, tex: str) -> str:
            return f'<div class="math">{engine.call("typeset", tex.strip(), True)}</div>'

    renderer = Renderer(escape=False, exclude_anchor_links=True)

    def markdown(source: str) -> str:
        return MarkdownWithMath(renderer=renderer).render(source)

    template = {"template_file": f"{kind}.html.j2", "extra_template_paths": [str(HERE)]}
    no_prompts = {"exclude_input_prompt": True, "exclude_output_prompt": True}
    exporter = EXPORTERS[kind](filters={"markdown2html": markdown}, **template, **no_prompts)
    page, _ = exporter.from_notebook_node(notebook)
    # A notebook's links lead to other notebooks, those of a handout to the pages.
    notebook_url = re.escape(book.colab_url(book.notebooks)) + r"/([\w-]+)\.ipynb"
    page = COMMA.sub(r"\1\2</span>", re.sub(notebook_url, r"../chapters/\1.html", page))
    styles = engine.call("styles").replace("FONTS", f"../{FONTS}")
    return page.replace("<!-- formulas -->", styles, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
