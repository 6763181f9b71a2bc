"""Collect a class's notebooks from what learning management systems (LMS) export.

Two plug-ins of `nbgrader zip_collect`. Extract reads every archive, finds out whose
each file is and which notebook, and puts the newest of each into the folder
`extracted/STUDENT/`; Collect tells nbgrader so. A table says who handed in what.
"""

import contextlib
import csv
import io
import json
import os
import re
import shutil
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path, PurePosixPath

import nbformat
import yaml
from nbgrader.plugins.zipcollect import ExtractorPlugin, FileNameCollectorPlugin

# How an LMS begins the rest of a path at a student's folder or file. `who` becomes the
# student's id: the name, and the number by which the LMS knows the student.
PATTERNS = [
    re.compile(pattern)
    for pattern in (
        r"(?P<who>[^_/]+_\d+)_assignsubmission_[a-z]+(_|/|$)",  # Moodle, also flat or anonymous
        # Brightspace
        r"(?P<id>\d+)-\d+ - (?P<name>[^/]+?) - (?P<time>\w{3,} \d+, \d{4} \d{3,4} [AP]M)/",
        r"[^/]+\((?P<who>[^()/]+)\)/Submission attachment",  # Sakai: Lovelace, Ada(ada)
        r"[^/]+_(?P<who>[^_/]+)_attempt_(?P<time>\d{4}(-\d\d){5})(_|\.|/|$)",  # Blackboard
        r"(?P<who>(?!anon_)[^\W_]+_(LATE_)?\d+)_\d+_",  # Canvas: name_user_file_
        r"(?P<who>anon_(LATE_)?[^\W_]+)_\d+_",  # Canvas, anonymous
    )
]
CLASSROOM = re.compile(r"(?P<who>[^\W\d].*?) - .*ipynb", re.I)  # Google's copies: Ada Lovelace - x
TIMES = "%b %d, %Y %I%M %p", "%B %d, %Y %I%M %p", "%Y-%m-%d-%H-%M-%S", "%Y%m%d%H%M%S%f"
IGNORED = re.compile(r"(^|/)(__MACOSX|\.[^/]*|~[^/]*)(/|$)")
LMS_OWN = re.compile(
    r"(timestamp\.txt|grades\.(csv|xlsx?)|submission_metadata\.yml|.*_attempt_[\d-]+\.txt)$"
)
CLAIMS = re.compile(r"\.ipynb(\.(txt|json))?$", re.I)
BIG = 50_000_000  # bytes; no notebook of this book comes near


@dataclass
class File:
    path: str  # in the archive, behind its own name; a student's own archive is a folder of it
    data: bytes
    time: datetime


def files_of(path: str, data: bytes, time: datetime, depth: int = 0) -> Iterator[File | str]:
    """Every file, those within archives too; a sentence for each that cannot be read."""
    if not (path.lower().endswith((".zip", ".tar", ".tgz", ".tar.gz"))):
        yield File(path, data, time)
    elif depth > 3:
        yield f"{path}: more than three archives within each other"
    else:
        try:
            for name, size, read, stamp in _members(data, time):
                inner = f"{path}/{name}"
                if size > BIG:
                    yield f"{inner}: {size} bytes, over the limit of {BIG}"
                elif not IGNORED.search(inner):
                    yield from _member(inner, read, stamp, depth)
        except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
            yield f"{path}: this archive cannot be read ({error})"


def _member(path: str, read, time: datetime, depth: int) -> Iterator[File | str]:
    try:
        data = read()
    except (RuntimeError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        yield f"{path}: {error}"  # a password, or damaged
        return
    yield from files_of(path, data, time, depth + 1)


def _members(data: bytes, time: datetime):
    if zipfile.is_zipfile(io.BytesIO(data)):
        archive = zipfile.ZipFile(io.BytesIO(data))
        for entry in archive.infolist():
            if not entry.is_dir():
                stamp = time
                with contextlib.suppress(ValueError):
                    stamp = datetime(*entry.date_time)
                name = entry.filename.replace("\\", "/")
                yield name, entry.file_size, lambda entry=entry: archive.read(entry), stamp
    else:
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            for member in packed:
                if member.isfile():
                    stamp = datetime.fromtimestamp(member.mtime)
                    read = lambda member=member: packed.extractfile(member).read()  # noqa: E731
                    yield member.name, member.size, read, stamp


def when(text: str) -> datetime | None:
    for layout in TIMES:
        with contextlib.suppress(ValueError):
            return datetime.strptime(text.strip(), layout)
    return None


def student_of(path: str) -> tuple[str | None, datetime | None]:
    """The student's id and the time of handing in, as far as an LMS put them into the path."""
    parts = path.split("/")
    for start in range(len(parts)):
        for pattern in PATTERNS:
            if match := pattern.match("/".join(parts[start:])):
                found = match.groupdict()
                who = found.get("who") or f"{found['name']}_{found['id']}"
                return who.replace("_LATE_", "_"), when(found.get("time") or "")
    match = CLASSROOM.match(parts[-1])
    return (match["who"] if match else None), None


def read_notebook(data: bytes):
    """The text of a notebook, in whatever encoding, and its cells.

    Raises:
        ValueError: it is none; the message says what it is.
    """
    try:
        text = data.decode(json.detect_encoding(data)).lstrip("\ufeff")
        if not isinstance(json.loads(text), dict):
            raise ValueError("no cells")
        return text, nbformat.reads(text, as_version=4)
    except ValueError as error:  # UnicodeError and JSON's errors are ValueErrors
        raise ValueError(f"not a notebook, or a broken one ({str(error)[:80]})") from None
    except Exception as error:
        raise ValueError(f"a broken notebook ({type(error).__name__})") from None


def marks_of(notebook) -> set[str]:
    """What a notebook is known by: its cells' grade_ids, and the functions that it defines."""
    ids = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return {i for i in ids if i} | {f"def {name}" for name in re.findall(r"^def (\w+)", code, re.M)}


def released(folder: Path) -> dict[str, set[str]]:
    """What tells each notebook of an assignment from the others."""
    marks = {p.stem: marks_of(nbformat.read(p, 4)) for p in sorted(folder.glob("*.ipynb"))}
    often = Counter(mark for found in marks.values() for mark in found)
    alone = len(marks) == 1
    return {
        stem: {
            m for m in found if often[m] == 1 and (not alone or m not in ("def run", "def compare"))
        }
        for stem, found in marks.items()
    }


def which(notebook, path: str, known: dict[str, set[str]]) -> str | None:
    """The released notebook that this one was."""
    marks = marks_of(notebook)
    scores = {stem: len(marks & own) for stem, own in known.items()}
    best = max(scores, key=scores.get, default=None)
    if best and scores[best]:
        return best
    return next((stem for stem in known if stem in path), None)


def colab_user(notebook) -> str | None:
    """Who ran it, as Colab notes in the cells: the last way to tell whose an upload is."""
    users = [c.metadata.get("executionInfo", {}).get("user", {}) for c in notebook.cells]
    named = Counter((u["displayName"], u.get("userId", "")) for u in users if u.get("displayName"))
    return "_".join(filter(None, named.most_common(1)[0][0])) if named else None


def plain(who: str) -> str:
    """An id that is also a folder's name; nbgrader takes * ? [ ] for patterns."""
    return re.sub(r"[^\w .,@'()-]+", "-", who).strip(" .") or "-"


def copy_number(path: str) -> int:
    """Of `x (2).ipynb`, `x-1.ipynb` and `x-Copy1.ipynb` the number: the highest is the newest."""
    found = re.search(r"(?:\((\d+)\)|-(?:Copy)?(\d{1,2}))(?:\.ipynb|\.txt|\.json|$)", path, re.I)
    return int(found[1] or found[2]) if found else 0


@dataclass
class Found:
    student: str
    notebook: str
    path: str
    text: str
    time: datetime

    @property
    def age(self):
        return self.time, copy_number(self.path)


def sort_out(files: list[File], known: dict[str, set[str]]) -> tuple[list[Found], list[str]]:
    """Whose notebooks these are, all of one archive, and a sentence for each file that is not."""
    found, problems, strangers = [], [], {}
    submitters, stamps = _submitters(files), _stamps(files)
    folders = _class_folders(files)
    for file in files:
        if IGNORED.search(file.path) or LMS_OWN.search(file.path):
            continue
        who, time = student_of(file.path.split("/", 1)[1])
        whose = next((submitters[p] for p in file.path.split("/") if p in submitters), None)
        inside = file.path.split("/")[1 + folders : -1]
        whose = whose or [(who or (inside[0] if inside else None), time)]
        try:
            text, notebook = read_notebook(file.data)
        except ValueError as error:
            if CLAIMS.search(file.path):
                problems.append(f"{file.path}: {error}")
            for who, _ in whose:
                if who or not file.path.endswith((".html", ".txt", ".csv", ".xml")):  # the LMS's
                    strangers.setdefault(who, file.path)
            continue
        stem = which(notebook, PurePosixPath(file.path).name, known)
        for who, time in whose:
            who = who or colab_user(notebook)
            if not stem:
                problems.append(f"{file.path}: no notebook of this assignment")
            elif not who:
                problems.append(
                    f"{file.path}: nothing says whose it is; put it into a folder of that name"
                )
            else:
                handed_in = time or stamps.get(str(PurePosixPath(file.path).parent)) or file.time
                found.append(Found(plain(who), stem, file.path, text, handed_in))
    named = {each.student for each in found}
    for who, path in strangers.items():
        if (not who or plain(who) not in named) and not CLAIMS.search(path):
            problems.append(
                f"{path}: not a notebook, and {who or 'whoever it is from'} handed in no other"
            )
    return found, problems


def _submitters(files: list[File]) -> dict[str, list[tuple[str, datetime | None]]]:
    """Gradescope's export: its folders are numbers, and a file says whose they are."""
    made = {}
    for file in files:
        if file.path.endswith("submission_metadata.yml"):
            with contextlib.suppress(yaml.YAMLError, AttributeError):
                for folder, meta in yaml.safe_load(file.data).items():
                    time = meta.get(":created_at")
                    time = time.replace(tzinfo=None) if isinstance(time, datetime) else None
                    people = meta.get(":submitters", [])
                    ids = [p.get(":email") or p.get(":sid") or p.get(":name") for p in people]
                    made[folder] = [(who, time) for who in ids if who]
    return made


def _stamps(files: list[File]) -> dict[str, datetime | None]:
    """Sakai's times, by the folder of the attachments that they are of."""
    return {
        f"{PurePosixPath(f.path).parent}/Submission attachment(s)": when(
            f.data.decode(errors="replace")
        )
        for f in files
        if f.path.endswith("/timestamp.txt")
    }


def _class_folders(files: list[File]) -> int:
    """How many folders of an archive all its files lie in: the next one is a student's."""
    folders = [f.path.split("/")[1:-1] for f in files if CLAIMS.search(f.path)]
    folders = [names for names in folders if names] or [[]]
    same = [a[0] for a in takewhile(lambda a: len(set(a)) == 1, zip(*folders, strict=False))]
    if len(set(map(tuple, folders))) == 1 or len(same) == min(map(len, folders)):
        same = same[: max(0, len(same) - 1)]  # a single student, or files beside the folders
    return len(same)


class Extract(ExtractorPlugin):
    """Fill `extracted/` with one folder a student, the newest of every notebook in it."""

    problems, report = (), ""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        course, name = self.parent.coursedir, self.parent.coursedir.assignment_id
        known = released(Path(course.format_path(course.release_directory, ".", name)))
        table = Path(archive_path).parent / "collected.csv"
        newest = {(f.student, f.notebook): f for f in self._earlier(table, known)}
        found, problems = self._found(Path(archive_path), known)
        if not known:
            problems.append(f"{name} is not released: run `make course` first")
        for each in sorted(found, key=lambda f: f.age):
            before = newest.get((each.student, each.notebook))
            if not before or (each.age > before.age and each.text != before.text):
                newest[each.student, each.notebook] = each
        shutil.rmtree(extracted_path, ignore_errors=True)
        Path(extracted_path).mkdir(parents=True)
        for each in newest.values():
            path = Path(extracted_path, each.student, f"{each.notebook}.ipynb")
            path.parent.mkdir(exist_ok=True)
            path.write_text(each.text, "utf8")
            os.utime(path, (each.time.timestamp(),) * 2)
        _write_table(table, sorted(newest.values(), key=lambda f: (f.student, f.notebook)))
        self.problems, self.report = problems, report(newest.values(), problems, known)
        self.log.warning("%s", self.report)

    def _earlier(self, table: Path, known) -> Iterator[Found]:
        """What was collected before: nothing is lost when one chapter is handed in again."""
        course = self.parent.coursedir
        rows = csv.DictReader(table.open(newline="", encoding="utf8")) if table.exists() else ()
        for row in rows:
            folder = course.format_path(
                course.submitted_directory, row["student"], course.assignment_id
            )
            path = Path(folder, f"{row['notebook']}.ipynb")
            if path.exists() and row["notebook"] in known:
                time = datetime.fromisoformat(row["time"])
                text = path.read_text("utf8")
                yield Found(row["student"], row["notebook"], row["file"], text, time)

    def _found(self, folder: Path, known) -> tuple[list[Found], list[str]]:
        found, problems, loose = [], [], []
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder).as_posix()
            time = datetime.fromtimestamp(path.stat().st_mtime)
            read = list(files_of(name, path.read_bytes(), time))
            problems += [f for f in read if isinstance(f, str)]
            read = [f for f in read if isinstance(f, File)]
            if "/" not in name and [f.path for f in read] != [name]:  # a whole archive
                more, wrong = sort_out(read, known)
                found, problems = found + more, problems + wrong
            else:
                loose += [File(f"archive/{f.path}", f.data, f.time) for f in read]
        more, wrong = sort_out(loose, known)
        return found + more, problems + wrong


class Collect(FileNameCollectorPlugin):
    """Tell nbgrader what Extract has found out."""

    def collect(self, submitted_file: str) -> dict:
        path = Path(submitted_file)
        time = datetime.fromtimestamp(path.stat().st_mtime)
        return {"student_id": path.parent.name, "file_id": path.stem, "timestamp": time}


def _write_table(path: Path, found: list[Found]) -> None:
    with path.open("w", newline="", encoding="utf8") as file:
        rows = csv.writer(file)
        rows.writerow(["student", "notebook", "time", "file"])
        rows.writerows([f.student, f.notebook, f.time.isoformat(), f.path] for f in found)


def report(found, problems: list[str], known) -> str:
    """Who handed in which of the notebooks, and what was not understood."""
    by_student: dict[str, set[str]] = {}
    for each in found:
        by_student.setdefault(each.student, set()).add(each.notebook)
    wide = max(map(len, by_student), default=0)
    lines = [
        f"  {who:{wide}}  {' '.join(s[:2] if s in had else ' -' for s in known)}"
        for who, had in sorted(by_student.items())
    ]
    lines.insert(0, f"{len(by_student)} students handed in these notebooks:")
    if problems:
        lines += [f"{len(problems)} files were not understood:", *(f"  {p}" for p in problems)]
    return "\n".join(lines)
