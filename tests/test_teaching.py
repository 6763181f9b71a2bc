"""The commands of the teaching page, as written there, for a class of four."""

import csv
import math
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from book import student
from book.book import Book
from conftest import ROOT
from course import write
from course.marks import Marks
from course.marks import fill as fill_in
from exercises import (
    BIN,
    automatic,
    by_hand,
    fill,
    gradebook,
    nbgrader_of,
    own_answers,
    read,
)

TEACHING = (ROOT / "chapters" / "teaching.md").read_text("utf8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEACHING, re.M | re.S)


class Terminal:
    """Runs blocks of commands, each from where the last one ended."""

    def __init__(self, home: Path, folder: Path):
        self.folder, self.pwd = folder, home / "pwd"
        # A make around these tests would have its own say in the page's.
        others = "PYTHONPATH", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"
        self.env = {k: v for k, v in os.environ.items() if k not in others}
        # The venv is not active until the page says so.
        path = [p for p in os.environ["PATH"].split(":") if Path(p) != BIN]
        self.env |= {"HOME": str(home), "PATH": ":".join(path)}
        self.env |= {"JUPYTER_CONFIG_DIR": str(home / "config")}

    def run(self, commands: str, ends: int = 0) -> str:
        done = subprocess.run(
            ["bash", "-ec", f"{commands}\npwd > '{self.pwd}'"],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == ends, commands + done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout + done.stderr

    def in_course(self, commands: str) -> str:
        """With the environment active, as the page says, in the course's folder."""
        return self.run(f"export PATH={BIN}:$PATH\ncd course\n{commands}")


def checkout(folder: Path) -> Path:
    """This checkout as a clone has it, in which `make` finds all installed."""
    for name in "chapters", "src":
        shutil.copytree(ROOT / name, folder / name)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    venv = folder / ".venv"
    venv.mkdir()
    for path in Path(sys.prefix).iterdir():
        if path.name != ".installed":
            (venv / path.name).symlink_to(path)
    (venv / ".installed").touch()
    return folder


MOODLE = "{}_assignsubmission_file/{}"
WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade
Participant 123,Ada Lovelace,ada@x.edu,Submitted,,20.00
Participant 9,"O'Brien, Pat",pat@x.edu,Submitted,,20.00
Participant 55,Wei Zhang,wei@x.edu,No submission,,20.00
"""


def write_archive(path: Path, course: Path, hand_in) -> None:
    """Moodle's, with what each person hands in: (who, answers, file's name) by notebook."""
    with zipfile.ZipFile(path, "w") as archive:
        for who, stem, answers, name in hand_in:
            work = fill(read(course / "release" / "week1" / f"{stem}.ipynb"), answers)
            archive.writestr(MOODLE.format(who, name), nbformat.writes(work))
        archive.writestr(MOODLE.format("Eve_5", "report.pdf"), b"%PDF")


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """What the commands wrote on the terminal."""
    return {}


@pytest.fixture(scope="module")
def taught(quick_kernels, tmp_path_factory, said) -> Path:
    """The course, after everything that the page says."""
    home = tmp_path_factory.mktemp("teaching")
    terminal = Terminal(home, checkout(home / "clone"))
    make, collect, grade, back, gradescope, again, private = blocks("bash")
    (by_hand,) = blocks("python")
    (home / "Downloads").mkdir()
    (home / "Downloads" / "grades.csv").write_text(WORKSHEET, "utf8")
    (home / "Downloads" / "of-ten.csv").write_text(WORKSHEET.replace("20.00", "10.00"), "utf8")
    course = terminal.folder / "course"

    terminal.run(make)
    one, two = sorted(path.stem for path in (course / "release" / "week1").iterdir())
    own = {s: own_answers(read(course / f"source/week1/{s}.ipynb").cells) for s in (one, two)}
    copied = {
        s: own_answers(student.assignment(Book(ROOT), ROOT / f"chapters/{s}.md").cells)
        for s in (one, two)
    }
    archive = home / "Downloads" / "submissions.zip"
    write_archive(
        archive,
        course,
        [
            ("Ada Lovelace_123", one, copied[one], "hw.ipynb"),
            ("Ada Lovelace_123", two, own[two], f"Copia de {two}.ipynb"),
            ("O'Brien, Pat_9", one, copied[one], f"{one}.ipynb"),
        ],
    )
    said["no name"] = terminal.run(collect.replace("NAME=week1", ""), ends=2)
    said["collect"] = terminal.run(collect, ends=2)
    said["too early"] = terminal.run("make feedback NAME=week1", ends=2)
    said["too early, files"] = "\n".join(map(str, course.glob("grades/*")))
    said["grade"] = terminal.run(grade)
    said["of ten"] = terminal.run("make grades NAME=week1 ROSTER=~/Downloads/of-ten.csv")
    terminal.in_course(f"python - <<'END'\n{by_hand}END")
    # One chapter comes again, corrected; a kernel that dies, and a copy of the library.
    write_archive(
        archive,
        course,
        [
            ("Ada Lovelace_123", one, own[one], "better.ipynb"),
            ("Dead_7", one, {"average": "import os; os._exit(1)"}, f"{one}.ipynb"),
            ("Dead_7", two, own[two], f"{two}.ipynb"),
        ],
    )
    terminal.run(collect, ends=2)
    said["grade again"] = terminal.run(grade)
    terminal.run(again)
    said["grades"] = terminal.run(back)
    terminal.run(gradescope)
    terminal.run(private)
    return course


def lines(text: str, course: Path) -> list[str]:
    """Without those of make itself, and folders as seen from where it runs."""
    kept = [each for each in text.splitlines() if not each.startswith(('".venv/', "make: "))]
    return [each.replace(f"{course}/", "course/") for each in kept]


def test_what_was_not_understood_is_named_and_the_way_on(taught, said):
    assert "Eve_5_assignsubmission_file/report.pdf" in said["collect"]
    assert "the others are in: `make grade`" in said["collect"]


def test_a_name_that_is_not_released_is_all_that_is_said(taught, said):
    assert lines(said["no name"], taught) == ["pooling is not released; NAME=week1"]


def test_feedback_before_grading_is_one_sentence(taught, said):
    only = ["week1: nobody is graded; `make grade` first"]
    assert lines(said["too early"], taught) == only
    assert said["too early, files"] == ""


def test_grading_says_who_is_graded_now_and_how_many_were_before(taught, said):
    first = ["1 Ada Lovelace_123", "2 O'Brien, Pat_9", "graded 2, 0 as before"]
    assert lines(said["grade"], taught) == first
    second = ["1 Ada Lovelace_123", "2 Dead_7", "graded 2, 1 as before"]
    assert lines(said["grade again"], taught) == second


def test_the_marks_come_with_a_list_of_what_was_written_and_what_is_to_do_first(taught, said):
    waiting = "written answers wait for your points: grade them before you import"
    assert lines(said["of ten"], taught) == [
        "course/grades/week1-of-ten.csv",
        "course/grades/week1.csv",
        f"1 {waiting}",
        "the sheet's maximum is 10.00, the assignment's 20",
    ]
    assert lines(said["grades"], taught) == [
        "course/grades/week1-grades.csv",
        "course/grades/week1.csv",
        f"2 {waiting}",
        "course/grades/week1-feedback.zip",
    ]


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf8") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


def test_the_page_leads_to_marks_that_the_lms_imports(taught):
    marks = rows_of(taught / "grades" / "week1-grades.csv")
    assert list(marks) == ["Participant 123", "Participant 9", "Participant 55"]
    found = [row["Grade"] for row in marks.values()]
    # Ada: both chapters, and three points by hand; Pat copied; Wei handed in nothing
    right = sum(automatic(read(path)) for path in (taught / "source" / "week1").iterdir())
    assert found == [str(float(right + 3)), "0.0", ""]
    assert marks["Participant 9"]["Full name"] == "O'Brien, Pat"


LAYOUTS = {
    "Canvas": (
        "Student,ID,SIS Login ID,Section,Week 1 (9)\n    Points Possible,,,,20\n"
        '"O\'Brien, Pat",9,pat,S,\n"Lovelace, Ada",123,ada,S,\n'
    ),
    "Brightspace": (
        "OrgDefinedId,Username,Last Name,First Name,Week 1 Points Grade,End-of-Line Indicator\n"
        "#4,#total,,,20,#\n#5,#pat,O'Brien,Pat,,#\n#6,#ada,Lovelace,Ada,,#\n"
    ),
}


@pytest.mark.parametrize("lms", list(LAYOUTS))
def test_the_page_leads_to_the_same_marks_in_the_files_of_other_lmss(taught, tmp_path, lms):
    (tmp_path / "x.csv").write_text(LAYOUTS[lms], "utf8")
    api = nbgrader_of(taught)
    with api.gradebook as book:
        _, found = Marks(parent=api).table(book, taught, "week1")
    header, rows, _ = fill_in(tmp_path / "x.csv", "week1", found)
    moodle = rows_of(taught / "grades" / "week1-grades.csv")
    ada, pat = (moodle[f"Participant {number}"]["Grade"] for number in (123, 9))
    assert header == LAYOUTS[lms].split("\n")[0].split(",")
    assert [str(row[header[4]]) for row in rows] == ["20", pat, ada]


def test_the_page_leads_to_a_plain_table_that_names_the_absent_and_what_needs_a_look(taught):
    table = rows_of(taught / "grades" / "week1.csv")
    assert table["Wei Zhang"]["Needs a look"] == "handed in nothing"
    assert "02 missing or not understood" in table["O'Brien, Pat_9"]["Needs a look"]
    dead = table["Dead_7"]
    assert "01 it stopped" in dead["Needs a look"] and "not in grades.csv" in dead["Needs a look"]
    points = {key[:2]: value for key, value in dead.items()}
    assert (points["01"], points["02"]) == ("0.0", "6.0")  # the other notebook is graded


def test_the_page_leads_to_feedback_that_the_lms_takes(taught):
    with zipfile.ZipFile(taught / "grades" / "week1-feedback.zip") as archive:
        names = archive.namelist()
        ada = [n for n in names if n.startswith("Ada Lovelace_123_assignsubmission_file/")]
        assert len(ada) == 2 and len(names) == 5
        proof = archive.read(next(n for n in ada if "/02-" in n)).decode()
    assert "Where do you use that there are two cells?" in proof


def test_a_copied_answer_has_lost_every_point_of_every_check(taught):
    scores = gradebook(taught, "week1")["O'Brien, Pat_9"].values()
    assert {score for score in scores if score is not None} == {0}


def test_the_private_check_is_hidden_in_the_release_and_kept_in_the_source(taught):
    (source,) = (taught / "source" / "private").iterdir()
    (released,) = (taught / "release" / "private").iterdir()
    assert "average_pool(torch.ones(1, 7, 20, 20))" in source.read_text("utf8")
    assert "20, 20" not in released.read_text("utf8")


def test_every_sentence_that_the_page_quotes_is_in_a_check():
    table = TEACHING.split("## Common mistakes")[1].split("\n## ")[0]
    said = [row.split("|")[3].strip() for row in table.split("\n") if row.startswith("| ")][1:]
    quoted = [text for text in said if not text.startswith("(hidden)")]
    checks = (ROOT / "src/lesson/check.py").read_text("utf8").replace("{name}", "avg_pool2d")
    checks += "".join(
        path.read_text("utf8") for path in sorted((ROOT / "chapters").glob("[0-9]*.md"))
    )
    checks = re.sub(r'"\n\s*f?"', "", checks)  # a sentence over several lines
    assert len(quoted) > 10
    for text in quoted:
        assert text in checks, text


def test_the_points_that_the_page_promises_are_the_notebooks(book):
    table = TEACHING.split("## What to assign")[1]
    rows = re.findall(r"^\| \[\d+\]\((.+)\.md\).*\| (\d+) \+ (\d+) \|$", table, re.M)
    promised = {name: (int(checks), int(hand)) for name, checks, hand in rows}
    made = student.assignments(book)
    assert promised == {name: (automatic(n), by_hand(n)) for name, n in made.items()}


def test_the_page_counts_the_variants_right(book):
    counts = {}
    for chapter in book.chapters:
        groups = write.groups(student.your_turn(student.export(book, chapter)))
        if groups:
            counts[chapter.stem[:2]] = math.prod(len(next(iter(g.values()))) for g in groups)
    assert (counts.pop("02"), counts.pop("03")) == (4, 24)
    assert (min(counts.values()), max(counts.values())) == (12, 64)
    assert "4 in chapter 2, 24 in chapter 3, 12 to 64 in the others" in TEACHING
