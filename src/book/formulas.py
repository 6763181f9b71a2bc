"""Formulas, typeset while the book is built: no page carries a script for them.

MathJax itself does it, in the V8 engine of `mini-racer`; the page gets its HTML
with MathML inside for screen readers, the styles of its own glyphs, and fonts.
"""

import re
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from py_mini_racer import MiniRacer
from sphinx.application import Sphinx
from sphinx.util import logging

from book.export import write
from book.weight import cut

MATHJAX = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"
FONTS = "_static/mathjax"
# No line begins with the comma behind a formula.
COMMA = re.compile(r"(</mjx-container>)</span>([.,;:?)]+)")
FIRST = ("Main-Regular", "Math-Italic")  # nearly every formula needs these two

PARTS = ["startup", "core", "adaptors/liteDOM", "input/tex-full"]
PARTS += ["output/chtml", "output/chtml/fonts/tex", "a11y/assistive-mml"]
SETTINGS, START = Path(__file__).with_suffix(".js").read_text("utf8").split("// start\n")


def start() -> MiniRacer:
    """An engine that holds MathJax, with two functions: typeset(tex, display) and styles()."""
    engine, files = MiniRacer(), [MATHJAX / f"{part}.js" for part in PARTS]
    engine.eval(";\n".join([SETTINGS, *(file.read_text("utf8") for file in files), START]))
    return engine


class Typesetter:
    """Sphinx's math renderer; one engine serves all pages of a build."""

    def __init__(self, app: Sphinx):
        self.engine = None
        app.add_html_math_renderer("typeset", (self.inline, None), (self.display, None))
        app.connect("html-page-context", self.add_styles)
        app.connect("build-finished", self.finish)

    def typeset(self, node: nodes.Node, display: bool) -> str:
        self.engine = self.engine or start()
        html = self.engine.call("typeset", node.astext(), display)
        if "data-mjx-error" in html:
            logging.getLogger(__name__).warning("no formula: %s", node.astext(), location=node)
        return html

    def inline(self, translator, node: nodes.math) -> None:
        start = translator.starttag(
            node, "span", "", CLASS="math notranslate nohighlight", **{"data-tex": node.astext()}
        )
        translator.body.append(f"{start}{self.typeset(node, False)}</span>")
        raise nodes.SkipNode

    def display(self, translator, node: nodes.math_block) -> None:
        start = translator.starttag(
            node, "div", CLASS="math notranslate nohighlight", **{"data-tex": node.astext()}
        )
        # One that is too wide scrolls, with the keyboard as well.
        html = self.typeset(node, True).replace("<mjx-container", '<mjx-container tabindex="0"', 1)
        translator.body.append(f"{start}{html}</div>\n")
        raise nodes.SkipNode

    def add_styles(self, app, pagename, templatename, context, doctree) -> None:
        if "<mjx-container" in context.get("body", ""):
            fonts = context["pathto"](FONTS, 1)
            context["body"] = COMMA.sub(r"\1\2</span>", context["body"])
            context["metatags"] += "".join(
                f'<link rel="preload" as="font" type="font/woff" crossorigin '
                f'href="{fonts}/MathJax_{name}.woff">\n'
                for name in FIRST
            ) + self.engine.call("styles").replace("FONTS", fonts)

    def finish(self, app: Sphinx, problem) -> None:
        """Give the site MathJax's fonts, cut to the characters that its pages draw."""
        if self.engine:
            self.engine.close()  # an open engine keeps the process alive
        if problem or app.builder.format != "html":
            return
        texts = [page.read_text("utf8") for page in Path(app.outdir).rglob("*.html")]
        found = {c for text in texts for c in re.findall(r'content: "(\\\w+|.)"', text)}
        codes = {int(c[1:], 16) if c[1:] else ord(c) for c in found}
        for font in (MATHJAX / "output/chtml/fonts/woff-v2").glob("*.woff"):
            write(Path(app.outdir, FONTS, font.name), cut(font, codes))
