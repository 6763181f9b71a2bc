"""What a page does for its reader, on the tiny book."""

import re

import pytest
from nbformat import v4

from book import reading
from book.__main__ import main
from conftest import build_site

DEPTH = "# Mean, in depth\n\n" + "word " * 1000 + "\n\n## Why\n\nTwo\n"
THEOREM = """
```{prf:theorem} Even
:label: thm-even
:nonumber:
$2 n$ is even.
```

```{prf:proof}
Halve it.
```

```{prf:proof}
Or count.
```
"""


@pytest.fixture
def page(tiny, edit, tmp_path):
    """The first page of the tiny book, with a depth, words for the search, and a theorem."""
    (tiny.root / "chapters/01-in-depth.md").write_text(DEPTH, "utf8")
    edit("chapters/01-mean.md", "kernelspec:", "search: middle value, centre\nkernelspec:")
    edit("chapters/01-mean.md", "## Sources", THEOREM + "\n## Sources")
    assert main(tiny.root) == 0
    done = build_site(tiny.root, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return tmp_path / "_build/html/chapters/01-mean.html"


def test_a_page_says_its_times_names_no_place_twice_and_enters_its_words_in_the_search(page):
    text = page.read_text("utf8")
    times = re.search(r'<p class="times">(.*?)</p>', text, re.S)[1]
    plain = re.sub(r"<[^>]*>", "", times)
    assert plain == "Answer 1 min · this chapter 1 min · in depth 5 min"
    assert 'href="01-in-depth.html"' in times
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert ids.count("thm-even") == 1 and "proof" not in ids and "proof-content" not in ids
    assert text.count("<em>Proof.</em>") == 2
    assert '<div class="proof theorem admonition">' in text
    assert 'data-tex="2 n"' in text and '<p class="launch">' in text
    index = (page.parents[1] / "searchindex.js").read_text("utf8")
    assert '"middle value": [[' in index and '"centre": [[' in index


@pytest.mark.parametrize(
    ("meta", "tag", "prompt"),
    [
        ({"nbgrader": {"solution": True, "grade": False}}, "hide-cell", "Show the answer"),
        (
            {"nbgrader": {"solution": False, "grade": True, "points": 3}},
            "hide-input",
            "Show the check, 3 points: the size",
        ),
        ({"nbgrader": {"solution": False, "grade": True, "points": 0}}, "remove-cell", None),
        ({"mystnb": {"figure": {"name": "a"}}}, None, "Show how the figure is drawn"),
        ({"mystnb": {"code_prompt_show": "Show the count"}}, None, "Show the count"),
        ({}, None, "Show the code"),
    ],
)
def test_a_fold_says_what_it_holds(meta, tag, prompt):
    source = "# 3 points: the size\n### BEGIN SOLUTION\ny = 2\n    ### END SOLUTION"
    cell = v4.new_code_cell(source, metadata=meta)
    reading.fold(cell)
    assert cell.source == "# 3 points: the size\ny = 2\n"
    assert cell.metadata.tags == ([tag] if tag else [])
    if prompt:
        assert cell.metadata.mystnb["code_prompt_show"] == prompt
