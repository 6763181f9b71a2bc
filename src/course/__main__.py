"""Run a class: python -m course course|collect|grade|grades|feedback|gradescope

Each is a target of make, which hands over its variables as COURSE_NAME and so on:
neither make nor a shell reads what they hold.
"""

import os
import shutil
import sys
import warnings
import zipfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir
from datetime import datetime
from functools import partial
from pathlib import Path

from nbgrader.apps import NbGraderAPI, ZipCollectApp
from traitlets.config import PyFileConfigLoader

from book.book import Book, BookError
from course import CourseError
from course.marks import Marks, write_feedback
from course.one import pack
from course.write import notebooks, write


def given(variable: str, otherwise: str = "") -> str:
    return os.environ.get(f"COURSE_{variable}") or otherwise


def nbgrader(folder: Path) -> NbGraderAPI:
    """nbgrader as this course sets it up."""
    # It calls programs of this environment by their names.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.CourseDirectory.root = str(folder.resolve())
    return NbGraderAPI(config=config)


def expect(folder: Path, name: str) -> None:
    """Is there such a course, and this assignment in it?"""
    if not (folder / "nbgrader_config.py").exists():
        raise CourseError(f"{folder} is no course: run `make course` first, or name it in COURSE")
    there = sorted(path.name for path in (folder / "source").iterdir() if path.is_dir())
    if name not in there:
        raise CourseError(f"{name} is not released; NAME={' or NAME='.join(there)}")


def done(answer: dict) -> None:
    if not answer["success"]:
        raise CourseError(f"{answer.get('error')} {answer['log']}")


def course(folder: Path, name: str) -> None:
    """Write the source notebooks, answers included, and release them without."""
    seed, private = given("SEED") or None, given("PRIVATE")
    made = notebooks(Book(Path(".")), given("CHAPTERS").split(), seed, private)
    write(folder, name, made, seed, bool(given("FORCE")))
    done(nbgrader(folder).generate_assignment(name, force=True, create=True))
    for stem in made:
        print(folder / "release" / name / f"{stem}.ipynb")


def collect(folder: Path, name: str) -> None:
    """Take in what an LMS exported; say who handed in what."""
    archives, path = folder / "downloaded" / name / "archive", Path(given("FROM")).expanduser()
    archives.mkdir(parents=True, exist_ok=True)
    copy = archives / f"{datetime.now():%Y%m%d-%H%M%S}-{path.stem}"  # they are read in this order
    if path.is_dir() and given("FROM"):
        shutil.make_archive(str(copy), "zip", path)
    elif zipfile.is_zipfile(path):
        shutil.copy2(path, f"{copy}.zip")
    else:
        raise CourseError(f"FROM={given('FROM')}: give the LMS's zip archive, or a folder")
    app = ZipCollectApp()
    with chdir(folder):  # where nbgrader looks for its settings
        app.initialize([name, "--force", "--log-level=ERROR"])
        app.start()
    print(app.extractor_plugin_inst.report)
    if problems := app.extractor_plugin_inst.problems:
        raise CourseError(f"{len(problems)} files not understood; the others are in: `make grade`")


def _quiet() -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the cores are taken by other students
    warnings.simplefilter("ignore")  # nbgrader's own, about its database


def _grade(folder: Path, name: str, student: str) -> dict:
    made = folder / "autograded" / student / name
    before = made.exists() and made.stat().st_ctime_ns
    answer = nbgrader(folder).autograde(name, student, force=bool(given("FORCE")), create=True)
    return answer | {"new": made.exists() and made.stat().st_ctime_ns != before}


def grade(folder: Path, name: str) -> None:
    """Grade who is not graded yet, or handed in again, on all cores; with FORCE everybody."""
    nbgrader(folder).gradebook.close()  # which makes the database
    students = sorted(path.parent.name for path in (folder / "submitted").glob(f"*/{name}"))
    new, failed = 0, []
    with ProcessPoolExecutor(initializer=_quiet) as pool:
        answers = pool.map(partial(_grade, folder, name), students)
        for student, answer in zip(students, answers, strict=True):
            if answer["new"]:
                print(new := new + 1, student, flush=True)
            if not answer["success"]:
                failed.append(f"{student} is not graded: {answer.get('error')} {answer['log']}")
    print(f"graded {new}, {len(students) - new - len(failed)} as before")
    if failed or not students:
        raise CourseError("\n".join(failed) or f"{name}: nobody handed in; `make collect` first")


def grades(folder: Path, name: str) -> None:
    """Write the marks: a plain table, and the LMS's own file filled in."""
    api, roster = nbgrader(folder), given("ROSTER")
    if roster and not Path(roster).expanduser().is_file():
        raise CourseError(f"ROSTER={roster}: there is no such file")
    with api.gradebook as book:
        print(*Marks(parent=api, assignment=[name], roster=roster).export(book), sep="\n")


def feedback(folder: Path, name: str) -> None:
    """A page for each notebook, anew, and one archive of them that the LMS takes."""
    if not any((folder / "autograded").glob(f"*/{name}")):
        raise CourseError(f"{name}: nobody is graded; `make grade` first")
    answer = nbgrader(folder).generate_feedback(name, force=True)
    print(write_feedback(folder, name))
    done(answer)


def gradescope(folder: Path, name: str) -> None:
    """The archive that Gradescope takes as an autograder for this assignment."""
    print(pack(folder / "source" / name, folder / f"{name}-gradescope.zip"))


COMMANDS = {f.__name__: f for f in (course, collect, grade, grades, feedback, gradescope)}


def main(command: str) -> int:
    folder, name = Path(given("FOLDER", "course")), given("NAME", "pooling")
    try:
        if command != "course":
            expect(folder, name)
        COMMANDS[command](folder, name)
    except (BookError, CourseError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
