"""The exercises of the real chapters, run cell by cell: what nbgrader does, but fast.

Whether nbgrader itself agrees is in test_grading.py.
"""

import copy
import subprocess
from collections import Counter

import nbformat
import pytest
import torch
from nbgrader.utils import determine_grade

import guards
from answers import RIGHT, WRONG
from book import student
from book.book import read_notebook
from book.export import export
from conftest import ROOT
from test_colab import clean  # noqa: F401

STUDENT = sorted((ROOT / "notebooks" / "student").glob("*.ipynb"))


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """These tensors are tiny: more threads would only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def assignments(book):
    return student.assignments(book)


@pytest.fixture(scope="module")
def released(assignments):
    return student.release(assignments)


def grade(cells, answers=None) -> dict[str, tuple[float, str]]:
    """Run the cells; points and what was said, by grade_id."""
    names, grades = {"__name__": "__main__"}, {}
    for cell in cells:
        if cell.cell_type != "code":
            continue
        meta = cell.metadata.nbgrader
        source, said = (answers or {}).get(meta.grade_id, cell.source), ""
        try:
            exec(compile(source, meta.grade_id, "exec"), names)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        if meta.grade:
            grades[meta.grade_id] = (0 if said else meta.points, said)
    return grades


def points(grades) -> float:
    return sum(earned for earned, _ in grades.values())


def answers_of(cells) -> dict[str, str]:
    code = (cell for cell in cells if cell.cell_type == "code")
    return {c.metadata.nbgrader.grade_id: c.source for c in code if c.metadata.nbgrader.solution}


def automatic(notebook) -> int:
    graded = [c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata]
    return sum(meta.get("points", 0) for meta in graded if not (meta.grade and meta.solution))


def test_every_chapter_has_an_exercise_of_ten_points(book, assignments):
    assert list(assignments) == [chapter.stem for chapter in book.chapters]
    for name, notebook in assignments.items():
        graded = [c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata]
        assert sum(meta.get("points", 0) for meta in graded) == 10, name


def test_no_exercise_is_malformed_and_no_two_cells_have_one_name(assignments):
    for name, notebook in assignments.items():
        assert guards.malformed(name, notebook) == []
    ids = [c.id for n in assignments.values() for c in n.cells if "nbgrader" in c.metadata]
    assert max(Counter(ids).values()) == 1


def test_no_line_of_an_answer_is_in_a_student_notebook(assignments, released):
    for name, notebook in assignments.items():
        assert guards.leaks(name, notebook, released[name]) == []


def test_student_notebooks_equal_what_their_chapters_give(book):
    assert guards.student_drift(book) == []


@pytest.mark.parametrize("name", [path.stem for path in STUDENT])
def test_the_books_own_answers_pass_every_check(assignments, name):
    grades = grade(assignments[name].cells)
    assert points(grades) == automatic(assignments[name]), grades


@pytest.mark.parametrize("name", [path.stem for path in STUDENT])
def test_no_answer_earns_nothing_and_says_what_to_do(assignments, released, name):
    blank = nbformat.reads(released[name], as_version=4)
    grades = grade(assignments[name].cells, answers_of(blank.cells))
    assert points(grades) == 0
    assert any("Replace this line by your answer" in said for _, said in grades.values())


def cases():
    for cell, (chapter, checks, wrong) in WRONG.items():
        for what, answer, earns, says in wrong:
            yield pytest.param(cell, chapter, checks, answer, earns, says, id=f"{cell}: {what}")


@pytest.mark.parametrize(("cell", "chapter", "checks", "answer", "earns", "says"), list(cases()))
def test_a_wrong_answer_loses_its_points_and_is_told_why(
    assignments, cell, chapter, checks, answer, earns, says
):
    (name,) = [name for name in assignments if name.startswith(chapter)]
    grades = grade(assignments[name].cells, {cell: answer})
    assert tuple(grades[check][0] for check in checks) == earns, grades
    assert says in next(grades[check][1] for check in checks if grades[check][1])
    others = [c for c in grades if c not in checks]
    assert all(not grades[other][1] for other in others)


@pytest.mark.parametrize(
    ("cell", "answer"), [(cell, answer) for cell, all_ in RIGHT.items() for answer in all_]
)
def test_a_right_answer_in_another_style_earns_all_points(assignments, cell, answer):
    chapter, checks, _ = WRONG[cell]
    (name,) = [name for name in assignments if name.startswith(chapter)]
    grades = grade(assignments[name].cells, {cell: answer})
    assert not any(grades[check][1] for check in checks), grades


def test_every_task_has_three_wrong_answers_and_one_that_only_hidden_checks_notice(assignments):
    tasks = {c.id for n in assignments.values() for c in n.cells if c.id in WRONG}
    written = {
        c.id
        for n in assignments.values()
        for c in n.cells
        if c.cell_type == "code" and c.metadata.nbgrader.solution
    }
    assert tasks == written == set(WRONG)
    for cell, (_, checks, wrong) in WRONG.items():
        honest = [earns for what, _, earns, _ in wrong if "own" not in what]
        assert len(honest) >= 3, cell
        assert any(all(earns[:-1]) and not earns[-1] for earns in honest), cell
        assert checks[-1].endswith("hidden")


# Variants


def test_in_every_variant_its_own_answers_pass(book):
    for chapter in book.chapters:
        section = student.your_turn(export(book, chapter))
        groups = student.groups(section)
        assert groups, f"{chapter.stem} has no variants"
        for group in groups:
            assert len({len(new) for new in group.values()}) == 1
            for index in range(len(next(iter(group.values())))):
                chosen = {old: new[index] for old, new in group.items()}
                assert all(old != new for old, new in chosen.items())
                replace, cells = student.substitute(chosen), copy.deepcopy(section)
                for cell in cells:
                    cell.source = replace(cell.source)
                wrong = {k: said for k, (_, said) in grade(cells).items() if said}
                assert not wrong, (chosen, wrong)


@pytest.mark.parametrize("seed", ["a", "b", "c", "2026", "another one"])
def test_a_copied_answer_earns_nothing_in_a_variant(book, assignments, seed):
    for name, notebook in student.course(book, seed=seed).items():
        assert points(grade(notebook.cells)) == automatic(notebook)
        copied = grade(notebook.cells, answers_of(assignments[name].cells))
        assert points(copied) == 0, (name, seed)
        task = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
        assert task not in "\n".join(c.source for c in assignments[name].cells)


# The full and the student notebooks as they are committed


def test_nbgrader_gives_the_full_notebooks_all_points(book):
    for chapter in book.chapters:
        cells = read_notebook(book.notebook(chapter)).cells
        graded = [c for c in cells if c.metadata.get("nbgrader", {}).get("grade")]
        automatic = [c for c in graded if not c.metadata.nbgrader.solution]
        assert automatic, chapter.stem
        for cell in automatic:
            earned, possible = determine_grade(cell)
            assert earned == possible and cell.execution_count, (chapter.stem, cell.source)


ALONE = """
import json, os, sys
for path in sys.argv[1:]:
    names = {"__name__": "__main__"}
    for cell in json.load(open(path))["cells"]:
        if cell["cell_type"] == "code":
            try:
                exec("".join(cell["source"]), names)
            except Exception as error:
                first = cell["metadata"]["nbgrader"]["grade_id"]
                print(os.path.basename(path), first, type(error).__name__, error)
                break
"""


def test_a_student_notebook_runs_alone_down_to_the_first_unanswered_task(tmp_path, clean):  # noqa: F811
    done = subprocess.run(
        [clean["CLEAN_PYTHON"], "-c", ALONE, *STUDENT],
        env=clean,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    first = [line.split(" ", 3) for line in done.stdout.splitlines()]
    assert [name for name, *_ in first] == [path.name for path in STUDENT]
    for _, check, error, said in first:
        assert not check.endswith(("tools", "hidden")) and error == "NotImplementedError"
        assert said.startswith("Replace this line by your answer")
