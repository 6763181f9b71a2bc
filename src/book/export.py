"""Turn every chapter that holds code into an executed notebook.

    chapters/NN.md -> notebooks/NN.ipynb

The notebook is what Colab opens, what nbval runs again, and where the page
takes its outputs from. A fingerprint in it of the chapter's code and of what
that imports from `src` says whether those outputs are still the chapter's own.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from book.book import Book, BookError, code_cells, fingerprint, read_chapter
from book.markdown import UnknownSyntax, to_commonmark

SETUP = """\
# On Colab this fetches the book's `pooling` module, and nothing else.
try:
    import pooling
except ModuleNotFoundError:
    import sys

    !{{sys.executable}} -m pip install -q --no-deps git+{url}@{branch}
    import pooling"""


def export(book: Book, chapter: Path) -> nbformat.NotebookNode:
    """The chapter as a notebook in plain Markdown, not yet executed."""
    source = read_chapter(chapter)
    cited: list[str] = []
    cells = [nbformat.v4.new_code_cell(SETUP.format(url=book.url, branch=book.branch))]
    cells[0].metadata["tags"] = ["setup"]
    for cell, line in zip(source.cells, source.metadata["source_map"], strict=True):
        if cell.cell_type == "code":
            cells.append(nbformat.v4.new_code_cell(cell.source, metadata=cell.metadata))
            caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption")
            text = caption and f"**Figure.** {caption}"
        else:
            text = cell.source
        if text:
            try:
                text = to_commonmark(
                    text, book.bibliography, cited, lambda page: _page_url(book, page)
                )
            except UnknownSyntax as error:
                raise BookError(
                    f"{chapter.name}, the cell from line {line + 1} on: {error}"
                ) from None
            # A code cell that has a caption gave it its own metadata already.
            metadata = cell.metadata if cell.cell_type == "markdown" else {}
            cells.append(nbformat.v4.new_markdown_cell(text, metadata=metadata))
    name_cells(cells)
    return nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": dict(source.metadata["kernelspec"]),
            "language_info": {"name": "python"},
            "book": {"chapter": chapter.name, "fingerprint": fingerprint(book, chapter)},
        },
    )


def _page_url(book: Book, page: str) -> str | None:
    path = book.root / "chapters" / page.partition("#")[0]
    return book.colab_url(book.notebook(path)) if path in book.chapters() else None


def name_cells(cells: list[nbformat.NotebookNode]) -> None:
    # An id from the cell's own text: an edit elsewhere leaves it as it was.
    seen: dict[str, int] = {}
    for cell in cells:
        name = hashlib.sha256((cell.cell_type + cell.source).encode()).hexdigest()[:8]
        seen[name] = seen.get(name, 0) + 1
        cell["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"


def execute(notebook: nbformat.NotebookNode, name: str) -> None:
    """Run every cell in a fresh kernel, in an empty folder.

    Raises:
        BookError: a cell raised; names the chapter, the cell and the error.
    """
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=600,
            record_timing=False,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],  # no word on its transport
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            cell = next(c for c in notebook.cells if _raised(c))
            raise BookError(
                f"{name}: a cell raised {error.ename}: {error.evalue}\n\n{cell.source}\n"
            ) from None
    notebook.metadata["language_info"] = {"name": "python"}


def _raised(cell: nbformat.NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", ()))


def take_outputs(notebook: nbformat.NotebookNode, executed: nbformat.NotebookNode) -> None:
    """Give a notebook the outputs of an executed one that has the same code."""
    pairs = zip(code_cells(notebook), code_cells(executed), strict=True)
    for cell, done in pairs:
        cell.outputs, cell.execution_count = done.outputs, done.execution_count


def update(book: Book, chapter: Path, run: Callable = execute) -> str:
    """Bring one notebook up to date; return what was done, in a word."""
    path = book.notebook(chapter)
    notebook = export(book, chapter)
    old = path.read_text("utf8") if path.exists() else ""
    try:
        if not old:
            raise ValueError("no notebook yet")
        executed = nbformat.reads(old, as_version=4)
        if executed.metadata["book"]["fingerprint"] != notebook.metadata["book"]["fingerprint"]:
            raise ValueError("stale")
        take_outputs(notebook, executed)
        if any(cell.execution_count is None for cell in code_cells(notebook)):
            raise ValueError("not run")
        done = "prose updated"
    except (ValueError, KeyError):  # no usable outputs: make them
        run(notebook, chapter.name)
        done = "executed"
    new = nbformat.writes(notebook) + "\n"
    if new == old:
        return "unchanged"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(new, "utf8")
    os.replace(unfinished, path)
    return done


def update_all(book: Book) -> Iterator[str]:
    """Bring every chapter's notebook up to date; say what was done, a line for each."""
    chapters = list(book.chapters())
    for chapter in chapters:
        yield f"{chapter.stem}: {update(book, chapter)}"
    for path in book.notebooks.glob("*.ipynb"):
        if path not in map(book.notebook, chapters):
            path.unlink()
            yield f"{path.stem}: removed, its chapter is gone"
