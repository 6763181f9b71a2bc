"""Two chapters written by the steps of CONTRIBUTING.md, in a copy of the project, pass its tests.

One has an exercise, one has none. tests/trial holds what a contributor writes.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from exercises import ALL

TRIAL = ROOT / "tests" / "trial"
NEW = "08-global-pooling", "09-corner"
TOC = "".join(f"  - file: chapters/{name}\n" for name in NEW)
TEACHING = [  # what its page says of all chapters; the class there has those that it names
    "every_sentence_that_the_page_quotes_is_in_a_check",
    "the_points_that_the_page_promises_are_the_notebooks",
    "the_page_counts_the_variants_right",
]
ROW = "| [9](09-corner.md) | slices | indexing | 10 | 10 + 0 |\n"


def python(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of this one with the two chapters, after `make notebooks`."""
    root = tmp_path_factory.mktemp("project")
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, root)
    for name in "chapters", "notebooks", "src", "tests", "tools":
        shutil.copytree(ROOT / name, root / name)
    for name in NEW:
        shutil.copy(TRIAL / f"{name}.md", root / "chapters")
    shutil.copy(TRIAL / "ch09.py", root / "tests" / "answers")
    write(root / "_toc.yml", TOC, before="  - file: chapters/teaching")
    write(root / "chapters" / "teaching.md", ROW, before="\nThe minutes are our estimate")
    said = python(root, "-m", "book")
    assert {f"{name}: executed" for name in NEW} <= set(said.splitlines())
    return root


def write(page: Path, text: str, before: str) -> None:
    old = page.read_text("utf8")
    assert old.count(before) == 1
    page.write_text(old.replace(before, text + before), "utf8")


def test_chapters_written_by_the_steps_pass_the_tests(project):
    # Those that nothing new can fail would run a second time here.
    others = [path.stem for path in (ROOT / "chapters").glob("[0-9]*.md")]
    others += [name for cell in ALL for name in (f"{cell}:", f"[{cell}]")]
    others += ["colab_link", "prose_edit"]
    files = ["tests/test_notebooks.py", "tests/test_assignments.py"]
    files += [f"tests/test_teaching.py::test_{name}" for name in TEACHING]
    said = python(project, "-m", "pytest", "-rA", "-k", f"not ({' or '.join(others)})", *files)
    for name in NEW:
        assert f"test_every_cell_was_run_in_order_and_no_output_is_a_png[{name}]" in said
    assert "three channels only]" in said and "copied_answer_earns_nothing" in said
