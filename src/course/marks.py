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
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from course import CourseError
from course.collect import collected, released

STUDENT, ODD = "student", "Needs a look"
# A roster's columns.
IDS = re.compile(r"identifier|\bid\b|orgdefinedid|user|login|mail", re.I)
NAMES = re.compile(r"(student|(full |first |last |sur|given )?name)", re.I)


def words(text: str) -> set[str]:
    """A name, whatever the order of its parts, its capitals, accents and apostrophes."""
    text = unicodedata.normalize("NFKD", re.sub(r"[-,._]", " ", text.casefold()))
    return set("".join(c for c in text if c.isalnum() or c.isspace()).split())


def owners(rows: list[dict[str, str]], students: Iterable[str]) -> list[str]:
    """Whose each row of a roster is: by number, login or mail, else by name; "" if nobody's."""
    found = [[s for s in students if {s.casefold(), number(s)} & ids_in(row)] for row in rows]
    left = set(students).difference(*found)
    for row, owner in zip(rows, found, strict=True):
        name = words(name_in(row))
        owner += [s for s in left if not owner and words(s.rpartition("_")[0] or s) == name]
    often = Counter(student for owner in found for student in owner)
    for row, owner in zip(rows, found, strict=True):
        if len(owner) > 1 or any(often[student] > 1 for student in owner):
            raise CourseError(
                f"{list(row.values())[:3]} can be any of several: {', '.join(owner)}; "
                "take such rows out of ROSTER and enter their marks by hand"
            )
    return ["".join(owner) for owner in found]


def name_in(row: dict[str, str]) -> str:
    return " ".join(text for column, text in row.items() if NAMES.fullmatch(column.strip()))


def number(student: str) -> str:
    return student.rpartition("_")[2].casefold()


def ids_in(row: dict[str, str]) -> set[str]:
    text = " ".join(text for column, text in row.items() if IDS.search(column)).casefold()
    parts = text.replace("#", " ").split()
    return {*parts, *(part.partition("@")[0] for part in parts)}


def column_of(header: list[str], name: str) -> str:
    """Where the marks go: Moodle's Grade, the assignment's, else a new one."""
    short = [re.split(r" \(| Points Grade", column)[0] for column in header]
    bare = [re.sub(r"\W", "", text).casefold() for text in [*short, name]]
    wanted = "grade" if "grade" in bare else bare[-1]
    return [*header, name][bare.index(wanted)]


def fill(path: Path, name: str, marks: dict[str, dict]) -> tuple[list[str], list[dict], list[str]]:
    """An LMS's columns, its rows with the marks in them, and whose the rows are."""
    text = path.read_text("utf-8-sig")
    delimiter = max(",;\t", key=text.split("\n")[0].count)
    lines = text.splitlines(keepends=True)
    read = csv.DictReader(lines, delimiter=delimiter, restkey="", restval="")
    header, rows = list(read.fieldnames or ()), list(read)
    if (column := column_of(header, name)) not in header:  # before Brightspace's last
        header.insert(len(header) - header[-1].startswith("End-of-Line"), column)
    students = owners(rows, marks)
    for row, student in zip(rows, students, strict=True):
        row |= {column: marks[student]["sum"]} if student else {}
    return header, rows, students


def write_rows(path: Path, header: list[str], rows: list[dict]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf8") as file:
        to = csv.DictWriter(file, header, restval="", extrasaction="ignore")
        to.writeheader()
        to.writerows(rows)
    return path


class Marks(ExportPlugin):
    """`nbgrader export`: a row a student, a column a chapter, and what needs a look."""

    sheet = ""  # the most points that it allows
    roster = Unicode("", help="a file of an LMS, to be filled in").tag(config=True)

    def export(self, gradebook: Gradebook) -> list:
        """Write the files; return their paths, and what to know of them."""
        self.said = []
        root = Path(self.parent.coursedir.root)
        for name in map(str, self.assignment or [a.name for a in gradebook.assignments]):
            header, marks = self.table(gradebook, root, name)
            absent = self.fill_in(root, name, marks) if self.roster else []
            rows = sorted([*marks.values(), *absent], key=lambda row: row[STUDENT])
            self.said.append(write_rows(root / "grades" / f"{name}.csv", header, rows))
            self.said += self.notes(gradebook.find_assignment(name))
        return self.said

    def fill_in(self, root: Path, name: str, marks: dict[str, dict]) -> list[dict]:
        """Write the roster with the marks in it; return a row for each who handed in nothing."""
        path = Path(self.roster).expanduser()
        header, rows, students = fill(path, name, marks)
        self.said.append(write_rows(root / "grades" / f"{name}-{path.name}", header, rows))
        self.sheet = next(iter(rows), {}).get("Maximum Grade", "")  # Moodle's
        for student in marks.keys() - set(students):
            marks[student][ODD] = f"not in {path.name}; {marks[student][ODD]}".strip("; ")
        first = [name_in(row) or next(iter(row.values())) for row in rows]
        return [
            {STUDENT: who, ODD: "handed in nothing"}
            for who, student in zip(first, students, strict=True)
            if who and not student and "Points Possible" not in who  # Canvas's second row
        ]

    def notes(self, assignment) -> Iterator[str]:
        """What to do before the marks are imported."""
        grades = [g for work in assignment.submissions for n in work.notebooks for g in n.grades]
        if waiting := sum(g.needs_manual_grade and g.auto_score is None for g in grades):
            yield f"{waiting} written answers wait for your points: grade them before you import"
        most = re.match(r"\d+([.,]\d+)?", self.sheet)
        if most and float(most[0].replace(",", ".")) != assignment.max_score:
            yield f"the sheet's maximum is {most[0]}, the assignment's {assignment.max_score:g}"

    def table(self, book: Gradebook, root: Path, name: str) -> tuple[list[str], dict[str, dict]]:
        """The columns, and by student the points of each notebook, the sum, and what is odd."""
        assignment = book.find_assignment(name)
        submitted = [path.parent.name for path in (root / "submitted").glob(f"*/{name}")]
        marks = {who: {STUDENT: who, "sum": "", ODD: "not graded"} for who in submitted}
        for work in assignment.submissions:
            who, points = work.student.id, {each.name: each.score for each in work.notebooks}
            odd = [
                f"{each.name[:2]} {reason}"
                for each in work.notebooks
                for reason in looks(root, Path(who, name, f"{each.name}.ipynb"), each)
            ]
            marks[who] = {STUDENT: who, **points, "sum": sum(points.values()), ODD: "; ".join(odd)}
        return [STUDENT, *sorted(n.name for n in assignment.notebooks), "sum", ODD], marks


def looks(root: Path, file: Path, work) -> list[str]:
    if not (root / "submitted" / file).exists():
        return ["missing or not understood"]
    path = root / "autograded" / file
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
