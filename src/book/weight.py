"""What makes a first visit light: the icons in use, and nothing that holds up a page."""

import base64
import io
import logging
import re
from pathlib import Path

from fontTools import subset
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from book.export import write

FAMILY = "Font Awesome 6"
FONTS = {"solid": 900, "brands": 400}
STYLE = f"""\
/* Font Awesome Free, cut down to the icons in use; its licence: licences.txt */
.fas, .fa-solid, .fab, .fa-brands {{ font-family: "{FAMILY}"; font-style: normal; line-height: 1; }}
.fas, .fa-solid {{ font-weight: 900; }}
.fab, .fa-brands {{ font-weight: 400; }}
.fa-lg {{ font-size: 1.25em; }}
"""


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", lighten, priority=900)  # after all that adds to a page
    app.connect("build-finished", write_icons)


def lighten(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Let no script hold up a page, and no figure that is further down."""
    for script in context["script_files"]:
        # The theme sets one of its options while the page is read.
        if script.filename and "documentation_options" not in script.filename:
            script.attributes.setdefault("defer", "defer")
    sources = {name: Path(app.srcdir, uri) for uri, name in app.builder.images.items()}

    def figure(match: re.Match) -> str:
        size = _size(sources[match[1]])
        return f'<img loading="lazy"{size} ' if size else match[0]

    body = re.sub(r'<img (?=[^>]*_images/([^"]+)")', figure, context.get("body", ""))
    # What has to be scrolled, the keyboard scrolls too.
    table = '<div class="pst-scrollable-table-container"'
    body = body.replace(f"{table}>", f'{table} tabindex="0">')
    # A name for the ear that hides the words on the screen from it.
    context["body"] = body.replace(' aria-label="Toggle hidden content"', "")


def _size(figure: Path) -> str:
    """The place that a page keeps free for a figure of matplotlib, which counts in points."""
    head = figure.read_text("utf8")[:1000] if figure.suffix == ".svg" else ""
    sides = re.findall(r' (width|height)="([\d.]+)pt"', head)
    return "".join(f' {side}="{float(points) * 4 / 3:.0f}"' for side, points in sides)


def write_icons(app: Sphinx, problem: Exception | None) -> None:
    """Two small fonts of the icons that pages and scripts name and style sheets draw."""
    if problem or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    folders = sorted(static.glob("vendor/fontawesome/*"))
    if len(folders) != 1:
        raise ExtensionError(f"the theme has no Font Awesome in {static}/vendor: see book.weight")
    rules = (folders[0] / "css/all.min.css").read_text("utf8")
    named = {
        name: code
        for selectors, code in re.findall(r'([^{}]+){content:"\\(\w+)"}', rules)
        for name in re.findall(r"\.fa-([\w-]+):", selectors)
    }
    texts = [*Path(app.outdir).rglob("*.html"), *static.glob("scripts/*.js")]
    words = {word for path in texts for word in re.findall(r"fa-([\w-]+)", path.read_text("utf8"))}
    sheets = [
        path.read_text("utf8") for path in static.rglob("*.css") if folders[0] not in path.parents
    ]
    drawn = {code for sheet in sheets for code in re.findall(r'"\\(f\w{3})"', sheet)}
    used = {name: named[name] for name in sorted(words & named.keys())}
    codes = {int(code, 16) for code in (*used.values(), *drawn)}
    text = STYLE
    for name, weight in FONTS.items():
        font = base64.b64encode(
            cut(folders[0] / f"webfonts/fa-{name}-{weight}.ttf", codes)
        ).decode()
        text += f':root {{ --fa-font-{name}: normal {weight} 1em/1 "{FAMILY}"; }}\n'
        text += f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        text += f"src: url(data:font/woff;base64,{font}); }}\n"
    for name, code in used.items():
        text += f'.fa-{name}::before {{ content: "\\{code}"; }}\n'
    write(static / "icons.css", text)


def cut(font: Path, codes: set[int]) -> bytes:
    """The font, as WOFF, with these characters alone; a browser refuses one that has none."""
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells every step
    options = subset.Options(flavor="woff", layout_features=[])
    loaded = subset.load_font(font, options)
    drawn = loaded.getBestCmap().keys()
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes & drawn or {min(drawn)})
    subsetter.subset(loaded)
    subset.save_font(loaded, buffer := io.BytesIO(), options)
    return buffer.getvalue()
