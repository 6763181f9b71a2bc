"""Write an assignment for a class into a course folder.

chapters/NN.md -> COURSE/source/NAME/NN.ipynb
"""

import hashlib
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from book import student
from book.book import Book, BookError

CONFIG = """\
# A course's settings for nbgrader, written once: change them as you like.
import sys

sys.path.append({src!r})  # the book's folder, which holds the plug-ins
from course.settings import settings

c = get_config()
c.merge(settings())
c.CourseDirectory.course_id = "pooling"
c.ClearSolutions.code_stub = {code_stub!r}
c.ClearSolutions.text_stub = {text_stub!r}
"""


def notebooks(
    book: Book, chapters: Sequence[str] = (), seed: str | None = None, private: str | Path = ""
) -> dict[str, NotebookNode]:
    """The assignments of these chapters, given by their numbers; of all, if none is.

    Raises:
        BookError: there is no such exercise, no such folder, or no check for a private one.
    """
    made = {}
    for chapter in book.chapters:
        if not chapters or chapter.stem.split("-")[0].lstrip("0") in chapters:
            made[chapter.stem] = student.assignment(book, chapter, lambda s: variant(s, seed))
    made = {name: notebook for name, notebook in made.items() if notebook}
    if len(made) < max(1, len(chapters)):
        raise BookError(f"no exercise in some of the chapters {', '.join(chapters) or 'at all'}")
    if private:
        add_hidden(made, Path(private))
    return made


def add_hidden(made: dict[str, NotebookNode], private: Path) -> None:
    """Add to each check that a file of this folder is named after what it holds."""
    if not private.is_dir():
        raise BookError(f"PRIVATE={private} is no folder; make it, or leave PRIVATE out")
    cells = [cell for notebook in made.values() for cell in notebook.cells if cell.metadata]
    named = {cell.metadata.nbgrader.grade_id: cell for cell in cells}
    for path in sorted(private.glob("*.py")):
        if path.stem not in named:
            raise BookError(f"{path.name} names no check; these do: {', '.join(sorted(named))}")
        cell = named[path.stem]
        if not cell.metadata.nbgrader.grade or cell.cell_type != "code":
            raise BookError(f"{path.stem} is not a check")
        code = path.read_text("utf8").strip()
        cell.source += f"\n### BEGIN HIDDEN TESTS\n{code}\n### END HIDDEN TESTS"


def groups(section: list[NotebookNode]) -> list[dict[str, list[str]]]:
    """The texts that vary, each with what may take its place; a group varies as one."""
    return [group for cell in section for group in cell.metadata.get("variants", ())]


def variant(section: list[NotebookNode], seed: str | None) -> Callable[[str], str]:
    """A function that puts one variant's numbers into a text."""
    chosen: dict[str, str] = {}
    for group in groups(section) if seed is not None else ():
        draw = random.Random(f"{seed} {sorted(group)}")
        index = draw.randrange(min(map(len, group.values())))
        chosen |= {old: new[index] for old, new in group.items()}
    return substitute(chosen)


def substitute(chosen: dict[str, str]) -> Callable[[str], str]:
    """Replace all these texts at once, none within a longer number or name."""
    longest_first = sorted(chosen, key=len, reverse=True)
    pattern = "|".join(rf"(?<![\w.]){re.escape(old)}(?!\w)" for old in longest_first)
    return lambda text: re.sub(pattern, lambda match: chosen[match[0]], text) if chosen else text


def write(
    folder: Path, name: str, made: dict[str, NotebookNode], seed: str | None = None, force=False
) -> None:
    """Make an nbgrader course of these notebooks, or add them to one.

    Raises:
        BookError: the name is none that nbgrader takes, or the assignment has other numbers.
    """
    if not re.fullmatch(r"\w[\w-]*", name):  # nbgrader reads + and * ? [ ] in another way
        raise BookError(f"NAME={name}: use letters, digits, _ and - only, such as week-1")
    source, variant = folder / "source" / name, folder / "source" / f"{name}-variant.txt"
    source.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(seed.encode()).hexdigest() if seed is not None else "the book's numbers"
    if variant.exists() and variant.read_text("utf8") != mark and not force:
        raise BookError(
            f"{name} was made with another SEED, and students may have it: give that SEED "
            "again, take another NAME, or say FORCE=1 for new numbers"
        )
    variant.write_text(mark, "utf8")
    config = folder / "nbgrader_config.py"
    if not config.exists():  # it may hold settings of the instructor's
        src = str(Path(__file__).parents[1])
        config.write_text(CONFIG.format(src=src, **student.STUBS), "utf8")
    for stem, notebook in made.items():
        nbformat.write(notebook, source / f"{stem}.ipynb")
