"""An exercise answered and graded: quickly here, or by nbgrader as a class's is.

Also the answers that tests/answers holds for its tasks.
"""

import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import PyFileConfigLoader

import answers
from answers import Answer, Task

BIN = Path(sys.executable).parent


def tasks() -> list[type[Task]]:
    """The tasks of every file in tests/answers."""
    modules = [import_module(f"answers.{m.name}") for m in pkgutil.iter_modules(answers.__path__)]
    found = [value for module in modules for value in vars(module).values()]
    return [t for t in found if isinstance(t, type) and issubclass(t, Task) and t is not Task]


def answers_to(task: type[Task], *kinds: str) -> list[Answer]:
    """Those of a task that are of these kinds: wrong, ready-made, right."""
    return [a for a in vars(task).values() if isinstance(a, Answer) and a.kind in kinds]


ALL = {task.cell: task for task in tasks()}


# An assignment's cells


def graded(notebook: NotebookNode) -> list[NotebookNode]:
    """What nbgrader says of those cells that it knows."""
    return [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]


def checks_of(notebook: NotebookNode, cell: str) -> list[NotebookNode]:
    """The checks of an answer, in order: those between it and the next answer."""
    metas = graded(notebook)
    behind = metas[[meta.grade_id for meta in metas].index(cell) + 1 :]
    next_answer = next((i for i, meta in enumerate(behind) if meta.solution), len(behind))
    return behind[:next_answer]


def automatic(notebook: NotebookNode) -> int:
    """The points that checks give."""
    return sum(meta.get("points", 0) for meta in graded(notebook) if not meta.solution)


def by_hand(notebook: NotebookNode) -> int:
    """The points of written answers."""
    return sum(meta.points for meta in graded(notebook) if meta.grade and meta.solution)


def own_answers(cells: list[NotebookNode]) -> dict[str, str]:
    """Code that stands in the cells for answers, by grade_id."""
    code = (cell for cell in cells if cell.cell_type == "code")
    return {c.metadata.nbgrader.grade_id: c.source for c in code if c.metadata.nbgrader.solution}


# Graded quickly


def grade(cells: list[NotebookNode], given: dict[str, str] | None = None):
    """Run the cells with these answers; points and what was said, by grade_id."""
    names, grades = {"__name__": "__main__"}, {}
    for cell in cells:
        if cell.cell_type != "code":
            continue
        meta = cell.metadata.nbgrader
        source, said = (given or {}).get(meta.grade_id, cell.source), ""
        try:
            exec(compile(source, meta.grade_id, "exec"), names)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        if meta.grade:
            grades[meta.grade_id] = (0 if said else meta.points, said)
    return grades


def points(grades: dict[str, tuple[float, str]]) -> float:
    return sum(earned for earned, _ in grades.values())


# Graded by nbgrader


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def fill(notebook: NotebookNode, given: dict[str, str], written="Because.") -> NotebookNode:
    """A student notebook with these answers, by grade_id, and this text."""
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution"):
            text = given.get(meta["grade_id"]) if cell.cell_type == "code" else written
            cell.source = text or cell.source
    return notebook


def put(notebook: NotebookNode, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(nbformat.writes(notebook), "utf8")


def nbgrader_of(course: Path, **settings) -> NbGraderAPI:
    """nbgrader as this course sets it up; settings of running are changed so."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    for name, value in settings.items():
        config.Execute[name] = value
    return NbGraderAPI(config=config)


def gradebook(course: Path, name="pooling") -> dict[str, dict[str, float | None]]:
    """Scores by student and grade_id; None for what waits for a person."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            work.student.id: {
                grade.name: grade.score if grade.auto_score is not None else None
                for notebook in work.notebooks
                for grade in notebook.grades
            }
            for work in book.assignment_submissions(name)
        }
