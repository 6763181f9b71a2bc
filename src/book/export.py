"""Turn every chapter that holds code into an executed notebook.

    chapters/NN.md -> notebooks/NN.ipynb

The notebook is what Colab opens, what the tests run again, and where the page
takes its outputs from.
"""

import ast
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from book.book import Book, BookError, code_cells, fingerprint, read_chapter
from book.markdown import UnknownSyntax, to_commonmark

SETUP = """\
# Where the book's own modules are missing, as on Colab, this installs them, and nothing else.
try:
    {names}
except ImportError:
    import importlib, site, subprocess, sys
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--force-reinstall"]
    pip += ["{archive}"]
    done = subprocess.run(pip, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise ImportError(f"{{' '.join(pip)}} failed:\\n{{done.stdout}}") from None
    site.addsitedir(site.getusersitepackages())
    importlib.invalidate_caches()
    [sys.modules.pop(name, None) for name in ("lesson", "pooling")]
    # If this fails, it names a file that is in the way: rename it, and restart the kernel.
    {names}"""


def setup_cell(book: Book, code: str) -> str | None:
    """Code that imports, and if need be installs, what other code takes from the book."""
    needed: dict[str, set[str]] = {"lesson": set(), "pooling": set()}
    tree = ast.parse(re.sub(r"^[ \t]*[%!].*", "", code, flags=re.M))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in needed:
            needed[node.module] |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            needed.get(node.value.id, set()).add(node.attr)
    names = [f"from {name} import {', '.join(sorted(of))}" for name, of in needed.items() if of]
    archive = f"{book.url}/archive/{book.branch}.zip"
    return SETUP.format(names="; ".join(names), archive=archive) if names else None


def export(book: Book, chapter: Path) -> nbformat.NotebookNode:
    """The chapter as a notebook in plain Markdown, not yet executed."""
    source = read_chapter(chapter)
    cited: list[str] = []
    cells = []
    if setup := setup_cell(book, "\n".join(cell.source for cell in code_cells(source))):
        cells.append(nbformat.v4.new_code_cell(setup, metadata={"tags": ["setup"]}))
    for cell, line in zip(source.cells, source.metadata["source_map"], strict=True):
        text, metadata = cell.source, cell.metadata
        if cell.cell_type == "code":
            cells.append(nbformat.v4.new_code_cell(cell.source, metadata=metadata))
            caption, metadata = _caption(cell), {}
            text = caption and f"**Figure.** {caption}"
        if text:
            try:
                text = to_commonmark(text, book.bibliography, cited, lambda n: _page_url(book, n))
            except UnknownSyntax as error:
                where = f"{chapter.name}, the cell from line {line + 1} on"
                raise BookError(f"{where}: {error}") from None
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


def _caption(cell: nbformat.NotebookNode) -> str | None:
    return cell.metadata.get("mystnb", {}).get("figure", {}).get("caption")


def _page_url(book: Book, page: str) -> str | None:
    path = book.root / "chapters" / page.partition("#")[0]
    return book.colab_url(book.notebook(path)) if path in book.chapters else None


def name_cells(cells: list[nbformat.NotebookNode]) -> None:
    # An id from the cell's own text: an edit elsewhere leaves it as it was.
    seen: dict[str, int] = {}
    for cell in cells:
        name = hashlib.sha256((cell.cell_type + cell.source).encode()).hexdigest()[:8]
        seen[name] = seen.get(name, 0) + 1
        cell["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"


def kernel_variables(empty: str) -> dict[str, str]:
    """The environment of a kernel whose outputs owe nothing to a user's settings.

    Args:
        empty: a folder that holds no IPython profile.
    """
    ours = {
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MATPLOTLIBRC": str(Path(matplotlib.get_data_path(), "matplotlibrc")),
        "IPYTHONDIR": empty,
        "LC_ALL": "C.UTF-8",
    }
    foreign = re.compile(r"(?!PYTHONPATH$)PYTHON|LC_|LANG")
    return {k: v for k, v in os.environ.items() if not foreign.match(k)} | ours


def execute(notebook: nbformat.NotebookNode, name: str) -> None:
    """Run every cell in a fresh kernel, in an empty folder.

    Raises:
        BookError: a cell raised, or has a caption and no figure; names chapter and cell.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as profile:
        client = NotebookClient(
            notebook,
            timeout=600,
            record_timing=False,
            extra_arguments=["--IPKernelApp.log_level=ERROR"],  # no word on its transport
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
        )
        try:
            client.execute(env=kernel_variables(profile))
        except CellExecutionError as error:
            cell = next(c for c in notebook.cells if _raised(c))
            raise BookError(
                f"{name}: a cell raised {error.ename}: {error.evalue}\n\n{cell.source}\n"
            ) from None
    for cell in missing_figures(notebook):
        raise BookError(f"{name}: this cell has a caption and shows no figure\n\n{cell.source}\n")
    notebook.metadata["language_info"] = {"name": "python"}


def _raised(cell: nbformat.NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", ()))


def missing_figures(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Cells that have a caption, and no picture to which it could belong."""
    kinds = {"image/svg+xml", "text/html"}
    return [
        cell
        for cell in code_cells(notebook)
        if _caption(cell) and not any(kinds & {*o.get("data", ())} for o in cell.outputs)
    ]


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
    if _reusable(notebook, old):
        done = "prose updated"
    else:
        run(notebook, chapter.name)
        done = "executed"
    new = nbformat.writes(notebook) + "\n"
    if new == old:
        return "unchanged"
    write(path, new)
    return done


def _reusable(notebook: nbformat.NotebookNode, old: str) -> bool:
    """Take the outputs of the notebook as it was, if they are those of the same code."""
    try:
        executed = nbformat.reads(old, as_version=4)
        same = executed.metadata["book"]["fingerprint"] == notebook.metadata["book"]["fingerprint"]
        take_outputs(notebook, executed)
    except (ValueError, KeyError):  # none yet, or not made by this module
        return False
    counts = [cell.execution_count for cell in code_cells(notebook)]
    return same and None not in counts


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def update_all(book: Book) -> Iterator[str]:
    """Bring every chapter's notebook up to date; say what was done, a line for each."""
    for chapter in book.chapters:
        yield f"{chapter.stem}: {update(book, chapter)}"
    for path in book.notebooks.glob("*.ipynb"):
        if path not in map(book.notebook, book.chapters):
            path.unlink()
            yield f"{path.stem}: removed, its chapter is gone"
