"""Print the built site into one PDF, which is published beside it: python -m tools.pdf

All pages become one, which is printed twice: the first time shows on which page
each chapter starts, the second has those numbers in its contents.
"""

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unicodedata import normalize

from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from book.book import Book

FOOTER = """
<div style="font: 8pt sans-serif; width: 100%; text-align: center; color: #555">
<span class="pageNumber"></span></div>
"""
NUMBER = """starts => document.querySelectorAll('.book-contents .page')
.forEach((entry, i) => { entry.textContent = starts[i] })"""
BROWSERS = "chromium", "chromium-browser", "google-chrome"
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)


def main(root: str = ".", html: str | None = None) -> int:
    book = Book(Path(root))
    site = Path(html).resolve() if html else book.html
    with chromium() as browser:
        printed = print_pages(book, site, browser)
    (site / book.pdf).write_bytes(printed)
    print(f"{book.pdf}: {len(PdfReader(io.BytesIO(printed)).pages)} pages, in {site}")
    return 0


def print_pages(book: Book, site: Path, browser) -> bytes:
    """The PDF of a built site."""
    files = {site / f"{name}.html": title for name, title in book.pages.items()}
    pages = [(file.stem, file.read_text("utf8"), title) for file, title in files.items()]
    page = browser.new_page(color_scheme="light")
    page.goto(next(iter(files)).as_uri())
    page.evaluate(_beside(".js"), pages)
    page.evaluate("title => { document.title = title }", book.config["title"])
    page.add_style_tag(content=_beside(".css"))
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    # Going over to print starts the fonts anew, and printing does not wait for them.
    page.emulate_media(media="print")
    page.evaluate("document.body.offsetHeight; document.fonts.ready.then(() => true)")
    names = [name for name, *_ in pages]
    starts = first_pages(print_page(page), names)
    page.evaluate(NUMBER, starts)
    printed = print_page(page)
    page.close()
    if first_pages(printed, names) != starts:
        raise RuntimeError("the contents moved the chapters that they number")
    return printed


@contextmanager
def chromium() -> Iterator:
    """The Chromium of this machine, as a browser of playwright."""
    if not CHROMIUM:
        sys.exit(f"none of {', '.join(BROWSERS)} is installed, and one is needed to print")
    with sync_playwright() as playwright:
        quiet = ["--disable-background-networking", "--disable-component-update"]
        # Chromium refuses its sandbox to root, as in a container.
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=quiet, chromium_sandbox=not root
        )
        yield browser
        browser.close()


def _beside(suffix: str) -> str:
    return Path(__file__).with_suffix(suffix).read_text("utf8")


def print_page(page) -> bytes:
    return page.pdf(
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
        prefer_css_page_size=True,
        print_background=True,
        outline=True,
        tagged=True,
    )


def first_pages(pdf: bytes, names: list[str]) -> list[int]:
    """Where each page of the book begins, counted from 1: the contents link there."""
    reader = PdfReader(io.BytesIO(pdf))
    places = reader.named_destinations
    return [reader.get_destination_page_number(places[f"/{name}"]) + 1 for name in names]


def words(page) -> str:
    """A page's text without blanks, and without ligatures such as that of two f's."""
    return "".join(normalize("NFKC", page.extract_text()).split())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
