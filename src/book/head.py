"""What stands around a page: its words for search engines and previews, and its footer."""

import os
import re
import textwrap
from html import escape
from importlib.metadata import distribution
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from book.book import Book

BOOK = "The seven exercises on pooling of Dive into Deep Learning, each claim proved, run or cited."
LICENCES = "licences.txt"
# Whose files the site holds. MathJax's package brings no licence; it is the one of requests.
SHIPPED = {
    "pydata-sphinx-theme": "the theme, with Bootstrap (MIT, the Bootstrap authors)",
    "sphinx-book-theme": "the theme",
    "sphinx": "Sphinx",
    "myst-nb": "MyST-NB",
    "sphinx-design": "sphinx-design",
    "sphinx-copybutton": "sphinx-copybutton",
    "sphinx-proof": "sphinx-proof",
    "requests": "the glyphs of MathJax, (c) The MathJax Consortium, cut to those in use",
}


class Head:
    """Connects to a build what its pages say of themselves."""

    def __init__(self, app: Sphinx, book: Book):
        self.book = book
        app.connect("config-inited", self.set_address)
        app.connect("html-page-context", self.describe)
        app.connect("build-finished", self.write_extras)

    def set_address(self, app: Sphinx, config) -> None:
        """`html.baseurl` of _config.yml, or SITE_URL, where the workflow puts it."""
        address = config.html_baseurl or os.environ.get("SITE_URL", "")
        config.html_baseurl = address and address.rstrip("/") + "/"
        # The name beside the mark stays the book's, whatever a page's title ends in.
        logo = {"text": config.html_title, "alt_text": ""}
        config.html_theme_options = {**config.html_theme_options, "logo": logo}

    def describe(self, app: Sphinx, pagename, templatename, context, doctree) -> None:
        title, site = context.get("title", ""), app.config.html_title
        if pagename == app.config.root_doc:
            title, context["docstitle"] = site, "the seven exercises of d2l 7.5, answered"
        elif number := re.match(r"chapters/0?(\d+)-(?!in-depth)", pagename):
            title = context["title"] = f"d2l 7.5, exercise {number[1]}: {title}"
        text = description(doctree) if doctree else BOOK
        names = {"description": text, "twitter:card": "summary"}
        properties = {"og:title": title, "og:type": "article" if doctree else "website"}
        properties |= {"og:site_name": site, "og:description": text}
        files = {LICENCES: "Licences of what this site is made of"}
        if address := app.config.html_baseurl:
            properties["og:url"] = address + app.builder.get_target_uri(pagename)
            properties["og:image"] = address + "_static/card.png"
            properties["og:image:alt"] = "One picture of 16 by 16 cells, pooled in four ways"
            names["twitter:card"] = "summary_large_image"
            files[self.book.pdf] = "The whole book as a PDF"  # publishing prints it
        context["metatags"] = context.get("metatags", "") + "".join(
            f'<meta {kind}="{key}" content="{escape(value)}">\n'
            for kind, values in (("name", names), ("property", properties))
            for key, value in values.items()
        )
        context["theme_extra_footer"] = " · ".join(
            f'<a href="{context["pathto"](name, 1)}">{text}</a>' for name, text in files.items()
        )

    def write_extras(self, app: Sphinx, problem: Exception | None) -> None:
        """Licences, a page for addresses that lead nowhere, and a map where they are known."""
        if problem or app.builder.format != "html":
            return
        out, address = Path(app.outdir), app.config.html_baseurl
        (out / LICENCES).write_text(licences(out / "_static"), "utf8")
        lost = (Path(__file__).parent / "404.html").read_text("utf8")
        (out / "404.html").write_text(lost.replace("{home}", address or "/"), "utf8")
        if address:
            pages = [address + app.builder.get_target_uri(p) for p in sorted(app.env.found_docs)]
            places = "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in pages)
            schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
            text = f'<urlset xmlns="{schema}">\n{places}</urlset>\n'
            (out / "sitemap.xml").write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')


def description(doctree: nodes.document) -> str:
    """The short answer, or the first paragraph where there is none."""
    answers = (a for a in doctree.findall(nodes.admonition) if a[0].astext() == "Short answer")
    answer = next(answers, None)
    paragraphs = (answer or doctree).findall(nodes.paragraph)
    texts = [p.astext() for p in paragraphs if not p["classes"]]  # no line of times
    text = " ".join(texts if answer else texts[:1]) or BOOK
    return textwrap.shorten(text, 157, placeholder=" …")


def licences(static: Path) -> str:
    """The licences of all that others wrote and the site holds."""
    texts = {}
    for name, what in SHIPPED.items():
        files = [f for f in distribution(name).files or () if f.name.startswith("LICENSE")]
        texts[what] = files[0].read_text("utf8")
    (icons,) = static.glob("vendor/fontawesome/*/LICENSE.txt")
    texts["Font Awesome Free, its icons and fonts"] = icons.read_text("utf8")
    return "\n\n".join(f"{what}\n{'=' * len(what)}\n\n{text}" for what, text in texts.items())
