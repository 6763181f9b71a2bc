"""From the chapters to grades and feedback, with nbgrader itself.

Two classes. One goes through the commands of the teaching page, as written
there, with a seed; it runs in the background while the other one is graded
through nbgrader's API, with the book's own numbers.
"""

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
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from answers import WRONG
from book import student
from conftest import ROOT
from kernels import forked_kernels
from test_assignments import answers_of

BIN = Path(sys.executable).parent
TEACHING = (ROOT / "chapters" / "teaching.md").read_text("utf8")
WRITTEN = {"witness-proof": 4, "predict-why": 4}


def fill(notebook, answers, written="Because."):
    """A student notebook with these answers, by grade_id, and this text."""
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution"):
            text = answers.get(meta["grade_id"]) if cell.cell_type == "code" else written
            cell.source = text or cell.source
    return notebook


def put(notebook, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(nbformat.writes(notebook), "utf8")


def read(path: Path):
    return nbformat.read(path, as_version=4)


# The class of the teaching page


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


def teach(home: Path) -> None:
    """Everything that the page says, with a class of three."""
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


@pytest.fixture(scope="module", autouse=True)
def quick_kernels(tmp_path_factory):
    with (
        forked_kernels(tmp_path_factory.mktemp("kernels")) as variables,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("OMP_NUM_THREADS", "1")
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module", autouse=True)
def background(quick_kernels, tmp_path_factory):
    """The teaching page's class, at work from the first test on."""
    home = tmp_path_factory.mktemp("teaching")
    code = f"import test_grading; test_grading.teach(test_grading.Path({str(home)!r}))"
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield home, process
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def taught(background) -> Path:
    home, process = background
    said, _ = process.communicate()
    assert process.returncode == 0, said
    return home / "clone" / "course"


# The class of the API


def api_of(course: Path, **settings) -> NbGraderAPI:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    for name, value in settings.items():
        config.Execute[name] = value
    return NbGraderAPI(config=config)


def edited(notebook):
    """Every check made to pass."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            cell.source = "pass"
    return notebook


def without_checks(notebook):
    kept = [c for c in notebook.cells if not c.metadata.get("nbgrader", {}).get("locked")]
    notebook.cells = kept
    return as_colab_saves(notebook)


def as_colab_saves(notebook):
    """nbformat 4.0: no cell ids but in the metadata, and settings of Colab's own."""
    notebook.nbformat_minor = 0
    notebook.metadata = nbformat.from_dict(
        {
            "colab": {"provenance": []},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells):
        cell.metadata["id"] = f"aBc{number}"
        del cell["id"]
    return notebook


def wrong_answers(pick) -> dict[str, tuple]:
    return {cell: pick(wrong) for cell, (_, _, wrong) in WRONG.items()}


def honest(number: int):
    return lambda wrong: [case for case in wrong if "own" not in case[0]][number]


CLASS = {
    "first": (wrong_answers(honest(0)), edited),
    "last": (wrong_answers(honest(-1)), without_checks),
    "ready-made": (wrong_answers(lambda wrong: wrong[-1]), lambda notebook: notebook),
}


@pytest.fixture(scope="module")
def graded(background, book, tmp_path_factory):
    """Grades by student and grade_id, after nbgrader's API has graded the class."""
    course = tmp_path_factory.mktemp("course")
    notebooks = student.course(book)
    student.write_course(course, "pooling", notebooks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
        api = api_of(course)
        assert api.generate_assignment("pooling")["success"]
        for name, notebook in notebooks.items():
            blank = course / "release" / "pooling" / f"{name}.ipynb"
            right = as_colab_saves(fill(read(blank), answers_of(notebook.cells)))
            put(right, course / "submitted" / "colab" / "pooling", name)
            for who, (wrong, change) in CLASS.items():
                answers = {cell: answer for cell, (_, answer, _, _) in wrong.items()}
                work = change(fill(read(blank), answers))
                put(work, course / "submitted" / who / "pooling", name)
        for who in ("colab", *CLASS):
            done = api.autograde("pooling", who)
            assert done["success"], done["log"] + done["error"]
    return grades(course)


def grades(course: Path, name="pooling") -> dict[str, dict[str, float | None]]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            work.student.id: {
                grade.name: grade.score if grade.auto_score is not None else None
                for notebook in work.notebooks
                for grade in notebook.grades
            }
            for work in gradebook.assignment_submissions(name)
        }


def test_right_answers_get_all_points_and_written_ones_wait_for_a_person(graded):
    right = graded["colab"]
    assert {cell for cell, score in right.items() if score is None} == set(WRITTEN)
    assert sum(score or 0 for score in right.values()) == 70 - sum(WRITTEN.values())


@pytest.mark.parametrize("who", list(CLASS))
def test_a_wrong_answer_loses_its_points_whatever_was_done_to_the_checks(graded, who):
    for cell, (_, _, earns, _) in CLASS[who][0].items():
        _, checks, _ = WRONG[cell]
        assert tuple(graded[who][check] for check in checks) == earns, cell


def test_a_check_that_was_deleted_with_the_others_is_still_in_the_grades(graded):
    assert graded["last"].keys() == graded["colab"].keys()


def test_an_endless_loop_is_cut_off_and_the_others_are_graded(book, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    notebooks = student.course(book, chapters=["5"])
    ((name, notebook),) = notebooks.items()
    student.write_course(tmp_path, "loop", notebooks)
    api = api_of(tmp_path, timeout=6)  # seconds; torch is there already
    assert api.generate_assignment("loop")["success"]
    blank = tmp_path / "release" / "loop" / f"{name}.ipynb"
    right = answers_of(notebook.cells)
    for who, answers in (
        ("endless", {"predict": "while True:\n    pass"}),
        ("quick", right),
    ):
        put(fill(read(blank), answers), tmp_path / "submitted" / who / "loop", name)
        assert api.autograde("loop", who)["success"]
    found = grades(tmp_path, "loop")
    assert sum(score or 0 for score in found["endless"].values()) == 0
    assert found["quick"]["predict-visible"] + found["quick"]["predict-hidden"] == 6


# What came of the teaching page's commands


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
    for chapter in book.chapters():
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


# What students do to notebooks


def test_copied_and_deleted_cells_are_graded_as_far_as_they_are_there(book, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")
    notebooks = student.course(book, chapters=["3"])
    ((name, notebook),) = notebooks.items()
    student.write_course(tmp_path, "odd", notebooks)
    api = api_of(tmp_path)
    assert api.generate_assignment("odd")["success"]

    def drop(*ids):
        return lambda cells: [c for c in cells if c.id not in ids]

    def copy_last(cells):
        return [*cells, nbformat.from_dict(cells[-1] | {"id": "copy"})]

    changes = {
        "copied": (copy_last, 10),
        "no-answer": (drop("larger"), 6),
        "no-answer-no-check": (drop("larger", "larger-visible"), 6),
        "nothing-named": (lambda cells: [c for c in cells if "nbgrader" not in c.metadata], 0),
        "nothing": (lambda cells: [], 0),
    }
    for who, (change, _) in changes.items():
        work = fill(
            read(tmp_path / "release" / "odd" / f"{name}.ipynb"), answers_of(notebook.cells)
        )
        work.cells = change(work.cells)
        put(work, tmp_path / "submitted" / who / "odd", name)
        done = api.autograde("odd", who)
        assert done["success"], done["log"]
    found = {who: sum(each.values()) for who, each in grades(tmp_path, "odd").items()}
    assert found == {who: points for who, (_, points) in changes.items()}
