"""The commands of the teaching page, as written there, for a class of three."""

import csv
import getpass
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
from traitlets.config import PyFileConfigLoader

from book import student
from book.book import Book
from conftest import ROOT
from exercises import BIN, automatic, by_hand, fill, gradebook, own_answers, read

# Two people hand in these chapters only, the third everything: all kinds of answers, in less time.
HANDED_IN = "01", "02", "05"

TEACHING = (ROOT / "chapters" / "teaching.md").read_text("utf8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEACHING, re.M | re.S)


class Terminal:
    """Runs blocks of commands, each from where the last one ended."""

    def __init__(self, home: Path, folder: Path):
        self.folder, self.pwd = folder, home / "pwd"
        self.env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        # The venv is not active until the page says so.
        path = [p for p in os.environ["PATH"].split(":") if Path(p) != BIN]
        self.env |= {"HOME": str(home), "PATH": ":".join(path)}
        self.env |= {"JUPYTER_CONFIG_DIR": str(home / "config")}

    def run(self, commands: str) -> str:
        done = subprocess.run(
            ["bash", "-ec", f"{commands}\npwd > '{self.pwd}'"],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, commands + done.stdout[-3000:] + done.stderr[-3000:]
        self.folder = Path(self.pwd.read_text("utf8").strip())
        return done.stdout + done.stderr


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


def handed_in(source: Path) -> list[Path]:
    return sorted(path for path in source.iterdir() if path.name.startswith(HANDED_IN))


@pytest.fixture(scope="module")
def taught(quick_kernels, tmp_path_factory) -> Path:
    """The course, after everything that the page says."""
    home = tmp_path_factory.mktemp("teaching")
    terminal = Terminal(home, checkout(home / "clone"))
    make, archive, release, collect, autograde, export, private = blocks("bash")
    (by_hand,) = blocks("python")
    (students_own,) = blocks("console")
    (home / "exchange").mkdir(mode=0o777)
    (home / "exchange").chmod(0o777)
    (home / "config").mkdir()
    (home / "config" / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(home / 'exchange')!r}\n", "utf8"
    )

    terminal.run(make)
    terminal.env["PATH"] = f"{BIN}:{terminal.env['PATH']}"  # a terminal with the venv active
    course = terminal.folder

    (home / "Downloads").mkdir()
    with zipfile.ZipFile(home / "Downloads" / "submissions.zip", "w") as submissions:
        for path in handed_in(course / "source" / "pooling"):
            blank = course / "release" / "pooling" / path.name
            right = fill(read(blank), own_answers(read(path).cells))
            copied = student.assignment(Book(ROOT), ROOT / f"chapters/{path.stem}.md")
            wrong = fill(read(blank), own_answers(copied.cells))
            moodle = f"ada_123_assignsubmission_file_/Copy of {path.name}"
            submissions.writestr(moodle, nbformat.writes(right))
            submissions.writestr(f"bob/{path.stem} (1).ipynb", nbformat.writes(wrong))
    terminal.run(archive)

    terminal.run(release)
    (home / "eve").mkdir()
    other = Terminal(home, home / "eve")
    other.env["PATH"] = terminal.env["PATH"]
    other.run(students_own)
    terminal.run(collect)

    terminal.run(autograde)
    terminal.run(f"python - <<'END'\n{by_hand}END")
    terminal.run(export)
    terminal.run(private)
    return course


def rows(course: Path) -> dict[str, dict[str, str]]:
    with (course / "grades.csv").open(newline="", encoding="utf8") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_the_page_leads_to_grades_in_a_csv_file(taught):
    source = taught / "source" / "pooling"
    found = {who: float(row["score"]) for who, row in rows(taught).items()}
    # ada: everything but the written answers, and three points given by hand
    right = sum(automatic(read(path)) for path in handed_in(source))
    assert found == {"ada": right + 3, "bob": 0, getpass.getuser(): 0}
    whole = sum(automatic(n) + by_hand(n) for n in map(read, source.iterdir()))
    assert {float(row["max_score"]) for row in rows(taught).values()} == {whole}


def test_the_page_leads_to_a_feedback_page_for_each_notebook(taught):
    source = taught / "source" / "pooling"
    mine = handed_in(source)
    for who, work in ("ada", mine), ("bob", mine), (getpass.getuser(), source.iterdir()):
        pages = (taught / "feedback" / who / "pooling").glob("*.html")
        assert {page.stem for page in pages} == {path.stem for path in work}
    proof = taught / "feedback/ada/pooling/02-max-pooling-is-not-a-convolution.html"
    assert "Where do you use that there are two cells?" in proof.read_text("utf8")


def test_a_copied_answer_has_lost_every_point_of_every_check(taught):
    assert {score for score in gradebook(taught)["bob"].values() if score is not None} == {0}


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
        groups = student.groups(student.your_turn(student.export(book, chapter)))
        if groups:
            counts[chapter.stem[:2]] = math.prod(len(next(iter(g.values()))) for g in groups)
    assert (counts.pop("02"), counts.pop("03")) == (4, 24)
    assert (min(counts.values()), max(counts.values())) == (12, 64)
    assert "4 in chapter 2, 24 in chapter 3, 12 to 64 in the others" in TEACHING


def test_the_course_settings_name_students_as_the_page_says(tmp_path):
    student.write_course(tmp_path, "any", {})
    config = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    named = re.compile(config.FileNameCollectorPlugin.named_regexp)
    for path, who in {
        "/x/extracted/all/ada_123_assignsubmission_file_/Copy of 04-cost.ipynb": "ada",
        "/x/extracted/all/Ada Lovelace_9_assignsubmission_file_/04-cost.ipynb": "Ada Lovelace",
        "/x/extracted/ada/04-cost (1).ipynb": "ada",
        "/x/extracted/ada_b/04-cost(2).ipynb": "ada_b",
    }.items():
        match = named.match(path)
        assert (match["student_id"], match["file_id"]) == (who, "04-cost")
