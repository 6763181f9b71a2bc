"""What the tests of movable pictures need: a picture's case, and a tab that shows it."""

import math
import random
from importlib import import_module
from pathlib import Path

from lesson import movable

SCRIPTS = Path(movable.__file__).parent
# Of every page, so that the browser goes on with its process; a Tab itself answers.
ADDRESS = "http://picture.test/"
NAMES = sorted({path.stem[1:] for path in SCRIPTS.glob("_[a-z]*.py")} - {"picture", "ask"})

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><style>
:root {{ color-scheme: light dark }} body {{ margin: 0 16px; font: 16px/1.6 sans-serif }}
img {{ max-width: 100%; height: auto }}</style></head>
<body><main><h1>A page</h1>{}</main></body></html>"""

SET = """states => {
  const picture = document.querySelector("[data-movable]");
  const says = picture.shadowRoot.querySelector("[role=status]");
  return states.map(state => {
    picture.state = state;
    return [picture.state, picture.result, says.textContent];
  });
}"""


class Case:
    """A picture and its case: random states, an illegal one, a wrong formula."""

    def __init__(self, name: str):
        self.name = name
        self.python = import_module(f"lesson.movable._{name}")
        self.case = import_module(f"movable.cases.{name}")
        self.shown = getattr(movable, name)()
        self.html = self.shown._repr_html_()

    def expected(self, state: dict) -> tuple[dict, str]:
        """What torch finds, and the words for it."""
        result = self.python.compute(state)
        return result, result.get("error") or self.python.says(state, result)

    def disagreements(self, page, count: int = 100) -> list:
        """The random states whose result or words on the page are not what torch finds."""
        rng = random.Random(self.name)
        states = [self.case.random_state(rng) for _ in range(count)]
        wrong, before = [], self.shown.state
        for set_to, (state, *found) in zip(states, page.evaluate(SET, states), strict=True):
            before = before | set_to
            expected = self.expected(before)
            if state != before or differs(found, expected):
                wrong.append((before, state, found, expected))
        return wrong[:3]  # enough to see what is amiss


def differs(found, expected) -> bool:
    """Whole numbers and words are compared exactly, other numbers to nine digits."""
    if isinstance(expected, dict):
        return found.keys() != expected.keys() or any(differs(found[k], expected[k]) for k in found)
    if isinstance(expected, (list, tuple)):
        return len(found) != len(expected) or any(map(differs, found, expected))
    if isinstance(expected, float):
        return not math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12)
    return found != expected


class Tab:
    """A browser's tab that shows pieces of HTML, and what it said and asked for meanwhile."""

    def __init__(self, page):
        self.page, self.said, self.asked, self.html = page, [], [], ""
        answer = {"content_type": "text/html;charset=utf-8"}
        page.route(ADDRESS, lambda route: route.fulfill(body=self.html, **answer))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def show(self, *pieces: str):
        self.html = PAGE.format("\n".join(pieces))
        self.page.goto(ADDRESS)
        return self.page

    def start_again(self, width: int, height: int) -> None:
        """As if it had been opened just now; the next page is loaded from nothing anyway."""
        self.said.clear()
        self.asked.clear()
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(media="screen", color_scheme="light")

    def faults(self) -> list[str]:
        """Errors, and addresses that were asked; there should be none."""
        return self.said + [u for u in self.asked if u != ADDRESS and not u.startswith("data:")]
