"""What a page tells those who have not opened it: search engines, link previews."""

import os
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

BOOK = "The seven exercises on pooling of Dive into Deep Learning, each claim proved, run or cited."


def setup(app: Sphinx) -> None:
    app.connect("config-inited", set_address)
    app.connect("html-page-context", describe)
    app.connect("build-finished", write_extras)


def set_address(app: Sphinx, config) -> None:
    """`html.baseurl` of _config.yml, or SITE_URL, where the workflow puts it."""
    address = config.html_baseurl or os.environ.get("SITE_URL", "")
    config.html_baseurl = address and address.rstrip("/") + "/"
    # The name beside the mark stays the book's, whatever a page's title ends in.
    logo = {"text": config.html_title, "alt_text": ""}
    config.html_theme_options = {**config.html_theme_options, "logo": logo}


def describe(app: Sphinx, pagename, templatename, context, doctree) -> None:
    title = context.get("title", "")
    if pagename == app.config.root_doc:
        title, context["docstitle"] = app.config.html_title, "seven answers that run"
    text = description(doctree) if doctree else BOOK
    properties = {
        "og:title": title,
        "og:type": "article" if doctree else "website",
        "og:site_name": app.config.html_title,
        "og:description": text,
    }
    names = {"description": text, "twitter:card": "summary"}
    if address := app.config.html_baseurl:
        properties["og:url"] = address + app.builder.get_target_uri(pagename)
        properties["og:image"] = address + "_static/card.png"
        properties["og:image:alt"] = "One picture of 16 by 16 cells, pooled in four ways"
        names["twitter:card"] = "summary_large_image"
    context["metatags"] = context.get("metatags", "") + "".join(
        f'<meta {kind}="{key}" content="{escape(value)}">\n'
        for kind, values in (("name", names), ("property", properties))
        for key, value in values.items()
    )


def description(doctree: nodes.document) -> str:
    """The short answer, or the first paragraph where there is none."""
    answers = (a for a in doctree.findall(nodes.admonition) if a[0].astext() == "Short answer")
    where = next(answers, doctree)
    paragraph = next(iter(where.findall(nodes.paragraph)), None)
    words = paragraph.astext().split() if paragraph else BOOK.split()
    text = ""
    for word in words:
        if len(text) + len(word) > 155:
            return text.strip() + " …"
        text += f"{word} "
    return text.strip()


def write_extras(app: Sphinx, problem: Exception | None) -> None:
    """A page for addresses that lead nowhere; where it is known, a map of the site."""
    if problem or app.builder.format != "html":
        return
    address = app.config.html_baseurl
    lost = (Path(__file__).parent / "404.html").read_text("utf8")
    Path(app.outdir, "404.html").write_text(lost.replace("{home}", address or "/"), "utf8")
    if address:
        pages = sorted(app.env.found_docs)
        places = "".join(
            f"<url><loc>{escape(address + app.builder.get_target_uri(page))}</loc></url>\n"
            for page in pages
        )
        Path(app.outdir, "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n',
            "utf8",
        )
