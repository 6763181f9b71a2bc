"""The scripts that pictures share, and what all of them weigh."""

import gzip
import random

import torch

from lesson import movable
from lesson.movable._picture import script
from movable.harness import SCRIPTS, Case
from pooling._window import window

LIMITS = (1, 8), (0, 5), (0, 4), (0, 2)  # size, kernel, stride, padding

CASES = """cases => {
  const found = (read) => { try { return read(); } catch (error) { return error.message; } };
  return cases.map(arguments => found(() => windows(...arguments)));
}"""


def expected(size, kernel, stride, padding, ceil):
    try:
        w = window((1, *size), tuple(kernel), tuple(stride), tuple(padding), ceil_mode=ceil)
    except ValueError as error:
        return str(error)
    cells = (torch.arange(k) for k in w.size)
    return [(w.starts(axis)[:, None] + at).tolist() for axis, at in enumerate(cells)]


def test_windows_lie_where_pooling_puts_them_or_are_refused_in_its_words(tab):
    rng = random.Random(0)
    cases = [
        [
            *([rng.randint(least, most) for _ in range(2)] for least, most in LIMITS),
            rng.random() < 0.5,
        ]
        for _ in range(1000)
    ]
    parts = [(SCRIPTS / name).read_text("utf8") for name in ("shared.js", "pooling.js")]
    found = tab.show().evaluate(CASES.replace("=> {", "=> {" + "\n".join(parts), 1), cases)
    wanted = [expected(*case) for case in cases]
    assert found == wanted
    assert 200 < sum(isinstance(each, str) for each in wanted) < 900


def packed(*texts: str) -> int:
    return len(gzip.compress("".join(texts).encode(), 9, mtime=0))


def test_what_a_picture_brings_is_small(case):
    element, script = case.html.split("<script>")
    shared = movable.ask("?", right=1)._repr_html_().split("<script>")[1]
    own = [line for line in script.splitlines() if line not in set(shared.splitlines())]
    assert packed(element, "\n".join(own)) < 4000


def test_all_scripts_together_are_small():
    files = [path.read_text("utf8") for path in sorted(SCRIPTS.glob("*.js"))]
    lines = [text.count("\n") for text in files]
    assert sum(lines) < 900
    assert (SCRIPTS / "shared.js").read_text("utf8").count("\n") <= 200
    assert (
        packed(script(*(p.stem for p in sorted(SCRIPTS.glob("*.js")) if p.stem != "shared")))
        < 14_000
    )


def test_a_script_leaves_nothing_behind_but_its_element(tab, case):
    page = tab.show()
    before = page.evaluate("Object.keys(window)")
    tab.show(case.html)
    assert page.evaluate("Object.keys(window)") == before


def test_two_runs_display_the_same(case):
    assert Case(case.name).html == case.html
    assert "</script" not in case.html.split("<script>")[1].removesuffix("</script>")
