"""Turn every chapter that holds code into an executed notebook.

    chapters/NN.md -> notebooks/NN.ipynb

The notebook is what Colab opens, what nbval runs again, and where the page
takes its outputs from. A fingerprint in it of the chapter's code and of what
that imports from `src` says whether those outputs are still the chapter's own.
"""

import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import yaml
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from book.markdown import Bibliography, UnknownSyntax, to_commonmark

MEND = "run `make notebooks` and commit what it writes"

SETUP = """\
# On Colab this fetches the book's `pooling` module, and nothing else.
try:
    import pooling
except ModuleNotFoundError:
    import sys

    !{{sys.executable}} -m pip install -q --no-deps git+{url}@{branch}
    import pooling"""


class ExportError(Exception):
    """A chapter cannot become a notebook; the message says which and why."""


class Book:
    """The folders of a book and the repository that it is published from."""

    def __init__(self, root: Path):
        self.root = Path(root).resolve()
        self.config = yaml.safe_load((self.root / "_config.yml").read_text("utf8"))
        self.bibliography = Bibliography(self.root / "chapters" / "references.bib")

    def chapters(self) -> Iterator[Path]:
        """Every page that holds code, in order."""
        for path in sorted((self.root / "chapters").glob("*.md")):
            text = path.read_text("utf8")
            if is_myst_markdown_notebook(text) and "```{code-cell}" in text:
                yield path

    def notebook(self, chapter: Path) -> Path:
        return self.root / "notebooks" / (chapter.stem + ".ipynb")

    def student_notebook(self, chapter: Path) -> Path:
        return self.root / "notebooks" / "student" / (chapter.stem + ".ipynb")

    def colab_url(self, chapter: Path, student: bool = False) -> str:
        owner_and_name = self.url.removeprefix("https://github.com/")
        notebook = self.student_notebook if student else self.notebook
        path = notebook(chapter).relative_to(self.root).as_posix()
        return (
            f"https://colab.research.google.com/github/{owner_and_name}/blob/{self.branch}/{path}"
        )

    @property
    def url(self) -> str:
        return self.config["repository"]["url"].rstrip("/")

    @property
    def branch(self) -> str:
        return self.config["repository"].get("branch", "main")


def read_chapter(path: Path) -> nbformat.NotebookNode:
    """A chapter's cells, as the site's own reader splits them."""
    return read_myst_markdown_notebook(path.read_text("utf8"), add_source_map=True, path=path)


def read_notebook(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def fingerprint(book: Book, chapter: Path) -> str:
    """Change whenever the chapter's outputs might: with its code, or code it imports."""
    code = [cell.source for cell in code_cells(read_chapter(chapter))]
    digest = hashlib.sha256(json.dumps(code).encode())
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", "\n".join(code), re.M))
    for path in sorted((book.root / "src").rglob("*")):
        name = path.relative_to(book.root / "src")
        if name.parts[0] in imported and path.suffix in (".py", ".json"):
            # git may store a text's line ends in either form
            content = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(name.as_posix().encode() + b"\0" + content)
    return digest.hexdigest()


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
                raise ExportError(
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
    return book.colab_url(path) if path in book.chapters() else None


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
        ExportError: a cell raised; names the chapter, the cell and the error.
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
            raise ExportError(
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


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


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


def main(root: str = ".") -> int:
    book = Book(Path(root))
    chapters = list(book.chapters())
    for chapter in chapters:
        try:
            done = update(book, chapter)
        except ExportError as error:
            print(f"{chapter.stem}: failed, notebook left as it was\n{error}", file=sys.stderr)
            return 1
        print(f"{chapter.stem}: {done}", flush=True)
    for path in (book.root / "notebooks").glob("*.ipynb"):
        if path not in map(book.notebook, chapters):
            path.unlink()
            print(f"{path.stem}: removed, its chapter is gone")
    from book import student  # which reads chapters by this module

    for line in student.update(book):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
