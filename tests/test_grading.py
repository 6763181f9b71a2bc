"""From answers to grades, with nbgrader's API and the book's own numbers."""

import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from answers import WRONG
from book import student
from test_assignments import answers_of

BIN = Path(sys.executable).parent
WRITTEN = {"witness-proof": 4, "predict-why": 4}

pytestmark = pytest.mark.usefixtures("quick_kernels")


def fill(notebook, answers, written="Because."):
    """A student notebook with these answers, by grade_id, and this text."""
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution"):
            text = answers.get(meta["grade_id"]) if cell.cell_type == "code" else written
            cell.source = text or cell.source
    return notebook


def put(notebook, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(nbformat.writes(notebook), "utf8")


def read(path: Path):
    return nbformat.read(path, as_version=4)


def api_of(course: Path, **settings) -> NbGraderAPI:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    for name, value in settings.items():
        config.Execute[name] = value
    return NbGraderAPI(config=config)


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


def wrong_answers(pick) -> dict[str, tuple]:
    return {cell: pick(wrong) for cell, (_, _, wrong) in WRONG.items()}


def honest(number: int):
    return lambda wrong: [case for case in wrong if "own" not in case[0]][number]


CLASS = {
    "first": (wrong_answers(honest(0)), edited),
    "last": (wrong_answers(honest(-1)), without_checks),
    "ready-made": (wrong_answers(lambda wrong: wrong[-1]), lambda notebook: notebook),
}


@pytest.fixture(scope="module")
def graded(quick_kernels, book, tmp_path_factory):
    """Grades by student and grade_id, after nbgrader's API has graded the class."""
    course = tmp_path_factory.mktemp("course")
    notebooks = student.course(book)
    student.write_course(course, "pooling", notebooks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
        api = api_of(course)
        assert api.generate_assignment("pooling")["success"]
        for name, notebook in notebooks.items():
            blank = course / "release" / "pooling" / f"{name}.ipynb"
            right = as_colab_saves(fill(read(blank), answers_of(notebook.cells)))
            put(right, course / "submitted" / "colab" / "pooling", name)
            for who, (wrong, change) in CLASS.items():
                answers = {cell: answer for cell, (_, answer, _, _) in wrong.items()}
                work = change(fill(read(blank), answers))
                put(work, course / "submitted" / who / "pooling", name)
        for who in ("colab", *CLASS):
            done = api.autograde("pooling", who)
            assert done["success"], done["log"] + done["error"]
    return grades(course)


def grades(course: Path, name="pooling") -> dict[str, dict[str, float | None]]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            work.student.id: {
                grade.name: grade.score if grade.auto_score is not None else None
                for notebook in work.notebooks
                for grade in notebook.grades
            }
            for work in gradebook.assignment_submissions(name)
        }


def test_right_answers_get_all_points_and_written_ones_wait_for_a_person(graded):
    right = graded["colab"]
    assert {cell for cell, score in right.items() if score is None} == set(WRITTEN)
    assert sum(score or 0 for score in right.values()) == 70 - sum(WRITTEN.values())


@pytest.mark.parametrize("who", list(CLASS))
def test_a_wrong_answer_loses_its_points_whatever_was_done_to_the_checks(graded, who):
    for cell, (_, _, earns, _) in CLASS[who][0].items():
        _, checks, _ = WRONG[cell]
        assert tuple(graded[who][check] for check in checks) == earns, cell


def test_a_check_that_was_deleted_with_the_others_is_still_in_the_grades(graded):
    assert graded["last"].keys() == graded["colab"].keys()


def test_an_endless_loop_is_cut_off_and_the_others_are_graded(book, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    notebooks = student.course(book, chapters=["5"])
    ((name, notebook),) = notebooks.items()
    student.write_course(tmp_path, "loop", notebooks)
    api = api_of(tmp_path, timeout=6)  # seconds; torch is there already
    assert api.generate_assignment("loop")["success"]
    blank = tmp_path / "release" / "loop" / f"{name}.ipynb"
    right = answers_of(notebook.cells)
    for who, answers in (
        ("endless", {"predict": "while True:\n    pass"}),
        ("quick", right),
    ):
        put(fill(read(blank), answers), tmp_path / "submitted" / who / "loop", name)
        assert api.autograde("loop", who)["success"]
    found = grades(tmp_path, "loop")
    assert sum(score or 0 for score in found["endless"].values()) == 0
    assert found["quick"]["predict-visible"] + found["quick"]["predict-hidden"] == 6


# What students do to notebooks


def test_copied_and_deleted_cells_are_graded_as_far_as_they_are_there(book, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    notebooks = student.course(book, chapters=["3"])
    ((name, notebook),) = notebooks.items()
    student.write_course(tmp_path, "odd", notebooks)
    api = api_of(tmp_path)
    assert api.generate_assignment("odd")["success"]

    def drop(*ids):
        return lambda cells: [c for c in cells if c.id not in ids]

    def copy_last(cells):
        return [*cells, nbformat.from_dict(cells[-1] | {"id": "copy"})]

    changes = {
        "copied": (copy_last, 10),
        "no-answer": (drop("larger"), 6),
        "no-answer-no-check": (drop("larger", "larger-visible"), 6),
        "nothing-named": (lambda cells: [c for c in cells if "nbgrader" not in c.metadata], 0),
        "nothing": (lambda cells: [], 0),
    }
    for who, (change, _) in changes.items():
        work = fill(
            read(tmp_path / "release" / "odd" / f"{name}.ipynb"), answers_of(notebook.cells)
        )
        work.cells = change(work.cells)
        put(work, tmp_path / "submitted" / who / "odd", name)
        done = api.autograde("odd", who)
        assert done["success"], done["log"]
    found = {who: sum(each.values()) for who, each in grades(tmp_path, "odd").items()}
    assert found == {who: points for who, (_, points) in changes.items()}
