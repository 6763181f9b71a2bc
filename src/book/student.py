"""Turn a chapter's `## Your turn` into an assignment without the answers.

    chapters/NN.md -> notebooks/student/NN.ipynb       through nbgrader, for all
    chapters/NN.md -> course/source/NAME/NN.ipynb      for one class, with a seed

Nothing of a chapter gets into a student notebook but its title, its exercise
and the cells of that section, whose answers nbgrader clears. So no forgotten
tag can give an answer away.
"""

import argparse
import itertools
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import nbformat
from nbformat import NotebookNode

from book.book import Book, BookError
from book.export import export, name_cells, write

HEADING = "## Your turn"

HOW = f"""\
{HEADING}

Work from top to bottom.
Replace each `raise NotImplementedError(...)` by your answer, run its cell, then the check below it.
A check that fails says what the mistake may be; one that passes says nothing.
Leave the checks as they are: when this is graded, the original ones are run.
What the exercise asks beyond the tasks is not graded."""

IMPORT = "from lesson.check import compare, run"


def your_turn(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells of a chapter's exercise, without its heading's."""
    cells = iter(notebook.cells)
    for cell in cells:
        if cell.source.startswith(HEADING + "\n"):
            return list(itertools.takewhile(lambda cell: not cell.source.startswith("## "), cells))
    return []


def assignment(
    book: Book, chapter: Path, seed: str | None = None, private: Path | None = None
) -> NotebookNode | None:
    """The notebook that nbgrader makes a student version of, answers included.

    Args:
        seed: None for the numbers of the book; otherwise names another variant.
        private: a folder of further hidden checks, each named GRADE_ID.py.
    Returns:
        None for a chapter that has no such section.
    """
    whole = export(book, chapter)
    section = your_turn(whole)
    if not section:
        return None
    replace = variant(section, seed)
    cells = [nbformat.v4.new_markdown_cell(text) for text in (_question(whole), HOW)]
    for cell in section:
        text = replace(cell.source)
        if cell.cell_type == "markdown":
            new = nbformat.v4.new_markdown_cell(text)
        else:
            new = nbformat.v4.new_code_cell(text.replace(IMPORT, _checks(book, text)))
        if "nbgrader" in cell.metadata:  # and nothing else: the variants hold answers
            new.metadata["nbgrader"] = dict(cell.metadata["nbgrader"])
            own = private and private / f"{new.metadata['nbgrader']['grade_id']}.py"
            if own and own.exists():
                new.source = with_hidden_check(new, own.read_text("utf8"))
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


def groups(section: list[NotebookNode]) -> list[dict[str, list[str]]]:
    """The texts that vary, each with what may take its place; a group varies as one."""
    return [group for cell in section for group in cell.metadata.get("variants", ())]


def variant(section: list[NotebookNode], seed: str | None):
    """A function that puts one variant's numbers into a text."""
    chosen: dict[str, str] = {}
    if seed is not None:
        for group in groups(section):
            draw = random.Random(f"{seed} {sorted(group)}")
            index = draw.randrange(min(map(len, group.values())))
            chosen |= {old: new[index] for old, new in group.items()}
    return substitute(chosen)


def substitute(chosen: dict[str, str]):
    """Replace all these texts at once, none within a longer number or name."""
    if not chosen:
        return lambda text: text
    longest_first = sorted(chosen, key=len, reverse=True)
    pattern = "|".join(rf"(?<![\w.]){re.escape(old)}(?!\w)" for old in longest_first)
    return lambda text: re.sub(pattern, lambda match: chosen[match[0]], text)


def with_hidden_check(cell: NotebookNode, code: str) -> str:
    if not cell.metadata["nbgrader"]["grade"] or cell.cell_type != "code":
        raise BookError(f"{cell.metadata['nbgrader']['grade_id']} is not a check")
    return f"{cell.source}\n### BEGIN HIDDEN TESTS\n{code.strip()}\n### END HIDDEN TESTS"


def release(notebooks: dict[str, NotebookNode]) -> dict[str, str]:
    """What nbgrader's own generator makes of these, as files' texts by name."""
    if not notebooks:
        return {}
    from nbgrader.apps import GenerateAssignmentApp  # slow to import
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config, PyFileConfigLoader

    with tempfile.TemporaryDirectory() as folder:
        write_course(Path(folder), "all", notebooks)
        config = PyFileConfigLoader("nbgrader_config.py", path=folder).load_config()
        no_database, _ = GenerateAssignmentApp.flags["no-db"]
        config.merge(Config(no_database))
        course = CourseDirectory(config=config, root=folder, assignment_id="all")
        GenerateAssignment(coursedir=course, config=config).start()
        made = Path(folder, "release", "all")
        return {name: (made / f"{name}.ipynb").read_text("utf8") for name in notebooks}


def write_course(folder: Path, name: str, notebooks: dict[str, NotebookNode]) -> None:
    """Make an nbgrader course of these notebooks, or add them to one."""
    source = folder / "source" / name
    source.mkdir(parents=True, exist_ok=True)
    config = folder / "nbgrader_config.py"
    if not config.exists():  # it may hold settings of the instructor's
        copyfile(Path(__file__).with_name(config.name), config)
    for stem, notebook in notebooks.items():
        nbformat.write(notebook, source / f"{stem}.ipynb")


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


def course(
    book: Book, chapters=(), seed: str | None = None, private: Path | None = None
) -> dict[str, NotebookNode]:
    """The assignments of these chapters, given by their numbers; of all, if none is.

    Raises:
        BookError: there is no such exercise, or no check for a private one.
    """
    made = {}
    for chapter in book.chapters:
        number = chapter.stem.split("-")[0].lstrip("0")
        if not chapters or number in map(str, chapters):
            made[chapter.stem] = assignment(book, chapter, seed, private)
    made = {name: notebook for name, notebook in made.items() if notebook}
    if len(made) < max(1, len(chapters)):
        raise BookError(f"no exercise in some of the chapters {', '.join(chapters) or 'at all'}")
    ids = {c.metadata["nbgrader"]["grade_id"] for n in made.values() for c in n.cells if c.metadata}
    for path in sorted(private.glob("*.py")) if private else ():
        if path.stem not in ids:
            raise BookError(f"{path.name} names no check; these do: {', '.join(sorted(ids))}")
    return made


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write an nbgrader course for a class.")
    parser.add_argument("folder", type=Path, help="of the course; made if it is not there")
    name, chapters, seed, private = (
        os.environ.get(f"COURSE_{name}", "") for name in ("NAME", "CHAPTERS", "SEED", "PRIVATE")
    )  # from make, which neither quotes nor reads them
    parser.add_argument("--name", default=name or "pooling", help="of the assignment")
    parser.add_argument(
        "--chapters", nargs="*", default=chapters.split(), help="their numbers; none for all"
    )
    parser.add_argument(
        "--seed", default=seed or None, help="any text: other numbers than in the book"
    )
    parser.add_argument(
        "--private", type=Path, default=private or None, help="a folder of further hidden checks"
    )
    wanted = parser.parse_args(arguments)
    try:
        notebooks = course(Book(Path(".")), wanted.chapters, wanted.seed, wanted.private)
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    write_course(wanted.folder, wanted.name, notebooks)
    for name in notebooks:
        print(f"{wanted.folder / 'source' / wanted.name / name}.ipynb")
    return 0


if __name__ == "__main__":
    sys.exit(main())
