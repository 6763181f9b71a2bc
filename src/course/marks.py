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
from traitlets import List

from course import CourseError
from course.collect import collected, released

STUDENT, ODD = "student", "Needs a look"
IDS = re.compile(r"identifier|\bid\b|orgdefinedid|user|login|mail", re.I)  # columns
NAMES = re.compile(r"name|student", re.I)


def words(text: str) -> set[str]:
    """A name, whatever the order of its parts, its capitals, accents and apostrophes."""
    text = unicodedata.normalize("NFKD", re.sub(r"[-,._]", " ", text.casefold()))
    return set("".join(c for c in text if c.isalnum() or c.isspace()).split())


def of_row(row: dict[str, str], students) -> list[str]:
    """The students whom a roster's row can be: by number, login or mail, else by name."""
    ids, name = set(), ""
    for column, text in row.items():
        if IDS.search(column):
            text = text.casefold().strip("# ").removeprefix("participant ")
            ids |= {text, text.partition("@")[0]} - {""}
        elif NAMES.search(column):
            name += f" {text}"
    found = [s for s in students if {s.casefold(), s.rpartition("_")[2].casefold()} & ids]
    same = [s for s in students if words(s.rpartition("_")[0] or s) == words(name)]
    return found or same


def column_of(header: list[str], name: str) -> str:
    """Where the marks go: Moodle's Grade, the assignment's, else a new one."""
    short = [re.split(r" \(| Points Grade", column)[0] for column in header]
    bare = [re.sub(r"\W", "", text).casefold() for text in [*short, name]]
    wanted = "grade" if "grade" in bare else bare[-1]
    return [*header, name][bare.index(wanted)]


def fill(path: Path, name: str, marks: dict[str, dict]) -> tuple[list[str], list[tuple[dict, str]]]:
    """An LMS's columns and rows, with the marks in them, and whose each row is."""
    text = path.read_text("utf-8-sig")
    delimiter = max(",;\t", key=text.split("\n")[0].count)
    read = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter, restval="")
    header, rows = list(read.fieldnames or ()), list(read)
    if (column := column_of(header, name)) not in header:  # before Brightspace's last
        header.insert(len(header) - header[-1].startswith("End-of-Line"), column)
    found = []
    for row in rows:
        students = of_row(row, marks)
        if len(students) > 1:
            first = list(row.values())[:3]
            raise CourseError(f"{path.name}: {first} can be any of {', '.join(students)}")
        if students:
            row[column] = marks[students[0]]["sum"]
        found.append((row, "".join(students)))
    return header, found


def write_rows(path: Path, header: list[str], rows: list[dict]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf8") as file:
        to = csv.DictWriter(file, header, restval="", extrasaction="ignore")
        to.writeheader()
        to.writerows(rows)
    return path


class Marks(ExportPlugin):
    """`nbgrader export`: a row a student, a column a chapter, and what needs a look."""

    rosters = List([], help="files of an LMS, to be filled in").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        root = Path(self.parent.coursedir.root)
        for name in map(str, self.assignment or [a.name for a in gradebook.assignments]):
            header, marks = self.table(gradebook, root, name)
            for path in map(Path, self.rosters):
                columns, rows = fill(path, name, marks)
                write_rows(root / "grades" / f"{name}-{path.name}", columns, [r for r, _ in rows])
                for student in marks.keys() - {student for _, student in rows}:
                    odd = f"not in {path.name}; {marks[student][ODD]}".strip("; ")
                    marks[student][ODD] = odd
                for row, student in rows:
                    who = next(filter(None, row.values()), "")
                    if not student and "points possible" not in who.casefold():
                        marks[who] = {STUDENT: who, ODD: "handed in nothing"}
            rows = sorted(marks.values(), key=lambda row: row[STUDENT])
            write_rows(root / "grades" / f"{name}.csv", header, rows)

    def table(self, book: Gradebook, root: Path, name: str) -> tuple[list[str], dict[str, dict]]:
        """The columns, and by student the points of each notebook, the sum, and what is odd."""
        try:
            assignment = book.find_assignment(name)
        except MissingEntry:
            raise CourseError(f"there is no assignment {name}; `make course` makes it") from None
        submitted = [path.parent.name for path in (root / "submitted").glob(f"*/{name}")]
        marks = {who: {STUDENT: who, "sum": "", ODD: "not graded"} for who in submitted}
        for work in assignment.submissions:
            who, points = work.student.id, {each.name: each.score for each in work.notebooks}
            odd = [
                f"{each.name[:2]} {reason}"
                for each in work.notebooks
                for reason in looks(root / "autograded" / who / name / f"{each.name}.ipynb", each)
            ]
            marks[who] = {STUDENT: who, **points, "sum": sum(points.values()), ODD: "; ".join(odd)}
        return [STUDENT, *sorted(n.name for n in assignment.notebooks), "sum", ODD], marks


def looks(path: Path, work) -> list[str]:
    found = json.loads(path.read_text("utf8"))["metadata"].get("look") if path.exists() else None
    return found or ["waits for your points"] * bool(work.needs_manual_grade)


def write_feedback(root: Path, name: str) -> Path:
    """One archive of the feedback pages, each named as the LMS named what was handed in.

    Moodle and Canvas take it back so: they read numbers in the names that they gave.
    """
    known = released(root / "release" / name)
    work, _ = collected(root / "downloaded" / name / "archive", known)
    came = {(each.student, each.notebook): each.came for each in work}
    path = root / "grades" / f"{name}-feedback.zip"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in sorted((root / "feedback").glob(f"*/{name}/*.html")):
            student = page.parts[-3]
            prefix = came.get((student, page.stem)) or f"{student}/"
            archive.write(page, f"{prefix}{page.name}")
    return path
