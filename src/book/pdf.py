"""Print the built site into one PDF, through Chromium: python -m book.pdf

All pages become one, which is printed twice: the first time shows on which page
each chapter starts, the second has those numbers in its contents.
"""

import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

FOOTER = """
<div style="font: 8pt sans-serif; width: 100%; text-align: center; color: #555">
<span class="pageNumber"></span></div>
"""
# Names of places are kept apart by their page's name; a link to a page of the book
# becomes one to its place in the book.
JOIN = """
pages => {
  const book = document.querySelector("article.bd-article");
  const contents = document.createElement("nav");
  const list = document.createElement("ol");
  contents.append("Contents", list);
  contents.className = "book-contents";
  const names = pages.map(([name]) => name);
  const titles = [];
  const parts = pages.map(([name, text, short]) => {
    const other = new DOMParser().parseFromString(text, "text/html");
    const part = document.createElement("section");
    const styles = other.querySelector("#MJX-CHTML-styles");
    if (styles) part.append(styles);
    part.append(...other.querySelector("article.bd-article").childNodes);
    part.className = "chapter";
    part.querySelectorAll("[id]").forEach(e => { e.id = `${name}--${e.id}` });
    part.querySelectorAll("a[href]").forEach(link => {
      const [page, place] = link.getAttribute("href").split("#");
      const to = page ? page.replace(/[.]html$/, "") : name;
      if (names.includes(to)) link.setAttribute("href", "#" + to + (place ? "--" + place : ""));
    });
    part.querySelectorAll("details").forEach(e => { e.open = true });
    part.querySelectorAll(".headerlink, .copybtn, script").forEach(e => e.remove());
    part.querySelectorAll("img").forEach(e => { e.loading = "eager" });
    part.id = name;
    if (short) part.querySelector("h1").textContent = short;  // with its number
    const entry = document.createElement("li");
    titles.push(part.querySelector("h1").textContent.trim());  // its # is gone by now
    entry.innerHTML = `<a href="#${name}"></a><span class="page"></span>`;
    entry.firstChild.textContent = short ?? titles.at(-1);
    list.append(entry);
    return part;
  });
  parts[0].querySelector(".landing").after(contents);
  book.replaceChildren(...parts);
  document.documentElement.dataset.theme = "light";
  return titles;
}
"""
STYLE = """
@page { size: A4; margin: 18mm 16mm 20mm; }
html { font-size: 12px; }
.bd-header, .bd-header-article, .bd-sidebar-primary, .bd-sidebar-secondary, .bd-footer,
.bd-footer-content, .prev-next-footer, .times, .expanded, .skip-link,
.backrefs, .sd-summary-state-marker { display: none !important; }
.bd-main, .bd-content, .bd-article-container, .bd-article, .bd-page-width, .bd-container__inner {
  display: block !important; max-width: none !important; margin: 0 !important;
  padding: 0 !important; overflow: visible !important; width: auto !important;
}
#jb-print-docs-body { display: none !important; } /* the theme's own title for print */
.chapter h1 { display: block !important; }
.chapter + .chapter { break-before: page; }
h1, h2, h3, summary { break-after: avoid; break-inside: avoid; }
figure, img, tr, pre, .math, .admonition-title, details.hide, .theorem, .lemma, dl.py {
  break-inside: avoid;
}
dl.field-list > dt, dl.py > dt { break-after: avoid; }
/* A shadow would reach the foot of the page before. */
div.admonition, details.admonition, details.sd-card { box-shadow: none !important; }
/* A box goes to the next page with its code; left flexible, it stays behind, empty. */
div.cell, div.cell_input, div.cell_output, div.output, div.highlight, div[class*="highlight-"] {
  display: block !important;
}
div.cell_input, div.cell_output > div { break-inside: avoid; }
pre { white-space: pre-wrap !important; }
table { break-inside: auto !important; }
a.footnote-reference { font-size: 75%; line-height: 0; }
h2 + p:has(+ dl.py) { break-after: avoid; }
.chapter h1 { margin-top: 0 !important; }
.chapter h2 { margin-top: 1.8rem; }
div.cell_output img { max-height: 80mm; width: auto; }
.landing .hero { grid-template-columns: 1fr 18rem !important; }
.landing .ways { grid-template-columns: repeat(3, 1fr) !important; }
.book-contents { font-weight: bold; margin-top: 1.5rem; }
.book-contents ol { font-weight: normal; list-style: none; padding: 0; }
.book-contents li { display: flex; justify-content: space-between; border-bottom: 1px dotted #aaa; }
"""


def main(root: str = ".") -> int:
    folder = Path(root).resolve()
    toc = yaml.safe_load((folder / "_toc.yml").read_text("utf8"))
    config = yaml.safe_load((folder / "_config.yml").read_text("utf8"))
    html = folder / "_build" / "html"
    files = {html / f"{toc['root']}.html": None} | {
        html / f"{entry['file']}.html": entry.get("title") for entry in toc["chapters"]
    }
    pages = [(file.stem, file.read_text("utf8"), title) for file, title in files.items()]
    with chromium() as browser:
        page = browser.new_page(color_scheme="light")
        page.goto(next(iter(files)).as_uri())
        titles = page.evaluate(JOIN, pages)
        page.evaluate("title => { document.title = title }", config["title"])
        page.add_style_tag(content=STYLE)
        page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
        # Going over to print starts the fonts anew, and printing does not wait for them.
        page.emulate_media(media="print")
        page.evaluate("document.body.offsetHeight; document.fonts.ready.then(() => true)")
        starts = _starts(_print(page), titles)
        page.evaluate(
            "starts => document.querySelectorAll('.book-contents .page')"
            ".forEach((e, i) => { e.textContent = starts[i] })",
            starts,
        )
        printed = _print(page)
    if _starts(printed, titles) != starts:
        raise RuntimeError("the contents moved the chapters that they number")
    if any("Serif" in font or "Times" in font for font in _fonts(printed)):
        raise RuntimeError("the formulas were printed in a font of the text")
    out = folder / "_build" / "pooling.pdf"
    out.write_bytes(printed)
    print(f"{out.relative_to(folder)}: {len(PdfReader(io.BytesIO(printed)).pages)} pages")
    return 0


@contextmanager
def chromium() -> Iterator:
    """The Chromium of this machine, as a browser of playwright."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if not (path := next(filter(None, map(shutil.which, names)), None)):
        sys.exit(f"none of {', '.join(names)} is installed")
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, as in a container.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _print(page) -> bytes:
    return page.pdf(
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
        prefer_css_page_size=True,
        print_background=True,
        outline=True,
        tagged=True,
    )


def _fonts(pdf: bytes) -> set[str]:
    """The names of all fonts in use."""
    reader = PdfReader(io.BytesIO(pdf))
    objects = map(reader.get_object, range(1, reader.trailer["/Size"]))
    return {str(o["/BaseFont"]) for o in objects if isinstance(o, dict) and "/BaseFont" in o}


def _starts(pdf: bytes, titles: list[str]) -> list[int]:
    """The page that each title opens, counted from 1."""
    texts = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
    starts = [0]
    for title in titles:
        opening = "".join(title.split())
        starts.append(
            next(
                i for i, text in enumerate(texts, 1) if i > starts[-1] and text.startswith(opening)
            )
        )
    return starts[1:]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
