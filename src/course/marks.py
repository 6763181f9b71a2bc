"""Marks and feedback, in the layouts that learning management systems import.

An LMS exports a file with a row a student, empty where the marks go: Moodle's
grading worksheet, Canvas's gradebook, Brightspace's grades. Given that file, it comes
back filled in; the same file says who handed in nothing.
"""

import csv
import json
import re
import unicodedata
import zipfile
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin

from course import CourseError

COMMENT = "Needs a look"


def table(book: Gradebook, folder: Path, name: str) -> tuple[list[str], dict[str, dict]]:
    """The assignment's notebooks, and by student the points of each, the sum, and what is odd."""
    try:
        assignment = book.find_assignment(name)
    except MissingEntry:
        raise CourseError(f"there is no assignment {name}; make it with `make course`") from None
    notebooks = sorted(notebook.name for notebook in assignment.notebooks)
    marks = {}
    for work in assignment.submissions:
        points = {each.name: each.score for each in work.notebooks}
        looks = []
        for each in work.notebooks:
            where = folder / "autograded" / work.student.id / name / f"{each.name}.ipynb"
            found = json.loads(where.read_text("utf8"))["metadata"] if where.exists() else {}
            looks += [f"{each.name[:2]} {reason}" for reason in found.get("look", ())]
            if each.needs_manual_grade and not found.get("look"):
                looks.append(f"{each.name[:2]} waits for your points")
        marks[work.student.id] = points | {"sum": sum(points.values()), COMMENT: "; ".join(looks)}
    submitted = (path.parent.name for path in (folder / "submitted").glob(f"*/{name}"))
    for student in set(submitted) - set(marks):
        marks[student] = {"sum": "", COMMENT: "not graded"}
    return notebooks, marks


def keys(text: str) -> set[str]:
    """What a cell of a roster, or a student's id, can be known by."""
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    words = re.findall(r"[^\W_]+", text)
    found = {text, " ".join(sorted(words)), "".join(words)}
    if match := re.fullmatch(r"(.+)_(\w+)", text):  # name_number
        found |= {match[2]} | keys(match[1])
    if match := re.fullmatch(r"participant (\d+)", text):
        found.add(match[1])
    if re.fullmatch(r"[^@ ]+@[^@ ]+", text):
        found.add(text.partition("@")[0])
    return found - {""}


def number(student: str) -> str:
    return student.rpartition("_")[2]


FIRST, LAST = ("first name", "firstname", "given name"), ("last name", "surname", "lastname")


def of_row(row: dict[str, str], students) -> list[str]:
    """The students whom a roster's row can be: by number or login, else by name."""
    low = {(key or "").casefold().strip(): value or "" for key, value in row.items()}
    first, last = (next((low[n] for n in names if low.get(n)), "") for names in (FIRST, LAST))
    named = [
        low.get("full name", ""),
        low.get("student", ""),
        low.get("name", ""),
        f"{first} {last}",
    ]
    ids = [
        v
        for k, v in low.items()
        if re.search(r"identifier|^id$|id number|user|login|orgdefined|e-?mail", k)
    ]
    exact = set().union(*(keys(v) for v in ids))
    found = [s for s in students if {s.casefold(), number(s).casefold()} & exact]
    if not found:
        exact = set().union(*(keys(v) for v in named if v.strip()))
        found = [s for s in students if keys(s) & exact]
    return found


def grade_column(header: list[str], name: str) -> str:
    """Where the marks go: Moodle's Grade, or the column of the assignment's name."""
    for column in header:
        if column.strip() == "Grade":
            return column
    bare = re.sub(r"\W", "", name).casefold()
    for column in header:
        if re.sub(r"\W", "", column).casefold().startswith(bare):
            return column
    return name


def filled_in(path: Path, name: str, marks: dict[str, dict]) -> tuple[list[list[str]], set[str]]:
    """The rows of an LMS's file with the marks in it, and the students who are not in it."""
    text = path.read_text("utf-8-sig")
    rows = list(
        csv.reader(
            text.splitlines(keepends=True), delimiter="\t" if "\t" in text.split("\n")[0] else ","
        )
    )
    header, strangers = rows[0], set(marks)
    column = grade_column(header, name)
    if column not in header:
        place = len(header) - header[-1].startswith("End-of-Line")
        for row in rows:
            row.insert(place, "")
        header[place] = column
    place = header.index(column)
    for row in rows[1:]:
        students = of_row(dict(zip(header, row, strict=False)), marks)
        if len(students) > 1:
            raise CourseError(f"{path.name}: {row[:3]} can be any of {', '.join(students)}")
        if students:
            strangers.discard(students[0])
            row[place] = str(marks[students[0]]["sum"])
    return rows, strangers


def write_rows(path: Path, rows) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf8") as file:
        csv.writer(file).writerows(rows)
    return path


def write_marks(book: Gradebook, folder: Path, name: str, rosters) -> list[Path]:
    """grades/NAME.csv, and for each roster its own layout with the marks filled in."""
    notebooks, marks = table(book, folder, name)
    absent, written = [], []
    for roster in rosters:
        path = Path(roster).expanduser()
        if not path.exists():
            raise CourseError(f"ROSTER={roster}: there is no such file")
        rows, strangers = filled_in(path, name, marks)
        absent += [
            row for row in rows[1:] if not of_row(dict(zip(rows[0], row, strict=False)), marks)
        ]
        written.append(write_rows(folder / "grades" / f"{name}-{path.name}", rows))
        for student in strangers:
            marks[student][COMMENT] = f"not in {path.name}; {marks[student][COMMENT]}".strip("; ")
    plain = [["student", *notebooks, "sum", COMMENT]]
    for student, mark in sorted(marks.items()):
        plain.append([student, *(mark.get(n, "") for n in notebooks), mark["sum"], mark[COMMENT]])
    for row in absent:
        if "points possible" not in row[0].casefold():
            plain.append([row[0] or row[1], *("" for _ in notebooks), "", "handed in nothing"])
    return [write_rows(folder / "grades" / f"{name}.csv", plain), *written]


class Marks(ExportPlugin):
    """`nbgrader export`, with a column a chapter and what needs a look."""

    def export(self, gradebook: Gradebook) -> None:
        course = self.parent.coursedir
        for name in self.assignment or [a.name for a in gradebook.assignments]:
            for path in write_marks(gradebook, Path(course.root), str(name), ()):
                self.log.info("%s", path)


def write_feedback(folder: Path, name: str) -> Path:
    """One archive of the feedback pages, named so that Moodle and Canvas know whose they are.

    Moodle reads the folder that it made, Canvas the two numbers in the file's name.
    """
    table = folder / "downloaded" / name / "collected.csv"
    came = {}
    if table.exists():
        with table.open(newline="", encoding="utf8") as file:
            came = {(r["student"], r["notebook"]): r["file"] for r in csv.DictReader(file)}
    path = folder / "grades" / f"{name}-feedback.zip"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in sorted((folder / "feedback").glob(f"*/{name}/*.html")):
            student = page.parts[-3]
            archive.write(
                page, feedback_name(student, page.stem, came.get((student, page.stem), ""))
            )
    return path


def feedback_name(student: str, notebook: str, came: str) -> str:
    canvas = re.search(r"(?:^|/)([^\W_]+_(?:LATE_)?\w+_\d+)_[^/]*", came)
    if "_assignsubmission_" in came:
        return f"{student}_assignsubmission_file/{notebook}.html"
    if canvas and canvas[1].replace("_LATE_", "_").startswith(student):
        return f"{canvas[1]}_{notebook}.html"
    return f"{student}/{notebook}.html"
