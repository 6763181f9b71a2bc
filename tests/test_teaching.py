"""The commands of the teaching page, as written there, for a class of three."""

import csv
import getpass
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
from conftest import ROOT
from test_assignments import answers_of
from test_grading import BIN, fill, grades, read

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
        self.folder = Path(self.pwd.read_text().strip())
        return done.stdout + done.stderr


def checkout(folder: Path) -> Path:
    """This checkout as a clone has it, in which `make` finds all installed."""
    for name in "chapters", "src":
        shutil.copytree(ROOT / name, folder / name)
    for name in "Makefile", "_config.yml", "requirements.txt", "constraints.txt", "pyproject.toml":
        shutil.copy(ROOT / name, folder)
    venv = folder / ".venv"
    venv.mkdir()
    for path in Path(sys.prefix).iterdir():
        if path.name != ".installed":
            (venv / path.name).symlink_to(path)
    (venv / ".installed").touch()
    return folder


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
        f"c = get_config()\nc.Exchange.root = {str(home / 'exchange')!r}\n"
    )

    terminal.run(make)
    terminal.env["PATH"] = f"{BIN}:{terminal.env['PATH']}"  # a terminal with the venv active
    course = terminal.folder

    (home / "Downloads").mkdir()
    with zipfile.ZipFile(home / "Downloads" / "submissions.zip", "w") as submissions:
        for path in sorted((course / "source" / "pooling").iterdir()):
            blank = course / "release" / "pooling" / path.name
            right = fill(read(blank), answers_of(read(path).cells))
            copied = student.assignment(student.Book(ROOT), ROOT / f"chapters/{path.stem}.md")
            wrong = fill(read(blank), answers_of(copied.cells))
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
    with (course / "grades.csv").open(newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_the_page_leads_to_grades_in_a_csv_file(taught):
    found = {who: float(row["score"]) for who, row in rows(taught).items()}
    # ada: everything but the written answers, and three points given by hand
    assert found == {"ada": 62 + 3, "bob": 0, getpass.getuser(): 0}
    assert {row["max_score"] for row in rows(taught).values()} == {"70.0"}


def test_the_page_leads_to_a_feedback_page_for_each_notebook(taught):
    for who in "ada", "bob", getpass.getuser():
        pages = sorted((taught / "feedback" / who / "pooling").glob("*.html"))
        assert len(pages) == 7
    proof = (taught / "feedback/ada/pooling/02-max-pooling-is-not-a-convolution.html").read_text()
    assert "Where do you use that there are two cells?" in proof


def test_a_copied_answer_has_lost_every_point_of_every_check(taught):
    assert {score for score in grades(taught)["bob"].values() if score is not None} == {0}


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
    checks += "".join(path.read_text("utf8") for path in sorted((ROOT / "chapters").glob("0*.md")))
    assert len(quoted) > 10
    for text in quoted:
        assert text in checks, text


def test_the_points_that_the_page_promises_are_the_notebooks(book):
    table = TEACHING.split("## What to assign")[1]
    promised = re.findall(r"^\| \[(\d)\].*\| (\d+) \+ (\d+) \|$", table, re.M)
    for (number, automatic, by_hand), notebook in zip(
        promised, student.assignments(book).values(), strict=True
    ):
        metas = [c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata]
        written = sum(meta.points for meta in metas if meta.grade and meta.solution)
        assert (written, sum(m.get("points", 0) for m in metas) - written) == (
            int(by_hand),
            int(automatic),
        ), number


def test_the_page_counts_the_variants_right(book):
    counts = {}
    for chapter in book.chapters:
        whole = student.export(book, chapter)
        sizes = [len(next(iter(g.values()))) for g in student.groups(student.your_turn(whole))]
        counts[chapter.stem[1]] = __import__("math").prod(sizes)
    assert (counts.pop("2"), counts.pop("3")) == (4, 24)
    assert (min(counts.values()), max(counts.values())) == (12, 64)
    assert "4 in chapter 2, 24 in chapter 3, 12 to 64 in the others" in TEACHING


def test_the_course_settings_name_students_as_the_page_says():
    pattern = re.search(r"r\"(.*?)\"\s+r\"(.*?)\"", student.CONFIG, re.S)
    named = re.compile(pattern[1] + pattern[2])
    for path, who in {
        "/x/extracted/all/ada_123_assignsubmission_file_/Copy of 04-cost.ipynb": "ada",
        "/x/extracted/all/Ada Lovelace_9_assignsubmission_file_/04-cost.ipynb": "Ada Lovelace",
        "/x/extracted/ada/04-cost (1).ipynb": "ada",
        "/x/extracted/ada_b/04-cost(2).ipynb": "ada_b",
    }.items():
        match = named.match(path)
        assert (match["student_id"], match["file_id"]) == (who, "04-cost")
