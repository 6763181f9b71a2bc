"""Collect a class's notebooks from what learning management systems (LMS) export.

Two plug-ins of `nbgrader zip_collect`. Extract reads every archive, finds out whose
each file is and which notebook, and puts the newest of each into the folder
`extracted/STUDENT/`; Collect tells nbgrader so.
"""

import io
import json
import os
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

import nbformat
import yaml
from nbformat import NotebookNode
from nbgrader.plugins.zipcollect import ExtractorPlugin, FileNameCollectorPlugin

# How an LMS begins a path, or the rest of it at a student's folder: `who`, with `id` where
# it gives one, becomes the student's id.
LMS = (
    r"(?P<who>[^_/]+_\d+)_assignsubmission_[a-z]+[_/]+",  # Moodle, also flat or anonymous
    r"(?P<id>\d+)-\d+ - (?P<who>[^/]+) - (?P<time>[^/]*\d{4}[^/]*)/",  # Brightspace
    r"[^/]+,[^/]*\((?P<who>[^()/]+)\)/",  # Sakai: Lovelace, Ada(ada)
    r"[^/]+_(?P<who>[^_/]+)_attempt_(?P<time>\d{4}(-\d\d){5})[_./]",  # Blackboard
    r"(?P<who>anon_(LATE_)?[^_/]+|[^_/]+_(LATE_)?\d+)_\d+_",  # Canvas: name_user_file_
)
CLASSROOM = re.compile(r"([^\W\d].*?) - .*ipynb", re.I)  # Google's copies: Ada Lovelace - x
IGNORED = re.compile(r"(^|/)(__MACOSX|\.[^/]*|~[^/]*)(/|$)")
LMS_OWN = re.compile(r"/(timestamp|comments|feedbackText|grades|index|submission_metadata)\.\w+$")
CLAIMS = re.compile(r"\.(ipynb(\.(txt|json))?|zip|tar|t?gz|rar|7z)$", re.I)  # to be a notebook
COPY = re.compile(r"(?:\(|-|-Copy)(\d{1,2})\)?(\.\w+)*$")  # x (2).ipynb, x-2.ipynb, x-Copy2.ipynb
BIG = 50_000_000  # bytes; no notebook of this book comes near
DAMAGED = zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError


@dataclass
class File:
    path: str  # in the archive, behind its own name; a student's own archive is a folder of it
    data: bytes | Exception
    times: tuple[datetime, ...]  # of the archive, of handing in, of what is in a student's archive


@dataclass
class Work:
    student: str
    notebook: str
    came: str  # how the LMS began the name of what was handed in
    text: str
    age: tuple[datetime, datetime, int]
    passed: datetime | None = None  # the age of what came later, but is older


def files_of(path: str, read: Callable[[], bytes], *times: datetime) -> Iterator[File]:
    """Every file of an archive, those of the archives in it too."""
    try:
        data = read()
        archive = zipfile.ZipFile(io.BytesIO(data)) if path.lower().endswith(".zip") else None
    except DAMAGED as error:  # or locked by a password
        data, archive = error, None
    if not archive or len(times) > 4:
        yield File(path, data, times)
        return
    for entry in archive.infolist():
        inner = f"{path}/{entry.filename}".replace("\\", "/")
        if not entry.is_dir() and not IGNORED.search(inner):
            time = times[-1]
            with suppress(ValueError):
                if entry.date_time[0] > 1980:  # what sets no time sets this
                    time = datetime(*entry.date_time)
            yield from files_of(inner, lambda e=entry: archive.open(e).read(BIG), *times, time)


def when(text: str | None) -> datetime | None:
    """The time that an LMS puts into a name: 2026-09-15-22-22-22, or Sep 15, 2026 1022 PM."""
    text = re.sub(r" (\d{1,2})(\d\d)(?= [AP]M)", r" \1:\2", text or "")
    for layout in "%Y-%m-%d-%H-%M-%S", "%b %d, %Y %I:%M %p", "%B %d, %Y %I:%M %p":
        with suppress(ValueError):
            return datetime.strptime(text, layout)
    return None  # in another language


def tokens(notebook: NotebookNode) -> set[str]:
    """What a notebook is known by: its cells' grade_ids, and the functions of its answers."""
    metas = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    code = [c.source for c, m in zip(notebook.cells, metas, strict=True) if not m.get("locked")]
    functions = re.findall(r"^def \w+", "\n".join(code), re.M)
    return {meta["grade_id"] for meta in metas if "grade_id" in meta}.union(functions)


def released(folder: Path) -> dict[str, set[str]]:
    """What each notebook of an assignment is known by."""
    return {p.stem: tokens(nbformat.read(p, 4)) for p in sorted(folder.glob("*.ipynb"))}


def colab_user(notebook: NotebookNode) -> str | None:
    """Who ran it, as Colab notes in the cells: the last way to tell whose an upload is."""
    users = [cell.metadata.get("executionInfo", {}).get("user", {}) for cell in notebook.cells]
    named = Counter((u["displayName"], u.get("userId", "")) for u in users if u.get("displayName"))
    return "_".join(filter(None, named.most_common(1)[0][0])) if named else None


def submitters(files: list[File]) -> dict[str, list[str]]:
    """Gradescope's export: its folders are numbers, and a file says whose they are."""
    made = {}
    for file in (f for f in files if f.path.endswith("submission_metadata.yml")):
        with suppress(yaml.YAMLError, AttributeError):
            for folder, about in yaml.safe_load(file.data).items():
                people = about.get(":submitters") or []
                ids = [p.get(":email") or p.get(":sid") or p.get(":name") for p in people]
                made[folder] = list(filter(None, ids))
    return made


def plain(who: str) -> str:
    """An id that is also a folder's name; nbgrader takes * ? [ ] for patterns."""
    who = unicodedata.normalize("NFC", who)  # a Mac writes accents as letters of their own
    return re.sub(r"[^\w .,@'\u2019()-]+", "-", who).strip(" .") or "-"


def opened(file: File) -> NotebookNode | Exception:
    """A notebook, in any encoding that JSON has; else one of many errors, nbformat's too."""
    try:
        if isinstance(file.data, Exception):
            return file.data
        notebook = nbformat.reads(json.dumps(json.loads(file.data)), as_version=4)
        tokens(notebook)
        return notebook
    except Exception as error:
        return error


class Archive:
    """An LMS's archive: `work`, and in `problems` a sentence for each file that is none."""

    def __init__(self, files: list[File], known: dict[str, set[str]]):
        self.known, self.people = known, submitters(files)
        read = [(f, opened(f)) for f in files if not LMS_OWN.search(f.path)]
        folders = {f.path.rpartition("/")[0] for f, n in read if not isinstance(n, Exception)}
        common = os.path.commonpath(folders or [""])  # what holds all notebooks
        self.common, self.direct = common.split("/")[1:], common in folders
        users = {colab_user(n) for _, n in read if not isinstance(n, Exception)}
        self.many = len(users - {None}) > 1
        self.work, wrong = [], []
        for file, notebook in read:
            whose, came, time = self.whose(file.path)
            try:
                self.work += self.understood(file, notebook, whose, came, time)
            except ValueError as error:
                wrong.append((whose, f"{file.path}: {error}", CLAIMS.search(file.path)))
        done = {each.student for each in self.work}
        self.problems = [s for who, s, sure in wrong if sure or not done & set(map(plain, who))]

    def whose(self, path: str) -> tuple[list[str], str, datetime | None]:
        """Who handed a file in, how the LMS began its name, and the time that is in it."""
        *folders, name = path.split("/")[1:]
        for folder in self.people.keys() & set(folders):
            return self.people[folder], "", None
        for start in range(len(self.common) + 1):
            for pattern in LMS:
                if match := re.match(pattern, "/".join([*folders[start:], name])):
                    found = {"id": None, "time": None} | match.groupdict()
                    who = "_".join(filter(None, (found["who"], found["id"])))
                    return [who.replace("_LATE_", "_")], match[0], when(found["time"])
        if folders == self.common and (match := CLASSROOM.match(name)):
            return [match[1]], "", None
        if folders == self.common and self.many:
            return [], "", None
        return folders[max(0, len(self.common) - self.direct) :][:1], "", None

    def understood(self, file: File, notebook, whose, came, time) -> list[Work]:
        if isinstance(notebook, Exception):
            raise ValueError(f"cannot be read as a notebook ({notebook!r:.90})")
        found = tokens(notebook)
        stem = max(self.known, key=lambda stem: len(found & self.known[stem]), default=None)
        if not stem or not found & self.known[stem]:
            raise ValueError("no notebook of this assignment")
        if not (whose := whose or list(filter(None, [colab_user(notebook)]))):
            raise ValueError("nothing says whose it is; put it into a folder of that name")
        copy = COPY.search(file.path)
        age = time or file.times[:2][-1], file.times[-1], int(copy[1]) if copy else 0
        return [Work(plain(who), stem, came, json.dumps(notebook), age) for who in whose]


def collected(archives: Path, known: dict[str, set[str]]) -> tuple[list[Work], list[str]]:
    """Of every notebook of every student the newest, from all archives; problems of the last."""
    found, last, problems = [], [], []
    for path in sorted(archives.glob("*.zip")):
        time = datetime.fromtimestamp(path.stat().st_mtime)
        archive = Archive(list(files_of(path.name, path.read_bytes, time)), known)
        last, problems = sorted(archive.work, key=lambda work: work.age), archive.problems
        found += last
    newest: dict[tuple[str, str], Work] = {}
    for each in sorted(found, key=lambda work: work.age):
        before = newest.get((each.student, each.notebook))
        if not before or each.text != before.text:  # the same again is not later
            newest[each.student, each.notebook] = each
    for key, each in {(work.student, work.notebook): work for work in last}.items():
        if each.text != newest[key].text:
            newest[key].passed = each.age[0]
    return [newest[key] for key in sorted(newest)], problems


def report(work: list[Work], problems: list[str]) -> str:
    """Who handed in which of the notebooks, and what was not understood."""
    lines = [
        f"  {who}: {' '.join(each.notebook[:2] for each in all_of_it)}"
        for who, all_of_it in groupby(work, key=lambda each: each.student)
    ]
    lines.insert(0, f"{len(lines)} students handed in these notebooks:")
    lines += [
        f"  {each.student}, {each.notebook[:2]}: that of {each.passed:%Y-%m-%d %H:%M} is older "
        f"than what is here ({each.age[0]:%Y-%m-%d %H:%M}), not taken"
        for each in work
        if each.passed
    ]
    if problems:
        lines += [f"{len(problems)} files were not understood:", *(f"  {p}" for p in problems)]
    return "\n".join(lines)


class Extract(ExtractorPlugin):
    """Fill `extracted/` with one folder a student, the newest of every notebook in it."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        course = self.parent.coursedir
        release = course.format_path(course.release_directory, ".", course.assignment_id)
        work, self.problems = collected(Path(archive_path), released(Path(release)))
        for each in work:
            path = Path(extracted_path, each.student, f"{each.notebook}.ipynb")
            path.parent.mkdir(exist_ok=True)
            path.write_text(each.text, "utf8")
            os.utime(path, (each.age[0].timestamp(),) * 2)
        self.report = report(work, self.problems)
        self.log.warning("%s", self.report)


class Collect(FileNameCollectorPlugin):
    """Tell nbgrader what Extract has found out."""

    def collect(self, submitted_file: str) -> dict:
        path = Path(submitted_file)
        time = datetime.fromtimestamp(path.stat().st_mtime)
        return {"student_id": path.parent.name, "file_id": path.stem, "timestamp": time}
