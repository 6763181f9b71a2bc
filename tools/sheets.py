"""All exercises on paper: their wording and the tasks, with the answers or without."""

import re
from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tools.slides import blocks

from book import student
from book.book import Book, read_notebook
from book.reading import MARKER

SHEETS = {"exercises": "Exercises on pooling", "solutions": "Exercises on pooling, with answers"}
WORDING = re.compile(r"> \*\*(Exercise \d+)\.?\*\*(?: \((.*)\)\.)?\s*(?:> )?")
MODEL = re.compile(r"<details><summary>(A model answer)</summary>(.*)</details>", re.DOTALL)


def sheet(book: Book, name: str) -> NotebookNode:
    """One of SHEETS, as a notebook that is only printed."""
    answers, cells, sources = name == "solutions", [], {}
    for chapter, assignment in student.assignments(book).items():
        question, _, *section = assignment.cells
        # The chapter's title would give the answer away.
        _, number, source, wording = WORDING.split(question.source)
        sources |= {source: None} if source else {}
        cells.append(new_markdown_cell(f"## {number}\n\n> {wording}"))
        if answers:
            cells.append(new_markdown_cell(short_answer(book, chapter)))
        for cell in section:
            cells += printed(cell, answers)
    title = f"# {SHEETS[name]}\n\nThe quoted exercises are those of {', '.join(sources)}."
    cells.insert(0, new_markdown_cell(title))
    return new_notebook(cells=cells, metadata={"title": SHEETS[name]})


def short_answer(book: Book, chapter: str) -> str:
    """The answer to a chapter's quoted exercise."""
    notebook = read_notebook(book.notebooks / f"{chapter}.ipynb")
    found = (block for cell in notebook.cells for block in blocks(cell.source))
    answer = next(block for block in found if block.startswith("> **Short answer"))
    return re.sub("^> ?", "", answer, flags=re.MULTILINE)


def printed(cell: NotebookNode, answers: bool) -> Iterator[NotebookNode]:
    """A task without its hints, or an answer if wanted; no check."""
    role = cell.metadata.get("nbgrader")
    if not role:
        yield new_markdown_cell("\n\n".join(blocks(cell.source)))
    elif role["solution"] and answers:
        if cell.cell_type == "code":
            yield new_code_cell(MARKER.sub("", cell.source).rstrip())
        else:
            yield new_markdown_cell(MODEL.sub(r"**\1.**\2", cell.source))
