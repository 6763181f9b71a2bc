"""The scripts that pictures share, and what all of them weigh."""

import random

from movable.harness import SCRIPTS
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
    return [w.positions(axis).tolist() for axis in (0, 1)]


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
