"""From answers to grades, with nbgrader's API and the book's own numbers."""

import os

import nbformat
import pytest

from course.write import notebooks as assignments
from course.write import write
from exercises import (
    ALL,
    BIN,
    answers_to,
    automatic,
    checks_of,
    fill,
    gradebook,
    graded,
    nbgrader_of,
    own_answers,
    put,
    read,
)

pytestmark = pytest.mark.usefixtures("quick_kernels")


@pytest.fixture(scope="module", autouse=True)
def programs_of_this_environment():
    """nbgrader calls others by their names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
        yield


def edited(notebook):
    """Every check made to pass."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            cell.source = "pass"
    return notebook


def without_checks(notebook):
    kept = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("locked")]
    notebook.cells = kept
    return as_colab_saves(notebook)


def as_colab_saves(notebook):
    """nbformat 4.0: no cell ids but in the metadata, and settings of Colab's own."""
    notebook.nbformat_minor = 0
    notebook.metadata = nbformat.from_dict(
        {
            "colab": {"provenance": []},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells):
        cell.metadata["id"] = f"aBc{number}"
        del cell["id"]
    return notebook


def answers(pick) -> dict:
    """Of every task one answer, by its cell."""
    return {cell: pick(task) for cell, task in ALL.items()}


RIGHT = answers(lambda task: answers_to(task, "right")[-1])
WRONG = {
    "first": (answers(lambda task: answers_to(task, "wrong")[0]), edited),
    "last": (answers(lambda task: answers_to(task, "wrong")[-1]), without_checks),
}

NOISY = """
import os

def noisy(answer):
    def call(*given):
        os.write(2, b"[W NNPACK.cpp:64] Could not initialize NNPACK!\\n")  # as C++ does
        return answer(*given)
    return call

{0} = noisy({0})
"""

# Only a kernel can tell what these earn.
CHEATS = {
    "average": "def average_pool(x):\n    raise SystemExit",
    "witness": "def witness(w, b):\n    raise KeyboardInterrupt",
    "larger": "get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)",
    "network": "import os\ndef make_network():\n    os._exit(0)",
    "cost": "get_ipython().showtraceback = lambda *a, **k: None",
    "predict": "k = get_ipython()\nk.events.register('pre_run_cell', lambda _: k.displayhook(1))",
    "minimum": "def min_pool(x): return x\ndef compare(*a, **k): pass\nrun = lambda f, x, **k: x",
    "softmax": "quit()",
}


@pytest.fixture(scope="module")
def notebooks(book):
    return assignments(book)


@pytest.fixture(scope="module")
def grades(quick_kernels, notebooks, tmp_path_factory):
    """Grades by student and grade_id, after nbgrader's API has graded the class."""
    course = tmp_path_factory.mktemp("course")
    write(course, "pooling", notebooks)
    api = nbgrader_of(course)
    assert api.generate_assignment("pooling")["success"]
    for name, notebook in notebooks.items():
        blank = course / "release" / "pooling" / f"{name}.ipynb"
        texts = {cell: a.source + NOISY.format(a.task.function) for cell, a in RIGHT.items()}
        given = {"colab": (texts, as_colab_saves), "cheat": (CHEATS, lambda notebook: notebook)}
        for who, (wrong, change) in WRONG.items():
            given[who] = {cell: answer.source for cell, answer in wrong.items()}, change
        for who, (texts, change) in given.items():
            put(change(fill(read(blank), texts)), course / "submitted" / who / "pooling", name)
    for who in given:
        done = api.autograde("pooling", who)
        assert done["success"], done["log"] + done["error"]
    return gradebook(course)


def test_right_answers_get_all_points_and_written_ones_wait_for_a_person(grades, notebooks):
    right = grades["colab"]
    metas = [meta for notebook in notebooks.values() for meta in graded(notebook)]
    written = {meta.grade_id for meta in metas if meta.grade and meta.solution}
    assert {cell for cell, score in right.items() if score is None} == written and written
    assert sum(score or 0 for score in right.values()) == sum(map(automatic, notebooks.values()))


@pytest.mark.parametrize("who", list(WRONG))
def test_a_wrong_answer_loses_its_points_whatever_was_done_to_the_checks(grades, notebooks, who):
    for cell, answer in WRONG[who][0].items():
        (notebook,) = [n for n in notebooks.values() if cell in own_answers(n.cells)]
        checks = [meta.grade_id for meta in checks_of(notebook, cell)]
        earned = [grades[who][check] for check in checks]
        assert earned == list(answer.earns or [0] * len(checks)), cell


@pytest.mark.parametrize("cell", list(ALL))
def test_a_cheat_earns_nothing(grades, notebooks, cell):
    (notebook,) = [n for n in notebooks.values() if cell in own_answers(n.cells)]
    assert not any(grades["cheat"][meta.grade_id] for meta in checks_of(notebook, cell))


def test_a_check_that_was_deleted_with_the_others_is_still_in_the_grades(grades):
    assert grades["last"].keys() == grades["colab"].keys()


def test_an_endless_loop_is_cut_off_and_the_others_are_graded(book, tmp_path):
    notebooks = assignments(book, chapters=["5"])
    ((name, notebook),) = notebooks.items()
    write(tmp_path, "loop", notebooks)
    api = nbgrader_of(tmp_path)
    assert api.generate_assignment("loop")["success"]
    blank = tmp_path / "release" / "loop" / f"{name}.ipynb"
    endless = {"predict": "while True:\n    pass"}
    # A second is enough for the loop; whoever is graded has the course's own limit.
    for who, given, limits in (
        ("endless", endless, {"timeout": 1}),
        ("quick", own_answers(notebook.cells), {}),
    ):
        put(fill(read(blank), given), tmp_path / "submitted" / who / "loop", name)
        assert nbgrader_of(tmp_path, **limits).autograde("loop", who)["success"]
    scores = gradebook(tmp_path, "loop")
    assert sum(score or 0 for score in scores["endless"].values()) == 0
    assert sum(score or 0 for score in scores["quick"].values()) == automatic(notebook)


# What students do to notebooks


def test_copied_and_deleted_cells_are_graded_as_far_as_they_are_there(book, tmp_path):
    notebooks = assignments(book, chapters=["3"])
    ((name, notebook),) = notebooks.items()
    write(tmp_path, "odd", notebooks)
    api = nbgrader_of(tmp_path)
    assert api.generate_assignment("odd")["success"]

    def drop(*ids):
        return lambda cells: [c for c in cells if c.id not in ids]

    def copy_last(cells):
        return [*cells, nbformat.from_dict(cells[-1] | {"id": "copy"})]

    def claim(cells):
        meta = {"grade_id": "x-tools", "locked": True, "grade": False, "solution": False}
        meta |= {"schema_version": 3, "task": False, "points": 0}
        cell = nbformat.v4.new_code_cell("F.relu = run = 1", metadata={"nbgrader": meta})
        return [*cells, cell]

    changes = {
        "claimed": (claim, 10),
        "copied": (copy_last, 10),
        "no-answer": (drop("larger"), 6),
        "no-answer-no-check": (drop("larger", "larger-visible"), 6),
        "nothing-named": (lambda cells: [c for c in cells if "nbgrader" not in c.metadata], 0),
        "nothing": (lambda cells: [], 0),
    }
    for who, (change, _) in changes.items():
        blank = read(tmp_path / "release" / "odd" / f"{name}.ipynb")
        work = fill(blank, own_answers(notebook.cells))
        work.cells = change(work.cells)
        put(work, tmp_path / "submitted" / who / "odd", name)
        done = api.autograde("odd", who)
        assert done["success"], done["log"]
    found = {who: sum(each.values()) for who, each in gradebook(tmp_path, "odd").items()}
    assert found == {who: points for who, (_, points) in changes.items()}
    claimed = read(tmp_path / "autograded" / "claimed" / "odd" / f"{name}.ipynb")
    assert claimed.metadata.look == ["it sets F.relu", "it sets run"]
