"""A deck of slides out of a chapter's notebook, as nbconvert and reveal.js show one.

A slide begins at each heading, and where one is full. Of a long paragraph it shows the
first sentences and …; the speaker's notes (key S) have all of it. A proof is one step down.
"""

import re
from collections.abc import Iterator
from html import escape
from math import ceil
from urllib.parse import quote

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

LINES = 15  # of text, under the heading of a slide
WIDE, NARROW = 84, 42  # characters in a line, alone and beside a figure
WORDS = 60  # of a paragraph; what goes beyond is for the notes
SMALLER = 0.25  # by so much a slide may be too full: the page draws it smaller
YOUR_TURN, LAST = "## Your turn", "## What to remember"
FOLD = re.compile(r"<details>(?:(?!<details>).)*?</details>", re.DOTALL)
GOES_ON = re.compile(r"\*\*Figure|\$\$|[a-z]")  # a block that belongs to the one before it
# A link's address, and what TeX has beside the signs that it draws, take no room.
UNSEEN = re.compile(r"\]\([^)]*\)|\\(?:textrm|mathrm|text|frac|left|right)|[{}$*`\\\[]")


def deck(notebook: NotebookNode, page: str) -> NotebookNode:
    """The slides of a chapter: its cells anew, marked as nbconvert wants them."""
    cells = []
    for heading, kind, run in sections(shown(notebook)):
        for slide in dealt(run):
            cells += marked(heading, kind, slide)
    return new_notebook(cells=cells, metadata={"title": cells[0].source[2:], "page": page})


def shown(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """What slides show of a chapter: each block of its text a cell, and what its code gives."""
    last = False
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            continue  # an answer, or a check
        if cell.cell_type == "code":
            yield from exhibit(cell)
            continue
        for block in blocks(cell.source):
            if last and block.startswith("## "):
                return
            last = last or block == LAST
            yield from parts(block)
            if block == YOUR_TURN:
                break  # what follows says how the page folds the answers


def blocks(text: str) -> list[str]:
    """The blocks of a Markdown cell, without what is folded."""
    while FOLD.search(text):
        text = FOLD.sub("", text)
    return [block for block in re.split(r"\n{2,}", text.strip()) if block]


def parts(block: str) -> list[NotebookNode]:
    """A block as slides show it; a table that is too high for one, in several."""
    if not block.startswith("|"):
        short = shortened(block)
        return [new_markdown_cell(short, metadata={} if short == block else {"whole": block})]
    head, rule, *rows = block.split("\n")
    slides = ceil(lines_of(new_markdown_cell(block), WIDE) / ((1 + SMALLER) * LINES))
    size = ceil(len(rows) / slides)
    begins = range(0, len(rows), size)
    return [new_markdown_cell("\n".join([head, rule, *rows[i : i + size]])) for i in begins]


def shortened(block: str) -> str:
    """The first sentences of a paragraph; other blocks whole. A line is a sentence."""
    if block.endswith(":") or re.match(r"[>#]|- |\d\. |\$\$|\*\*(Figure|Task)", block):
        return block
    first, *rest = block.split("\n")
    taken = [first]
    for line in rest:
        opened = taken[-1].endswith(("?", "**", ":"))
        if not opened and len(" ".join([*taken, line]).split()) > WORDS:
            break
        taken.append(line)
    return "\n".join(taken) + (" …" if len(taken) <= len(rest) else "")


def exhibit(cell: NotebookNode) -> Iterator[NotebookNode]:
    """A code cell, its code or its outputs left out where the page folds or hides them."""
    tags = {*cell.metadata.get("tags", ())}
    folded = bool(tags & {"remove-input", "hide-input"})
    if tags & {"setup", "hide-cell"} or (folded and not cell.outputs):
        return
    new = new_code_cell("" if folded else cell.source, outputs=cell.outputs)
    new.metadata["transient"] = {"remove_source": folded}
    data = cell.outputs[0].get("data", {}) if cell.outputs else {}
    if movable := re.search(r'data-movable="(\w+)"', data.get("text/html", "")):
        new.metadata["movable"] = movable[1]
    if picture := data.get("image/svg+xml"):
        # As an image it has a description, and the names inside it are its own.
        words = escape(cell.metadata["mystnb"]["image"]["alt"])
        image = f'<img alt="{words}" src="data:image/svg+xml,{quote(picture)}">'
        new.outputs = [new_output("display_data", {"text/html": image})]
        new.metadata["figure"] = True
    yield new


def sections(cells: Iterator[NotebookNode]) -> Iterator[tuple[str, str, list[NotebookNode]]]:
    """Cells that may share slides, with their heading and the slides' kind."""
    heading, run = "", []
    for cell in cells:
        movable = cell.metadata.get("movable")
        if movable and movable != "ask":
            yield "## Try it", "slide", [*run, cell]  # with what leads to it
            run = []
            continue
        if not (movable or re.match(r"#|> \*\*Short answer|> \*Proof", cell.source)):
            run.append(cell)
            continue
        yield heading, "slide", run
        run = []
        if movable:
            yield "## A question", "slide", [cell]
        elif cell.source.startswith("#"):
            heading = cell.source
        elif cell.source.startswith("> *Proof"):
            yield heading, "subslide", [cell]
        else:
            cell.source = re.sub("^> ?", "", cell.source.partition("\n")[2], flags=re.M)
            yield "## Short answer", "slide", [cell]
            heading = f"#{heading}"  # the title, as any other heading
    yield heading, "slide", run


def dealt(run: list[NotebookNode]) -> list[list[NotebookNode]]:
    """Cells on as few slides as hold them, each filled about alike."""
    best: list[tuple[float, list]] = [(0, [])]
    for end in range(1, len(run) + 1):
        ways = [
            (best[begin][0] + cost(run[begin:end]), [*best[begin][1], run[begin:end]])
            for begin in range(end)
        ]
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def cost(slide: list[NotebookNode]) -> float:
    """How bad it is to have these cells on one slide."""
    figures = sum("figure" in cell.metadata for cell in slide)
    crowded = figures and sum(cell.cell_type == "code" for cell in slide) > 1
    filled = sum(lines_of(cell, NARROW if figures else WIDE) for cell in slide) / LINES
    beyond, empty = max(0, filled - 1), max(0, 1 - filled)
    impossible = len(slide) > 1 and (crowded or beyond > SMALLER)
    goes_on = slide[0].cell_type == "markdown" and GOES_ON.match(slide[0].source)
    apart = slide[-1].source.endswith(":") + bool(goes_on)
    return 1 + empty**2 / 2 + 5 * beyond + 2 * apart + 100 * bool(impossible)


def lines_of(cell: NotebookNode, width: int) -> float:
    """About how many lines of text a cell is as high as."""
    if "figure" in cell.metadata:
        return 0  # it is beside the text
    if "movable" in cell.metadata:
        return 1.1 * LINES  # there is room for a line that leads to it
    if cell.cell_type == "code":
        printed = [o.get("text") or o["data"]["text/plain"] for o in cell.outputs]
        return 0.76 * "\n".join([cell.source, *printed]).count("\n") + 2.2
    if cell.source.startswith("$$"):
        return 2.2
    rows = UNSEEN.sub("", cell.source).split("\n")
    if rows[0].startswith("|"):  # a column takes some more than its share of the slide
        cells = [row.strip("| ").split("|") for row in rows if not row.startswith("|--")]
        share = 1.5 * width / len(cells[0])
        return sum(1.2 * max(ceil(len(cell) / share) for cell in row) for row in cells) + 0.5
    return sum(max(1, ceil(len(row) / width)) for row in rows) + 0.5


def marked(heading: str, kind: str, slide: list[NotebookNode]) -> Iterator[NotebookNode]:
    """A slide's cells, each told nbconvert's kind; a figure floats beside what follows it."""
    notes = [cell.metadata["whole"] for cell in slide if "whole" in cell.metadata]
    slide = sorted(slide, key=lambda cell: "figure" not in cell.metadata)
    kinds = [(new_markdown_cell(heading), kind), *((cell, "-") for cell in slide)]
    if notes:
        kinds.append((new_markdown_cell("\n\n".join(notes)), "notes"))
    for cell, mark in kinds:
        cell.metadata["slideshow"] = {"slide_type": mark}
        yield cell
