"""Run a class: python -m course course|collect|grade|grades|feedback|gradescope

Each is a target of make, which hands over its variables as COURSE_NAME and so on:
neither make nor a shell reads what they hold.
"""

import argparse
import contextlib
import os
import shutil
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from book.book import Book, BookError
from course import CourseError
from course.write import notebooks, write

VARIABLES = "NAME", "CHAPTERS", "SEED", "PRIVATE", "FROM", "ROSTER", "FORCE", "FOLDER"


def nbgrader(folder: Path):
    """nbgrader as this course sets it up."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    # nbgrader calls programs of this environment by their names.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    if not (folder / "nbgrader_config.py").exists():
        raise CourseError(f"{folder} is no course: run `make course` first, or name it in COURSE")
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    config.CourseDirectory.root = str(folder.resolve())
    return NbGraderAPI(config=config)


def course(wanted) -> int:
    """Write the source notebooks, answers included, and release them without."""
    made = notebooks(Book(Path(".")), wanted.chapters, wanted.seed, wanted.private)
    write(wanted.folder, wanted.name, made, wanted.seed, wanted.force)
    done = nbgrader(wanted.folder).generate_assignment(wanted.name, force=True, create=True)
    if not done["success"]:
        raise CourseError(done["error"] + done["log"])
    for name in made:
        print(wanted.folder / "release" / wanted.name / f"{name}.ipynb")
    return 0


def collect(wanted) -> int:
    """Take in what an LMS exported; say who handed in what. 1 if a file was not understood."""
    from nbgrader.apps import ZipCollectApp

    nbgrader(wanted.folder)
    archive = wanted.folder / "downloaded" / wanted.name / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    for given in wanted.files:
        path = Path(given).expanduser()
        if not path.exists():
            raise CourseError(f"FROM={given}: there is no such file")
        copy = shutil.copytree if path.is_dir() else shutil.copy2
        copy(path, archive / path.name, **({"dirs_exist_ok": True} if path.is_dir() else {}))
    app = ZipCollectApp()
    with contextlib.chdir(wanted.folder):  # where nbgrader looks for its settings
        app.initialize([wanted.name, "--force", "--log-level=ERROR"])
        app.start()
    print(app.extractor_plugin_inst.report)
    return 1 if app.extractor_plugin_inst.problems else 0


def _quiet() -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the cores are taken by other students
    warnings.simplefilter("ignore")  # nbgrader's own, about its database


def _grade(folder: Path, name: str, student: str, force: bool) -> tuple[str, str]:
    done = nbgrader(folder).autograde(name, student, force=force, create=True)
    return student, "" if done["success"] else done["error"] + done["log"]


def grade(wanted) -> int:
    """Grade who is not graded yet, or handed in again, on all cores; with FORCE everybody."""
    api, folder = nbgrader(wanted.folder), wanted.folder
    students = sorted(p.parent.name for p in (folder / "submitted").glob(f"*/{wanted.name}"))
    failed = 0
    with ProcessPoolExecutor(wanted.jobs, initializer=_quiet) as pool:
        work = [pool.submit(_grade, folder, wanted.name, who, wanted.force) for who in students]
        for number, each in enumerate(work, 1):
            student, wrong = each.result()
            failed += bool(wrong)
            print(f"{number}/{len(work)} {student}{': not graded' if wrong else ''}", flush=True)
            if wrong:
                print(wrong, file=sys.stderr)
    api.gradebook.close()
    return 1 if failed else 0


def grades(wanted) -> int:
    """Write the marks: a plain table, and the LMS's own file filled in."""
    from course.marks import write_marks

    with nbgrader(wanted.folder).gradebook as book:
        for path in write_marks(book, wanted.folder, wanted.name, wanted.files):
            print(path)
    return 0


def feedback(wanted) -> int:
    """A page for each notebook, anew, and one archive of them that the LMS takes."""
    from course.marks import write_feedback

    done = nbgrader(wanted.folder).generate_feedback(wanted.name, force=True)
    if not done["success"]:
        print(done["error"] + done["log"], file=sys.stderr)
    print(write_feedback(wanted.folder, wanted.name))
    return 0 if done["success"] else 1


def gradescope(wanted) -> int:
    """The archive that Gradescope takes as an autograder for this assignment."""
    from course.one import pack

    source = wanted.folder / "source" / wanted.name
    if not source.is_dir():
        raise CourseError(f"there is no assignment {wanted.name}; make it with `make course`")
    print(pack(source, wanted.folder / f"{wanted.name}-gradescope.zip"))
    return 0


COMMANDS = {f.__name__: f for f in (course, collect, grade, grades, feedback, gradescope)}


def main(arguments: list[str] | None = None) -> int:
    set_by_make = {n: os.environ.get(f"COURSE_{n}", "") for n in VARIABLES}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--files", nargs="*", help="an LMS's: to collect, or with a row a student")
    parser.add_argument("--folder", type=Path, default=Path(set_by_make["FOLDER"] or "course"))
    parser.add_argument(
        "--name", default=set_by_make["NAME"] or "pooling", help="of the assignment"
    )
    parser.add_argument("--chapters", nargs="*", default=set_by_make["CHAPTERS"].split())
    parser.add_argument("--seed", default=set_by_make["SEED"] or None, help="any text")
    private = set_by_make["PRIVATE"]
    parser.add_argument("--private", type=Path, default=Path(private) if private else None)
    parser.add_argument("--force", action="store_true", default=bool(set_by_make["FORCE"]))
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="at once")
    wanted = parser.parse_args(arguments)
    given = set_by_make["ROSTER" if wanted.command == "grades" else "FROM"]
    wanted.files = wanted.files or ([given] if given else [])
    try:
        return COMMANDS[wanted.command](wanted)
    except (BookError, CourseError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
