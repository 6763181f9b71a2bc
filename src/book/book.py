"""Where everything of the book lies: its pages, notebooks and addresses.

No other module spells a folder or an address. Beside them stands the fingerprint
of a chapter's code, which says whether its notebook's outputs are still its own.
"""

import hashlib
import json
import re
from functools import cached_property
from pathlib import Path

import nbformat
import yaml
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook

from book.markdown import Bibliography

REMEDY = "run `make notebooks` and commit what it writes"
COLAB = "https://colab.research.google.com/github"


class BookError(Exception):
    """The book cannot be made as it is written; the message says why."""


class Book:
    """The pages of a book, their folders, and the repository that it is published from."""

    def __init__(self, root: Path):
        self.root = Path(root).resolve()
        self.config = yaml.safe_load((self.root / "_config.yml").read_text("utf8"))
        self.notebooks = self.root / "notebooks"
        self.student_notebooks = self.notebooks / "student"
        self.src = self.root / "src"
        self.html = self.root / "_build" / "html"
        self.pdf = "pooling-executed.pdf"  # in the site's folder

    @cached_property
    def bibliography(self) -> Bibliography:
        return Bibliography(self.root / "chapters" / "references.bib")

    @cached_property
    def url(self) -> str:
        """The repository's address, as GitHub spells it in a link.

        Raises:
            BookError: it is none of GitHub's, where Colab and pip could find it.
        """
        given = str(self.config["repository"]["url"])
        url = given.rstrip("/").removesuffix(".git")
        if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", url):
            raise BookError(
                f"_config.yml: repository.url is {given}; it has to be https://github.com/OWNER/NAME"
            )
        return url

    @property
    def branch(self) -> str:
        return self.config["repository"].get("branch", "main")

    @cached_property
    def pages(self) -> dict[str, str | None]:
        """Every page and its title in the contents; those in depth come behind the chapters."""
        toc = yaml.safe_load((self.root / "_toc.yml").read_text("utf8"))
        chapters = [{"file": toc["root"]}, *toc["chapters"]]
        depths = [page for chapter in chapters for page in chapter.get("sections", ())]
        return {page["file"]: page.get("title") for page in chapters + depths}

    @cached_property
    def chapters(self) -> list[Path]:
        """Every page that holds code, in order.

        Raises:
            BookError: one of them is in no table of contents, so that no site would show it.
        """
        folder = self.root / "chapters"
        found = [path for path in sorted(folder.glob("*.md")) if _holds_code(path)]
        order = [self.page(name) for name in self.pages]
        for path in found:
            if path not in order:
                raise BookError(f"{self.relative(path)} is not in _toc.yml; add it there")
        return sorted(found, key=order.index)

    def page(self, name: str) -> Path:
        """The source of a page of the site: "chapters/NAME" gives chapters/NAME.md."""
        return self.root / f"{name}.md"

    def notebook(self, chapter: Path) -> Path:
        return self.notebooks / f"{chapter.stem}.ipynb"

    def student_notebook(self, chapter: Path) -> Path:
        return self.student_notebooks / f"{chapter.stem}.ipynb"

    def relative(self, path: Path) -> str:
        """A path as the repository names it."""
        return path.relative_to(self.root).as_posix()

    def colab_url(self, notebook: Path) -> str:
        own = self.url.removeprefix("https://github.com/")
        return f"{COLAB}/{own}/blob/{self.branch}/{self.relative(notebook)}"


def _holds_code(path: Path) -> bool:
    text = path.read_text("utf8")
    return is_myst_markdown_notebook(text) and "```{code-cell}" in text


def read_chapter(path: Path) -> nbformat.NotebookNode:
    """A chapter's cells, as the site's own reader splits them."""
    return read_myst_markdown_notebook(path.read_text("utf8"), add_source_map=True, path=path)


def read_notebook(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def fingerprint(book: Book, chapter: Path) -> str:
    """Change whenever the chapter's outputs might: with its code, or code it imports."""
    code = [cell.source for cell in code_cells(read_chapter(chapter))]
    digest = hashlib.sha256(json.dumps(code).encode())
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", "\n".join(code), re.M))
    for path in sorted(book.src.rglob("*")):
        name = path.relative_to(book.src)
        if name.parts[0] in imported and path.suffix in (".py", ".js", ".css", ".json"):
            # git may store a text's line ends in either form
            content = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(name.as_posix().encode() + b"\0" + content)
    return digest.hexdigest()


def stale(book: Book) -> list[str]:
    """Chapters whose notebook holds the outputs of other code, a sentence for each."""
    problems = []
    for chapter in book.chapters:
        notebook = book.notebook(chapter)
        if not notebook.exists():
            problems.append(f"{chapter.stem} has no notebook: {REMEDY}")
        elif _recorded(notebook) != fingerprint(book, chapter):
            problems.append(f"{chapter.stem} or code it imports changed since its run: {REMEDY}")
    return problems


def _recorded(notebook: Path) -> str | None:
    return read_notebook(notebook).metadata.get("book", {}).get("fingerprint")
