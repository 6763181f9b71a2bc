"""Turn a chapter's `## Your turn` into an assignment without the answers.

    chapters/NN.md -> notebooks/student/NN.ipynb       through nbgrader

Nothing of a chapter gets into a student notebook but its title, its exercise
and the cells of that section, whose answers nbgrader clears. So no forgotten
tag can give an answer away.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from book.book import Book
from book.export import export, name_cells, write

HEADING = "## Your turn"

HOW = f"""\
{HEADING}

Work from top to bottom.
Replace each `raise NotImplementedError(...)` by your answer, run its cell, then the check below it.
A check that fails says what the mistake may be; one that passes says nothing.
Leave the checks as they are: when this is graded, the original ones are run.
The exercise asks for more than the tasks do: the rest is not graded."""

CODE_STUB = """\
# YOUR ANSWER HERE
raise NotImplementedError("Replace this line by your answer, then run this cell and the check.")"""
STUBS = {
    "code_stub": {"python": CODE_STUB},
    "text_stub": "*Write your answer here, instead of this line.*",
}

IMPORT = "from lesson.check import compare, run"


def your_turn(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells of a chapter's exercise, without its heading's."""
    cells = iter(notebook.cells)
    for cell in cells:
        if cell.source.startswith(HEADING + "\n"):
            return list(itertools.takewhile(lambda cell: not cell.source.startswith("## "), cells))
    return []


def assignment(book: Book, chapter: Path, variant: Callable = lambda section: str):
    """The notebook that nbgrader makes a student version of, answers included.

    Args:
        variant: of the section's cells makes a function that changes each cell's text.
    Returns:
        A notebook, or None for a chapter that has no such section.
    """
    whole = export(book, chapter)
    section = your_turn(whole)
    if not section:
        return None
    replace = variant(section)
    cells = [nbformat.v4.new_markdown_cell(text) for text in (_question(whole), HOW)]
    for cell in section:
        text = replace(cell.source)
        if cell.cell_type == "markdown":
            new = nbformat.v4.new_markdown_cell(text)
        else:
            new = nbformat.v4.new_code_cell(text.replace(IMPORT, _checks(book, text)))
        if "nbgrader" in cell.metadata:  # and nothing else: the variants hold answers
            new.metadata["nbgrader"] = dict(cell.metadata["nbgrader"])
        cells.append(new)
    name_cells(cells)
    for cell in cells:  # an edit of an answer changes nothing that students get
        cell["id"] = cell.metadata.get("nbgrader", {}).get("grade_id", cell["id"])
    metadata = {key: whole.metadata[key] for key in ("kernelspec", "language_info")}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _question(notebook: NotebookNode) -> str:
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    lines = iter("\n".join(texts).split("\n"))
    title = next(line for line in lines if line.startswith("# "))
    asked = itertools.dropwhile(lambda line: not line.startswith("> **Exercise"), lines)
    return "\n".join([title, "", *itertools.takewhile(lambda line: line.startswith(">"), asked)])


def _checks(book: Book, cell: str) -> str:
    """`lesson.check` itself, so that a student notebook needs nothing but torch."""
    module = (book.src / "lesson" / "check.py").read_text("utf8")
    code = module.split('"""', 2)[2].strip("\n")
    return code.replace("import torch\n", "", 1) if "import torch\n" in cell else code


def release(notebooks: dict[str, NotebookNode]) -> dict[str, str]:
    """What nbgrader's own generator makes of these, as files' texts by name."""
    if not notebooks:
        return {}
    from nbgrader.apps import GenerateAssignmentApp  # slow to import
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source", "all")
        source.mkdir(parents=True)
        for name, notebook in notebooks.items():
            nbformat.write(notebook, source / f"{name}.ipynb")
        config = Config(ClearSolutions=STUBS)
        no_database, _ = GenerateAssignmentApp.flags["no-db"]
        config.merge(Config(no_database))
        course = CourseDirectory(config=config, root=folder, assignment_id="all")
        GenerateAssignment(coursedir=course, config=config).start()
        made = Path(folder, "release", "all")
        return {name: (made / f"{name}.ipynb").read_text("utf8") for name in notebooks}


def assignments(book: Book) -> dict[str, NotebookNode]:
    """Every chapter's assignment, by name."""
    made = {chapter.stem: assignment(book, chapter) for chapter in book.chapters}
    return {name: notebook for name, notebook in made.items() if notebook}


def update_all(book: Book) -> Iterator[str]:
    """Bring notebooks/student up to date; say what was done, a line for each file."""
    made = release(assignments(book))
    for name, text in made.items():
        path = book.student_notebooks / f"{name}.ipynb"
        if path.exists() and path.read_text("utf8") == text:
            yield f"student/{name}: unchanged"
        else:
            write(path, text)
            yield f"student/{name}: written"
    for path in book.student_notebooks.glob("*.ipynb"):
        if path.stem not in made:
            path.unlink()
            yield f"student/{path.stem}: removed, its chapter is gone"
