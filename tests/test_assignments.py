"""The exercises of the real chapters, run cell by cell: what nbgrader does, but fast.

Whether nbgrader itself agrees is in test_grading.py. What is asked of an exercise
is on the page CONTRIBUTING.md.
"""

import copy
import re
import subprocess
import symtable
import sys
from collections import Counter

import nbformat
import pytest
import torch
from nbgrader.utils import determine_grade

import guards
from book import student
from book.book import read_notebook
from book.export import export
from conftest import ROOT
from course import write
from exercises import ALL, answers_to, automatic, checks_of, grade, graded, own_answers, points

TEACHING = (ROOT / "chapters" / "teaching.md").read_text("utf8")
STUDENT = sorted((ROOT / "notebooks" / "student").glob("*.ipynb"))

each_exercise = pytest.mark.parametrize("name", [path.stem for path in STUDENT])


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


def test_each_of_the_seven_exercises_is_an_assignment_and_has_a_student_notebook(assignments):
    assert {f"{n:02}" for n in range(1, 8)} <= {name[:2] for name in assignments}
    assert sorted(assignments) == [path.stem for path in STUDENT]


def test_a_chapter_that_has_the_section_is_an_assignment(book, assignments):
    texts = {chapter.stem: chapter.read_text("utf8") for chapter in book.chapters}
    having = [name for name, text in texts.items() if f"\n{student.HEADING}\n" in text]
    assert having == list(assignments), "the heading has to begin a cell: put +++ before it"


@each_exercise
def test_an_exercise_is_well_formed_and_gives_ten_points(assignments, name):
    assert guards.malformed(name, assignments[name]) == []
    assert sum(meta.get("points", 0) for meta in graded(assignments[name])) == 10


def test_no_two_cells_have_one_name(assignments):
    ids = [meta.grade_id for notebook in assignments.values() for meta in graded(notebook)]
    assert [name for name, times in Counter(ids).items() if times > 1] == []


@each_exercise
def test_no_line_of_an_answer_is_in_a_student_notebook(assignments, released, name):
    assert guards.leaks(name, assignments[name], released[name]) == []


def test_student_notebooks_equal_what_their_chapters_give(book):
    assert guards.student_drift(book) == []


@each_exercise
def test_the_books_own_answers_pass_every_check(assignments, name):
    grades = grade(assignments[name].cells)
    assert points(grades) == automatic(assignments[name]), grades


@each_exercise
def test_no_answer_earns_nothing_and_says_what_to_do(assignments, released, name):
    blank = nbformat.reads(released[name], as_version=4)
    grades = grade(assignments[name].cells, own_answers(blank.cells))
    assert points(grades) == 0
    assert any("Replace this line by your answer" in said for _, said in grades.values())


# Checks and answers share one Python: a check must not take a name that an answer may have.


def taken_names(cells) -> set[str]:
    """What checks, but for their tools, bind outside their functions."""
    taken = set()
    for cell in cells:
        meta = cell.metadata.get("nbgrader", {})
        if not meta.get("locked") or meta["grade_id"].endswith("tools"):
            continue
        names = symtable.symtable(cell.source, meta["grade_id"], "exec").get_symbols()
        taken |= {n.get_name() for n in names if n.is_assigned() or n.is_imported()}
    return {name for name in taken if not name.startswith("check_")}


@each_exercise
def test_checks_take_no_everyday_name(assignments, name):
    assert taken_names(assignments[name].cells) == set()


@pytest.mark.parametrize(
    "code", ["size = 1", "def size(): ...", "for size in (): ...", "import os"]
)
def test_a_check_that_takes_an_everyday_name_is_noticed(code):
    meta = {"nbgrader": {"locked": True, "grade_id": "x"}}
    assert taken_names([nbformat.v4.new_code_cell(code, metadata=meta)])
    inside = "def check_size():\n    size = 1"
    assert not taken_names([nbformat.v4.new_code_cell(inside, metadata=meta)])


# The answers in tests/answers


@each_exercise
def test_every_task_has_answers_in_tests_answers(assignments, name):
    asked = set(own_answers(assignments[name].cells))
    assert asked <= set(ALL), "no class in tests/answers is for this task"


def test_every_class_in_tests_answers_is_for_a_task(assignments):
    asked = {cell for notebook in assignments.values() for cell in own_answers(notebook.cells)}
    assert set(ALL) <= asked


def each_answer(*kinds: str):
    found = [a for task in ALL.values() for a in answers_to(task, *kinds)]
    ids = [f"{a.task.cell}: {a.name.replace('_', ' ')}" for a in found]
    return pytest.mark.parametrize("answer", found, ids=ids)


def graded_with(assignments, answer):
    """What each check of its task says to an answer, and what the other checks say."""
    (notebook,) = [n for n in assignments.values() if answer.task.cell in own_answers(n.cells)]
    checks = [meta.grade_id for meta in checks_of(notebook, answer.task.cell)]
    grades = grade(notebook.cells, {answer.task.cell: answer.source})
    return [grades.pop(check) for check in checks], grades


@each_answer("wrong", "ready-made")
def test_a_wrong_answer_loses_its_points_and_is_told_why(assignments, answer):
    checks, others = graded_with(assignments, answer)
    assert [earned for earned, _ in checks] == list(answer.earns or [0] * len(checks)), checks
    assert answer.says in next(said for _, said in checks if said)
    assert not any(said for _, said in others.values()), others


@pytest.fixture
def imports_of_colab(monkeypatch):
    """What can be imported in the kernel of a graded notebook."""
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    exec((ROOT / "src" / "course" / "prelude.py").read_text("utf8"), {})
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if type(sys.modules[name]).__name__ == "Missing":
            del sys.modules[name]


@each_answer("right", "another way")
@pytest.mark.usefixtures("imports_of_colab")
def test_a_right_answer_in_another_style_earns_all_points(assignments, answer):
    checks, _ = graded_with(assignments, answer)
    assert not any(said for _, said in checks), checks


def test_the_teaching_page_says_that_ways_around_a_task_remain():
    assert any(answers_to(task, "another way") for task in ALL.values())
    assert "the right numbers by another way than the one asked for" in TEACHING


@pytest.mark.parametrize("cell", list(ALL))
def test_a_task_has_three_wrong_answers_and_one_that_only_its_hidden_check_notices(
    assignments, cell
):
    (notebook,) = [n for n in assignments.values() if cell in own_answers(n.cells)]
    wrong = [answer.earns for answer in answers_to(ALL[cell], "wrong")]
    assert len(wrong) >= 3
    assert any(all(earns[:-1]) and not earns[-1] for earns in wrong)
    assert checks_of(notebook, cell)[-1].grade_id.endswith("hidden")


# Variants


def variants(book, name):
    """The cells of a chapter's exercise, and what varies in them."""
    section = student.your_turn(export(book, book.root / "chapters" / f"{name}.md"))
    return section, write.groups(section)


@each_exercise
def test_in_every_variant_its_own_answers_pass(book, name):
    section, groups = variants(book, name)
    assert groups, "nothing varies"
    for group in groups:
        (size,) = {len(new) for new in group.values()}
        for index in range(size):
            chosen = {old: new[index] for old, new in group.items()}
            assert all(old != new for old, new in chosen.items())
            replace, cells = write.substitute(chosen), copy.deepcopy(section)
            for cell in cells:
                cell.source = replace(cell.source)
            wrong = {check: said for check, (_, said) in grade(cells).items() if said}
            assert not wrong, (chosen, wrong)


def left_over(text: str, old: str) -> bool:
    """Does a text still hold numbers that a variant changes, without their brackets?"""
    return bool(re.search(rf"(?<![\w.-]){re.escape(old.strip('()'))}(?![\w.])", text))


@each_exercise
def test_in_no_variant_a_text_holds_numbers_of_the_books_task(book, name):
    section, groups = variants(book, name)
    task = "\n".join(c.source for c in section if c.cell_type == "markdown")
    changes = {(old, new) for group in groups for old, texts in group.items() for new in texts}
    for old, new in changes:
        assert not left_over(write.substitute({old: new})(task), old), (old, new)


def test_numbers_of_the_books_task_in_a_hint_are_noticed():
    assert left_over("A kernel of shape (c, 1, 3, 2)", "(3, 2)")
    assert not left_over("A kernel of shape (c, 1, 3, 20)", "(3, 2)")


@each_exercise
@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_a_copied_answer_earns_nothing_in_a_variant(book, assignments, name, seed):
    (notebook,) = write.notebooks(book, [str(int(name[:2]))], seed).values()
    assert points(grade(notebook.cells)) == automatic(notebook)
    assert points(grade(notebook.cells, own_answers(assignments[name].cells))) == 0
    texts = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    assert texts != [c.source for c in assignments[name].cells if c.cell_type == "markdown"]


# The full and the student notebooks as they are committed


@each_exercise
def test_nbgrader_gives_the_full_notebook_all_points(name):
    cells = read_notebook(ROOT / "notebooks" / f"{name}.ipynb").cells
    checks = [c for c in cells if c.metadata.get("nbgrader", {}).get("grade")]
    checks = [c for c in checks if not c.metadata.nbgrader.solution]
    assert checks
    for cell in checks:
        earned, possible = determine_grade(cell)
        assert earned == possible and cell.execution_count, cell.source


ALONE = """
import json, os, sys
for path in sys.argv[1:]:
    names = {"__name__": "__main__"}
    for cell in json.load(open(path, encoding="utf8"))["cells"]:
        if cell["cell_type"] == "code":
            try:
                exec("".join(cell["source"]), names)
            except Exception as error:
                first = cell["metadata"]["nbgrader"]["grade_id"]
                print(os.path.basename(path), first, type(error).__name__, error)
                break
"""


def test_a_student_notebook_runs_alone_down_to_the_first_unanswered_task(tmp_path, clean):
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
