"""What every movable picture shares: its HTML, its first state as SVG, its numbers.

A picture NAME is two files beside this one. `_NAME.py` holds

    compute(state)       the result, by torch and `pooling`: numbers and lists, or {"error": words}
    says(state, result)  the sentences under the picture, which hold the result's numbers
    draw(state, result)  the picture before anyone touches it, by `drawing`, `text`, `rect`, `line`
    NAME(...)            public: return show_picture(__name__, state, task)

and `NAME.js` the same once more for the browser: define("NAME", class extends Picture {...}) with
`compute`, `says` and `draw`, and `controls` for what the reader moves (see shared.js). The tests
compare the two on random states, so they cannot drift: results, sentences and drawn words.
"""

import json
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from lesson.plots import COLORS

HERE = Path(__file__).parent
COMMENT = re.compile(r"(^|\s)//\s[^\"'`]*$|/\*[^*]*\*/")

STYLE = """text { font: 13px system-ui, sans-serif; text-anchor: middle; fill: #1f2328 }
.left { text-anchor: start } .bold { font-weight: 600 } .axis { stroke: #1f2328 }
.cell { fill: #f3f4f5; stroke: #c9cdd1 } .top { fill: #f2cfb5 }
.lit { stroke: #1f2328; stroke-width: 2 } .padding { stroke-dasharray: 3 2 }
.plus, .minus { stroke: #D55E00; stroke-width: 1.5 }
.minus { stroke: #0072B2; stroke-dasharray: 5 3 }
""" + "".join(f".{kind} {{ fill: {color} }}" for kind, color in COLORS.items())


@dataclass(frozen=True)
class Shown:
    """A picture or question that a notebook displays; one text that holds all it needs."""

    name: str
    state: dict  # the first one
    task: str  # what the reader is to do
    still: str  # HTML, for where scripts do not run
    says: str
    uses: tuple[str, ...] = ()  # other scripts
    given: dict | None = None  # what the script needs and never changes

    def _repr_html_(self) -> str:
        tag, data = f"movable-{self.name}", _data("state", self.state)
        if self.given is not None:
            data += _data("given", self.given)
        return (
            f'<{tag} data-movable="{self.name}"{data}>\n'
            f'<p slot="task">{escape(self.task)}</p>\n{self.still}\n</{tag}>\n'
            f"<script>\n{script(*self.uses, self.name)}</script>"
        )

    def __repr__(self) -> str:
        return f"{self.task}\n{self.says}"


def show_picture(module: str, state: dict, task: str, uses: tuple[str, ...] = ()) -> Shown:
    """Draw the first state of the picture whose `compute`, `says` and `draw` a module holds.

    Args:
        uses: other scripts that the picture's own needs, such as "pooling".
    """
    picture = import_module(module)
    result = picture.compute(state)
    if "error" in result:
        raise ValueError(result["error"])
    words, image = picture.says(state, result), quote(picture.draw(state, result), " /:;=,()'")
    still = f'<img alt="{escape(words)}" src="data:image/svg+xml,{image}">\n<p>{escape(words)}</p>'
    return Shown(module.rpartition("._")[2], state, task, still, words, uses)


def script(*names: str) -> str:
    """The shared script and a picture's own, in one function that runs once on a page.

    >>> "define(" in script("duel")
    True
    """
    colors = "".join(f"--{kind}: {color};" for kind, color in COLORS.items())
    styles = f":host {{ {colors} }}\n{_read('shared.css')}"
    parts = [f"const CSS = `{styles}`;\n", *(_read(f"{name}.js") for name in ("shared", *names))]
    # Comments and margins are for those who read the files, not for a page to carry.
    lines = [COMMENT.sub("", line).strip() for line in "".join(parts).splitlines()]
    once = f'if (customElements.get("movable-{names[-1]}")) return;'
    return "\n".join(["(() => {", once, *filter(None, lines), "})();\n"])


def _data(name: str, value: dict) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f" data-{name}='{escape(text).replace('&quot;', chr(34))}'"


def _read(file: str) -> str:
    return (HERE / file).read_text("utf8")


def drawing(width: float, height: float, *inside: str) -> str:
    """An SVG on white, so that it can be read on any page."""
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='-8 -8 {width + 16} {height + 16}'"
        f" width='{width + 16}' height='{height + 16}'>"
        f"<style>{STYLE}</style>"
        "<rect x='-8' y='-8' width='100%' height='100%' rx='6' fill='#fff'/>"
        f"{''.join(inside)}</svg>"
    )


def text(x: float, y: float, words, kind: str = "") -> str:
    return f"<text x='{show(x)}' y='{show(y)}'{_class(kind)}>{escape(str(words))}</text>"


def rect(x: float, y: float, width: float, height: float, kind="", share: float = 1) -> str:
    """A rectangle; `share` is how opaque its colour is."""
    size = f"width='{show(width)}' height='{show(height)}'" + (
        f" fill-opacity='{show(share)}'" if share != 1 else ""
    )
    return f"<rect x='{show(x)}' y='{show(y)}' {size}{_class(kind)}/>"


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "") -> str:
    ends = f"x1='{show(x1)}' y1='{show(y1)}' x2='{show(x2)}' y2='{show(y2)}'"
    return f"<line {ends}{_class(kind)}/>"


def grid(x: float, y: float, rows, kind=lambda value, i, j: "", size: float = 28) -> str:
    """A matrix of numbers in squares; `kind(value, i, j)` adds classes to a cell."""
    return "".join(
        rect(x + size * j, y + size * i, size, size, f"cell {kind(value, i, j)}".strip())
        + text(x + size * (j + 0.5), y + size * i + size / 2 + 5, show(value))
        for i, row in enumerate(rows)
        for j, value in enumerate(row)
    )


def _class(kind: str) -> str:
    return f" class='{kind}'" if kind else ""


def show(value: float, digits: int = 2) -> str:
    """Write a number for readers, as `show` in shared.js does.

    >>> show(2401), show(-0.5), show(-0.001), show(0.125)
    ('2,401', '−0.5', '0', '0.13')
    """
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    shown = f"{abs(rounded):,f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return f"−{shown}" if rounded < 0 else shown
