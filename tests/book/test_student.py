"""Chapters to assignments, on the tiny book with one exercise added."""

import json
import re

import nbformat
import pytest

import guards
from book import export, student
from book.__main__ import main
from book.book import REMEDY, BookError, read_notebook
from course import write
from course.__main__ import main as class_main

EXERCISE = """
+++

## Your turn

Try it.

+++

**Task (3 points).** Write `scale(x)`, which returns `41` times its argument.

```{code-cell} ipython3
---
nbgrader: {grade: true, grade_id: tools, locked: true, points: 0, schema_version: 3,
  solution: false, task: false}
---
import torch

from lesson.check import compare, run
```

```{code-cell} ipython3
---
nbgrader: {grade: false, grade_id: scale, locked: false, schema_version: 3,
  solution: true, task: false}
tags: [hide-cell]
variants:
- "41": ["51", "61", "71", "81", "91"]
---
def scale(x):
    ### BEGIN SOLUTION
    secret_answer = 41 * x
    return secret_answer
    ### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader: {grade: true, grade_id: scale-check, locked: true, points: 3, schema_version: 3,
  solution: false, task: false}
---
# 3 points: one number
assert scale(2) == 41 * 2, "not 41 times"
### BEGIN HIDDEN TESTS
secret_check = scale(100)
assert secret_check == 41 * 100
### END HIDDEN TESTS
```

**And say why (4 points).**

+++ {"nbgrader": {"grade": true, "grade_id": "why", "locked": false, "points": 4, \
"schema_version": 3, "solution": true, "task": false}}

```{dropdown} A model answer
The secret reason.
```

+++

## The end

Secret prose after the exercise.
"""

QUOTE = "> **Exercise 9.** *Scale.*\n>\n> *Twice.*\n\nA secret short answer."


@pytest.fixture
def exercise(tiny, edit):
    """The tiny book, an exercise in its second chapter, its student notebook written."""
    (tiny.root / "src/lesson").mkdir()
    (tiny.root / "src/lesson/check.py").write_text(
        '"""Checks."""\n\ndef run(): ...\ndef compare(): ...\n'
    )
    (tiny.root / "chapters/02-alone.md").write_text(
        (tiny.root / "chapters/02-alone.md")
        .read_text("utf8")
        .replace("See [the mean](01-mean.md).", QUOTE)
        + EXERCISE,
        "utf8",
    )
    assert list(student.update_all(tiny)) == ["student/02-alone: written"]
    return tiny


@pytest.fixture
def path(exercise):
    return exercise.root / "notebooks" / "student" / "02-alone.ipynb"


def made(book, **options):
    return write.notebooks(book, ["2"], **options)["02-alone"]


def text(notebook) -> str:
    return "\n".join(cell.source for cell in notebook.cells)


def test_a_book_without_exercises_needs_no_nbgrader(tiny, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "nbgrader", None)
    assert list(student.update_all(tiny)) == []


def test_nothing_but_title_question_and_exercise_gets_into_a_student_notebook(path):
    cells = [cell.source for cell in read_notebook(path).cells]
    assert cells[0] == "# Alone\n\n> **Exercise 9.** *Scale.*\n>\n> *Twice.*"
    assert cells[1].startswith("## Your turn\n\nWork from top to bottom.")
    assert cells[2].startswith("**Task (3 points).**")
    assert cells[3] == "import torch\n\ndef run(): ...\ndef compare(): ..."  # a copy, not an import
    assert cells[4].startswith(
        "def scale(x):\n    # YOUR ANSWER HERE\n    raise NotImplementedError("
    )
    assert cells[5] == '# 3 points: one number\nassert scale(2) == 41 * 2, "not 41 times"'
    assert cells[7:] == ["*Write your answer here, instead of this line.*"]
    assert "secret" not in path.read_text("utf8").lower()


def test_a_student_notebook_has_an_address_in_colab(exercise, path):
    base = "https://colab.research.google.com/github/someone/tiny/blob/main/"
    chapter = exercise.root / "chapters" / "02-alone.md"
    assert exercise.student_notebook(chapter) == path
    assert exercise.colab_url(path) == f"{base}notebooks/student/02-alone.ipynb"


def test_a_second_run_writes_nothing(exercise, path):
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert list(student.update_all(exercise)) == ["student/02-alone: unchanged"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_prose_outside_the_exercise_leaves_the_student_notebook_alone(exercise, edit):
    edit("chapters/02-alone.md", "A secret short answer", "Another answer")
    edit("chapters/02-alone.md", "secret_answer = 41 * x", "other_answer = 41 * x")
    assert list(student.update_all(exercise)) == ["student/02-alone: unchanged"]


def test_make_notebooks_writes_and_removes_student_notebooks(exercise, path, capsys):
    path.unlink()
    (path.parent / "03-gone.ipynb").write_bytes(b"{}")
    assert main(str(exercise.root)) == 0
    said = capsys.readouterr().out
    assert "student/02-alone: written" in said and "student/03-gone: removed" in said
    assert [p.name for p in path.parent.iterdir()] == ["02-alone.ipynb"]


def test_the_full_notebook_keeps_answers_checks_and_the_metadata_of_written_answers(exercise):
    notebook = export.export(exercise, exercise.root / "chapters" / "02-alone.md")
    assert "secret_answer" in text(notebook) and "secret_check" in text(notebook)
    (why,) = [c for c in notebook.cells if c.cell_type == "markdown" and c.metadata]
    assert why.metadata.nbgrader.grade_id == "why" and "secret reason" in why.source


def test_a_seed_changes_task_answer_and_check_alike_and_always_in_the_same_way(exercise):
    seeds = [text(made(exercise, seed=str(n))) for n in range(30)]
    assert seeds == [text(made(exercise, seed=str(n))) for n in range(30)]
    drawn = {re.search(r"returns `(\d+)` times", s)[1] for s in seeds}
    assert drawn == {"51", "61", "71", "81", "91"}  # every one of them, never the book's own
    for found in seeds:
        number = re.search(r"returns `(\d+)` times", found)[1]
        for line in (
            "secret_answer = {} * x",
            "== {} * 2,",
            "secret_check == {} * 100",
            "not {} times",
        ):
            assert line.format(number) in found


def test_a_text_is_replaced_as_a_whole_and_all_at_once():
    replace = write.substitute({"(1, 2)": "(2, 1)", "(2, 1)": "(1, 2)", "0.5": "1.5"})
    assert (
        replace("(1, 2) (2, 1) 0.5 10.5 0.55 x0.5 -0.5.")
        == "(2, 1) (1, 2) 1.5 10.5 0.55 x0.5 -1.5."
    )


def test_texts_of_one_group_vary_together():
    cell = nbformat.v4.new_code_cell("a b")
    cell.metadata["variants"] = [{"a": ["1", "2", "3"], "b": ["one", "two", "three"]}]
    seen = {write.variant([cell], str(n))("a b") for n in range(50)}
    assert seen == {"1 one", "2 two", "3 three"}


def test_the_variants_are_not_told_to_students(exercise, path):
    assert "variants" in json.dumps(export.export(exercise, exercise.root / "chapters/02-alone.md"))
    assert "variants" not in path.read_text("utf8")
    assert "variants" not in json.dumps(made(exercise, seed="x"))


def test_a_private_check_is_hidden_and_goes_with_the_check_it_is_named_after(exercise, tmp_path):
    (tmp_path / "scale-check.py").write_text("assert scale(-1) == -41  # private\n")
    notebook = made(exercise, private=tmp_path)
    assert guards.malformed("x", notebook) == []
    (check,) = [c for c in notebook.cells if "# private" in c.source]
    assert check.metadata.nbgrader.grade_id == "scale-check"
    assert "# private" not in student.release({"x": notebook})["x"]


def test_a_private_check_that_fits_no_check_is_an_error(exercise, tmp_path):
    (tmp_path / "scale.py").write_text("pass\n")
    with pytest.raises(BookError, match="scale is not a check"):
        made(exercise, private=tmp_path)
    (tmp_path / "scale.py").rename(tmp_path / "typo.py")
    with pytest.raises(BookError, match=r"typo\.py names no check"):
        write.notebooks(exercise, private=tmp_path)


def test_a_course_holds_the_chapters_asked_for(exercise, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(exercise.root)
    for name, value in {"FOLDER": str(tmp_path), "NAME": "week1", "CHAPTERS": "2"}.items():
        monkeypatch.setenv(f"COURSE_{name}", value)
    assert class_main("course") == 0
    assert (tmp_path / "nbgrader_config.py").exists()
    for kind in "source", "release":
        assert [p.name for p in (tmp_path / kind / "week1").iterdir()] == ["02-alone.ipynb"]
    assert "week1/02-alone.ipynb" in capsys.readouterr().out
    monkeypatch.setenv("COURSE_CHAPTERS", "1")
    assert class_main("course") == 1
    assert "no exercise in some of the chapters 1" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a+b", "ex (1)", "week 1/x", "[x]", ""])
def test_a_name_that_nbgrader_does_not_take_is_an_error(exercise, tmp_path, name):
    with pytest.raises(BookError, match="use letters, digits"):
        write.write(tmp_path, name, write.notebooks(exercise))


def test_an_assignment_keeps_its_numbers_unless_forced(exercise, tmp_path):
    made = write.notebooks(exercise)
    write.write(tmp_path, "week1", made, "secret")
    write.write(tmp_path, "week1", made, "secret")
    for other in "another", None:
        with pytest.raises(BookError, match="made with another SEED"):
            write.write(tmp_path, "week1", made, other)
    assert "secret" not in (tmp_path / "source" / "week1-variant.txt").read_text("utf8")
    write.write(tmp_path, "week1", made, force=True)
    write.write(tmp_path, "week1", made)


def test_a_private_folder_that_is_not_there_is_an_error(exercise, tmp_path):
    with pytest.raises(BookError, match="typo is no folder"):
        write.notebooks(exercise, private=tmp_path / "typo")


# The guards, each on the fault that it is there for.


def test_a_finished_exercise_passes_every_guard(exercise, path):
    assert guards.student_drift(exercise) == []
    assert guards.malformed("x", made(exercise)) == []
    assert guards.leaks("x", made(exercise), path.read_text("utf8")) == []


def test_a_changed_exercise_is_drift(exercise, edit):
    edit("chapters/02-alone.md", "Write `scale(x)`", "Please write `scale(x)`")
    assert guards.student_drift(exercise) == [
        "student/02-alone differs from its chapter: " + REMEDY
    ]


def test_a_changed_check_tool_is_drift(exercise, edit):
    edit("src/lesson/check.py", "run()", "run(x)")
    assert "student/02-alone differs" in guards.student_drift(exercise)[0]


def test_a_missing_and_a_needless_student_notebook_are_drift(exercise, path):
    path.rename(path.with_stem("03-gone"))
    needless, missing = guards.student_drift(exercise)
    assert "03-gone has no exercise" in needless and "02-alone has no student" in missing


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("    ### BEGIN SOLUTION\n", "", "its marks are ['ENDSOLUTION']"),
        ("    ### END SOLUTION\n", "", "its marks are ['BEGINSOLUTION']"),
        ("### END HIDDEN TESTS\n", "", "its marks are ['BEGINHIDDEN TESTS']"),
        ("# 3 points: one", "# 4 points: one", "does not say '# 3 points: '"),
        ("(3 points)", "(8 points)", "promise 12 points, the checks give 7"),
        ("points: 3", "points: 2", "promise 7 points, the checks give 6"),
        ("grade_id: scale-check", "grade_id: tools", "two cells are named tools"),
        ("The secret reason.", "### BEGIN SOLUTION", "why: its marks are ['BEGINSOLUTION']"),
        ("Write `scale", "### END SOLUTION `scale", "students get this cell as it is"),
        (
            "**And say",
            "```{code-cell} ipython3\nscale(3)\n```\n\n**And say",
            "students get this cell as it is: scale(3)",
        ),
    ],
)
def test_a_malformed_exercise_is_noticed(exercise, edit, old, new, problem):
    assert guards.malformed("x", made(exercise)) == []
    edit("chapters/02-alone.md", old, new)
    assert any(problem in found for found in guards.malformed("x", made(exercise)))


@pytest.mark.parametrize(
    "leak",
    [
        "secret_answer = 41 * x",
        "return secret_answer",
        "secret_check = scale(100)",
        "The secret reason.",
    ],
)
def test_a_line_of_an_answer_in_a_student_notebook_is_noticed(exercise, path, leak):
    shown = path.read_text("utf8").replace("# YOUR ANSWER HERE", f"# {leak}", 1)
    assert any(leak in problem for problem in guards.leaks("x", made(exercise), shown))


def test_outputs_and_foreign_metadata_in_a_student_notebook_are_noticed(exercise, path):
    notebook = read_notebook(path)
    notebook.cells[3].execution_count = 1
    notebook.cells[4].metadata["variants"] = []
    outputs, metadata = guards.leaks("x", made(exercise), nbformat.writes(notebook))
    assert "has outputs" in outputs and "['variants']" in metadata


def test_the_settings_of_a_course_are_never_overwritten(exercise, tmp_path):
    write.write(tmp_path, "week1", write.notebooks(exercise))
    (tmp_path / "nbgrader_config.py").write_text("# the instructor's\n", "utf8")
    write.write(tmp_path, "week2", write.notebooks(exercise))
    assert (tmp_path / "nbgrader_config.py").read_text("utf8") == "# the instructor's\n"
    assert (tmp_path / "source" / "week2" / "02-alone.ipynb").exists()
