"""A finishing touch to the written pages: what none of them needs is taken out."""

import base64
import io
import logging
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from shutil import rmtree

import tinycss2
from fontTools import subset
from sphinx.application import Sphinx

UNUSED = ("vendor/fontawesome", "design-tabs.js", "proof.js")
# Tokens of code in the colour of plain text: names, punctuation, modules, blanks.
PLAIN = re.compile(r'<span class="(?:n|p|nn|w)">([^<]*)</span>')
FAMILY = "Font Awesome 6"
ICONS = f"""
:root {{ --fa-font-solid: 900 1em/1 "{FAMILY}"; --fa-font-brands: 400 1em/1 "{FAMILY}"; }}
.fas, .fa-solid, .fab, .fa-brands {{ font-family: "{FAMILY}"; font-style: normal; line-height: 1; }}
.fas, .fa-solid {{ font-weight: 900; }}
.fab, .fa-brands {{ font-weight: 400; }}
.fa-lg {{ font-size: 1.25em; }}
"""


def finish(app: Sphinx, problem: Exception | None) -> None:
    """One style sheet, the icons in use, and scripts that do not hold up a page."""
    static = Path(app.outdir, "_static")
    icons = static / "vendor/fontawesome/6.5.2"
    if problem or app.builder.format != "html" or not icons.exists():
        return  # where nothing was out of date, all is tidy already
    pages = {
        path: path.read_text("utf8")
        for path in Path(app.outdir).rglob("*.html")
        if static not in path.parents
    }
    sheets = [s for s in _sheets(pages.values()) if "vendor/" not in s]
    styles = "\n".join(_read(static / sheet) for sheet in sheets)
    scripts = [path.read_text("utf8") for path in static.rglob("*.js")]
    words = set(re.findall(r"[\w-]+", " ".join((*pages.values(), *scripts))))
    styles = "\n".join(_used(tinycss2.parse_stylesheet(styles, True, True), words))
    styles += _icons(icons, words, styles)
    (static / "site.css").write_text(styles, "utf8")
    version = sha256(styles.encode()).hexdigest()[:8]
    options = (static / "documentation_options.js").read_text("utf8")
    figures = {path.name: _size(path) for path in Path(app.outdir, "_images").glob("*.svg")}
    for path, text in pages.items():
        path.write_text(_tidy(text, version, options, figures), "utf8")
    rmtree(static / "vendor")
    for file in (*static.rglob("*.map"), *(static / sheet for sheet in sheets)):
        file.unlink()
    (static / "basic.css").unlink(missing_ok=True)


def _sheets(pages) -> dict[str, None]:
    """Every style sheet that a page names, in the order in which it does."""
    tags = (tag for page in pages for tag in re.findall(r"<link\b[^>]*>", page))
    found = (re.search(r'href="[^"]*_static/([^"?]+\.css)', tag) for tag in tags)
    return dict.fromkeys(match[1] for match in found if match and match[1] != "site.css")


def _read(sheet: Path) -> str:
    """A style sheet with those that it imports in their place."""
    return re.sub(
        r"@import[^;]*?([\w./]+\.css)[^;]*;",
        lambda match: _read(sheet.parent / match[1]),
        sheet.read_text("utf8"),
    )


def _used(rules: list, words: set[str]) -> Iterator[str]:
    """The rules whose class names some page or script mentions."""
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = re.split(r",(?![^(]*\))", tinycss2.serialize(rule.prelude))
            kept = [s.strip() for s in selectors if _matches(s, words)]
            if kept:
                yield f"{','.join(kept)}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inside = "".join(_used(tinycss2.parse_rule_list(rule.content, True, True), words))
            if inside:
                condition = tinycss2.serialize(rule.prelude).strip()
                yield f"@{rule.at_keyword} {condition}{{{inside}}}"
        elif rule.type != "error" and "charset" not in rule.serialize():
            yield rule.serialize()


def _matches(selector: str, words: set[str]) -> bool:
    needed = re.sub(r":not\([^)]*\)", "", selector)
    return all(name in words for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", needed))


def _icons(folder: Path, words: set[str], styles: str) -> str:
    """Two small fonts of the icons that pages name and that style sheets draw."""
    rules = re.findall(r'([^{}]+){content:"\\(\w+)"}', (folder / "css/all.min.css").read_text())
    codes = {
        name: code
        for selectors, code in rules
        for name in re.findall(r"\.fa-([\w-]+):", selectors)
        if f"fa-{name}" in words
    }
    drawn = {int(code, 16) for code in (*codes.values(), *re.findall(r'"\\(f\w{3})"', styles))}
    text = ICONS
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells every step
    for weight, file in ((900, "fa-solid-900.ttf"), (400, "fa-brands-400.ttf")):
        options = subset.Options(flavor="woff", layout_features=[])
        font = subset.load_font(folder / "webfonts" / file, options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=drawn)
        subsetter.subset(font)
        subset.save_font(font, buffer := io.BytesIO(), options)
        data = base64.b64encode(buffer.getvalue()).decode()
        text += f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        text += f"src: url(data:font/woff;base64,{data}); }}\n"
    return text + "".join(
        f'.fa-{name}::before {{ content: "\\{code}"; }}\n' for name, code in sorted(codes.items())
    )


def _size(figure: Path) -> str:
    """The size that a page keeps free for a figure that is not there yet."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', figure.read_text("utf8"))
    unit = 4 / 3  # matplotlib counts points
    return f'width="{float(box[1]) * unit:.0f}" height="{float(box[2]) * unit:.0f}"'


def _tidy(page: str, version: str, options: str, figures: dict[str, str]) -> str:
    def link(match: re.Match) -> str:
        tag = match[0]
        if "styles/theme.css" in tag:  # the first of them
            return re.sub(r'(_static/)[^"]*', rf"\1site.css?v={version}", tag)
        return "" if re.search(r"_static/(?!site)[^\"]*\.css", tag) or _unused(tag) else tag

    def script(match: re.Match) -> str:
        tag = match[0]
        if _unused(tag):
            return ""
        if "documentation_options.js" in tag:
            return f"<script>{options}</script>"
        return (
            tag if re.search(r"\b(defer|async)\b", tag) else tag.replace("<script", "<script defer")
        )

    page = re.sub(r"<link\b[^>]*>\s*", link, page)
    page = re.sub(r"<script\b[^>]*\bsrc=[^>]*></script>", script, page)
    # Figures are named by what they hold; the picture of the landing page is not.
    page = re.sub(
        r'<img (?=[^>]*_images/([0-9a-f]{64}\.svg)")',
        lambda image: f'<img loading="lazy" {figures[image[1]]} ',
        page,
    )
    # No line begins with the comma behind a formula.
    page = re.sub(r"(</mjx-container>)</span>([.,;:?)]+)", r"\1\2</span>", page)
    page = re.sub(r"<pre>.*?</pre>", lambda box: PLAIN.sub(r"\1", box[0]), page, flags=re.S)
    table = '<div class="pst-scrollable-table-container"'
    page = page.replace(f"{table}>", f'{table} tabindex="0">')  # the keyboard scrolls it too
    # A name for the ear that hides the words on the screen from it.
    return page.replace(' aria-label="Toggle hidden content"', "").replace(
        'title="Search" aria-label="Search"', 'title="Search"'
    )


def _unused(tag: str) -> bool:
    return any(name in tag for name in UNUSED)
