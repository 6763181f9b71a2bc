"""The sheets: every task is on both, answers on one of them, hints and checks on none."""

import io
import re
from unicodedata import normalize

import pytest
from pypdf import PdfReader
from tools.sheets import SHEETS

from book import student
from book.formulas import start
from tools import handouts, pdf


@pytest.fixture(scope="module")
def sheets(site, book, browser) -> dict[str, str]:
    """What the sheets say, printed anew where the site has none."""
    texts, engine = {}, start()
    for name in SHEETS:
        file = site / f"{name}.pdf"
        made = file.exists() and file.read_bytes()
        made = made or handouts.print_sheet(book, site, name, engine, browser)
        texts[name] = "".join(map(pdf.words, PdfReader(io.BytesIO(made)).pages))
    engine.close()
    return texts


@pytest.fixture(scope="module")
def chapters(book):
    """The assignments' cells by what they are: tasks, hints, checks and answers."""
    kinds = {"wording": [], "tasks": [], "hints": [], "checks": [], "answers": []}
    for assignment in student.assignments(book).values():
        question, _, *section = assignment.cells
        kinds["wording"].append(question.source.partition(")).\n")[2])
        for cell in section:
            role = cell.metadata.get("nbgrader")
            task, _, hints = cell.source.partition("<details>")
            if role and role["solution"]:
                kinds["answers"].append(cell.source)
            elif role:
                kinds["checks"].append(cell.source)
            else:
                kinds["tasks"].append(task)
                kinds["hints"].append(hints)
    return {kind: [s for text in texts for s in sentences(text)] for kind, texts in kinds.items()}


def sentences(text: str) -> list[str]:
    """What a PDF has of a text line by line, without blanks: no marks, headings or formulas."""
    plain = re.sub(r"</?\w+>|^ *#+ .*|^> ?|\b\d\. (?=\*)|[*`]", "", text, flags=re.M)
    parts = re.split(r"\$[^$]+\$|\n", plain)
    return [part for p in parts if len(part := "".join(normalize("NFKC", p).split())) > 20]


def missing(wanted: list[str], text: str) -> list[str]:
    bare = re.sub(r"[*`]", "", text)
    return [line for line in wanted if line not in bare]


@pytest.mark.parametrize("name", SHEETS)
def test_every_exercise_and_every_task_is_on_it(sheets, chapters, name):
    assert len(chapters["wording"]) > 7 and len(chapters["tasks"]) > 20
    assert missing(chapters["wording"] + chapters["tasks"], sheets[name]) == []


def test_the_answers_are_on_one_sheet_alone(sheets, chapters):
    answers = chapters["answers"]
    assert len(answers) > 30
    assert missing(answers, sheets["solutions"]) == []
    assert missing(answers, sheets["exercises"]) == answers
    assert sheets["solutions"].count("Shortanswer.") == 7
    assert "Shortanswer" not in sheets["exercises"]


@pytest.mark.parametrize("kind", ["hints", "checks"])
@pytest.mark.parametrize("name", SHEETS)
def test_no_hint_and_no_check_is_on_it(sheets, chapters, name, kind):
    assert not re.search(r"[Hh]int\d", sheets[name])  # the head of a fold
    assert len(chapters[kind]) > 20
    assert missing(chapters[kind], sheets[name]) == chapters[kind]
