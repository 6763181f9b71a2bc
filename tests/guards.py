"""Checks that nbval does not make, each a list of sentences: empty is good.

nbval runs every notebook again and compares the outputs. It says nothing of a
cell that was never run, of a PNG, of a page that differs from its notebook.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat

from book import student
from book.book import COLAB, REMEDY, Book, BookError, code_cells, read_notebook
from book.export import export, missing_figures, setup_cell, take_outputs
from book.markdown import raw_syntax

MARKER = re.compile(r"### (BEGIN|END) (SOLUTION|HIDDEN TESTS)")


def drifted(book: Book) -> list[str]:
    """Notebooks that differ from a fresh export of their chapters."""
    problems = []
    expected = {book.notebook(chapter): chapter for chapter in book.chapters}
    for path in book.notebooks.glob("*.ipynb"):
        if path not in expected:
            problems.append(f"{path.stem} has no chapter: {REMEDY}")
    for path, chapter in expected.items():
        try:
            fresh = export(book, chapter)
            take_outputs(fresh, read_notebook(path))
            if nbformat.writes(fresh) + "\n" != path.read_text("utf8"):
                problems.append(f"{chapter.stem} differs from its notebook: {REMEDY}")
        except (OSError, ValueError, BookError) as error:
            problems.append(f"{chapter.stem} differs from its notebook ({error}): {REMEDY}")
    return problems


def unrun(notebook: Path) -> list[str]:
    """Cells without a count in order, captions without a figure, PNG outputs, and errors."""
    problems = []
    cells = code_cells(read_notebook(notebook))
    counts = [cell.execution_count for cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        problems.append(f"{notebook.stem}: execution counts {counts} are not 1..{len(cells)}")
    if not any(cell.outputs for cell in cells):
        problems.append(f"{notebook.stem}: no cell has an output")
    for cell in missing_figures(read_notebook(notebook)):
        problems.append(f"{notebook.stem}: a caption and no figure:\n{cell.source}")
    for cell in cells:
        for output in cell.outputs:
            if output.output_type == "error":
                problems.append(f"{notebook.stem}: a cell raised {output.ename}:\n{cell.source}")
            if "image/png" in output.get("data", {}):
                problems.append(f"{notebook.stem}: a PNG output, which nbval never compares")
    return problems


def raw(notebook: Path) -> list[str]:
    """Directives and roles that Colab would show as they are."""
    return [
        f"{notebook.stem}: raw {name} in a Markdown cell"
        for cell in read_notebook(notebook).cells
        if cell.cell_type == "markdown"
        for name in raw_syntax(cell.source)
    ]


def wrong_setup(book: Book, notebook: Path) -> list[str]:
    """A setup cell that is missing, doubled, out of date, or names another repository."""
    cells = code_cells(read_notebook(notebook))
    own = [c.source for c in cells if "setup" not in c.metadata.get("tags", ())]
    setup = setup_cell(book, "\n".join(own))
    installs = [c.source for c in cells if re.search(r"\bpip\b", c.source)]
    if installs == ([setup] if setup else []) == [c.source for c in cells[: len(installs)]]:
        return []
    return [f"{notebook.stem}: its first cell must install from {book.url}, and no other may"]


class _Links(HTMLParser):
    def __init__(self, page: Path):
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text("utf8"))

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name == "href" and value]


def wrong_colab_links(book: Book, site: Path, committed: set[str]) -> list[str]:
    """Colab links on the built site that name no committed file of this book."""
    problems, prefix = [], book.colab_url(book.root)[:-1]
    for page in sorted(site.rglob("*.html")):
        for link in _Links(page).found:
            if link.startswith(COLAB):
                path = unquote(link.removeprefix(prefix))
                if path not in committed:
                    problems.append(f"{page.stem}: {link} names no committed notebook")
    return problems


def missing_colab_links(book: Book, site: Path) -> list[str]:
    """Chapters whose page has no link to open their notebook in Colab."""
    problems = []
    for chapter in book.chapters:
        address = book.colab_url(book.notebook(chapter))
        if address not in _Links(site / "chapters" / f"{chapter.stem}.html").found:
            problems.append(f"{chapter.stem}: its page has no link to {address}")
    return problems


def student_drift(book: Book) -> list[str]:
    """Student notebooks that differ from what their chapters give now."""
    expected = {
        book.student_notebooks / f"{name}.ipynb": text
        for name, text in student.release(student.assignments(book)).items()
    }
    found = book.student_notebooks.glob("*.ipynb")
    problems = [f"student/{p.stem} has no exercise: {REMEDY}" for p in found if p not in expected]
    for path, text in expected.items():
        if not path.exists():
            problems.append(f"{path.stem} has no student notebook: {REMEDY}")
        elif path.read_text("utf8") != text:
            problems.append(f"student/{path.stem} differs from its chapter: {REMEDY}")
    return problems


def malformed(name: str, assignment: nbformat.NotebookNode) -> list[str]:
    """Marks of an exercise that nbgrader would misread, mostly without a word."""
    problems, ids, points = [], [], 0
    for cell in assignment.cells:
        marks = ["".join(found) for found in MARKER.findall(cell.source)]
        meta = cell.metadata.get("nbgrader")
        if meta is None:
            if cell.cell_type == "code" or marks:
                first = cell.source.split("\n")[0]
                problems.append(f"{name}: students get this cell as it is: {first}")
            continue
        ids.append(meta["grade_id"])
        points += meta.get("points", 0)
        where = f"{name}, {meta['grade_id']}"
        if cell.cell_type == "markdown":
            expected = [[]]  # nbgrader replaces the whole answer
        elif meta["solution"]:
            expected = [["BEGINSOLUTION", "ENDSOLUTION"]]
        else:
            hidden = ["BEGINHIDDEN TESTS", "ENDHIDDEN TESTS"]
            expected = [[], hidden, hidden * 2]
            said = f"# {meta['points']} points: "
            if meta["points"] and not cell.source.startswith(said):
                problems.append(f"{where}: its first line does not say {said!r}")
        if marks not in expected:
            problems.append(f"{where}: its marks are {marks}")
    text = "\n".join(cell.source for cell in assignment.cells if cell.cell_type == "markdown")
    promised = sum(map(int, re.findall(r"\((\d+) points\)", text)))
    if promised != points:
        problems.append(f"{name}: the tasks promise {promised} points, the checks give {points}")
    twice = sorted({i for i in ids if ids.count(i) > 1})
    return problems + [f"{name}: two cells are named {i}" for i in twice]


def leaks(name: str, assignment: nbformat.NotebookNode, released: str) -> list[str]:
    """Lines of answers and hidden checks that are in a student notebook."""
    answers, hidden, visible = [], [], []
    for cell in assignment.cells:
        target = answers if _written(cell) else visible
        for line in cell.source.split("\n"):
            if mark := MARKER.search(line):
                kind = answers if mark[2] == "SOLUTION" else hidden
                target = kind if mark[1] == "BEGIN" else visible
            elif len(line := line.strip(" >")) >= 8 and line != "</details":
                target.append(line)
    found = nbformat.reads(released, as_version=4)
    text = "\n".join(cell.source for cell in found.cells)
    secrets = answers + [line for line in hidden if line not in visible]
    problems = [f"{name}: a student notebook shows {line!r}" for line in secrets if line in text]
    if any(cell.get("outputs") or cell.get("execution_count") for cell in found.cells):
        problems.append(f"{name}: a student notebook has outputs")
    if unknown := {key for cell in found.cells for key in cell.metadata} - {
        "nbgrader",
        "deletable",
        "editable",
    }:
        problems.append(f"{name}: a student notebook has metadata {sorted(unknown)}")
    return problems


def _written(cell: nbformat.NotebookNode) -> bool:
    return cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution", False)
