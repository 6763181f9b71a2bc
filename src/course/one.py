"""Grade one submission by itself, notebooks in and JSON out: python -m course.one SOURCE IN OUT

For Gradescope's autograder and for a workflow of GitHub Classroom. The JSON is Gradescope's:
a test for each check, with its points and what it said. Hidden checks say nothing.
"""

import json
import sys
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from shutil import copytree

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from course.collect import File, released, sort_out
from course.settings import settings

SETUP = """\
#!/usr/bin/env bash
apt-get update && apt-get install -y python3 python3-pip
pip3 install --break-system-packages nbgrader==0.9.6 ipykernel pyyaml numpy
pip3 install --break-system-packages torch --index-url https://download.pytorch.org/whl/cpu
"""
RUN = """\
#!/usr/bin/env bash
root=${AUTOGRADER:-/autograder}
cd "$root/source"
PYTHONPATH=src python3 -m course.one source "$root/submission" "$root/results/results.json"
"""
GONE = "this check is hidden"


def grade(source: Path, submission: Path) -> dict:
    """What Gradescope shows: the checks of the assignment whose notebooks lie in `source`."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        copytree(source, course / "source" / "one")
        config = settings()
        config.merge(Config({"CourseDirectory": {"root": folder}, "Execute": {"timeout": 60}}))
        api = NbGraderAPI(config=config)
        done = api.generate_assignment("one")
        files = [
            File(
                f"all/me/{path.relative_to(submission)}",
                path.read_bytes(),
                datetime.fromtimestamp(0),
            )
            for path in sorted(submission.rglob("*"))
            if path.is_file()
        ]
        found, problems = sort_out(files, released(course / "release" / "one"))
        mine = course / "submitted" / "me" / "one"
        mine.mkdir(parents=True)
        for each in sorted(found, key=lambda f: f.age):
            (mine / f"{each.notebook}.ipynb").write_text(each.text, "utf8")
        if found:
            done = api.autograde("one", "me")
            problems += [] if done["success"] else [done["error"]]
        said = said_by(course / "autograded" / "me" / "one")
        tests = []
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            for work in book.find_submission("one", "me").notebooks if found else ():
                tests += [test(grade, said) for grade in work.grades if grade.max_score]
        return {"tests": tests, "output": "\n".join(problems), **({} if tests else {"score": 0})}


def said_by(folder: Path) -> dict[str, str]:
    """What each check that failed said, unless it was hidden."""
    said = {}
    for path in folder.glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf8"))["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            errors = [o["evalue"] for o in cell.get("outputs", ()) if o["output_type"] == "error"]
            hidden = "### BEGIN HIDDEN TESTS" in "".join(cell["source"])
            said[name] = GONE if hidden and errors else "\n".join(errors)
    return said


def test(grade, said: dict[str, str]) -> dict:
    waits = " (graded by a person)" if grade.needs_manual_grade else ""
    return {
        "name": grade.name + waits,
        "score": grade.score,
        "max_score": grade.max_score,
        "output": said.get(grade.name, ""),
    }


def pack(source: Path, path: Path) -> Path:
    """The archive that Gradescope takes as an autograder."""
    package = Path(__file__).parent
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"setup.sh": SETUP, "run_autograder": RUN}.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, text)
        for file in sorted(source.glob("*.ipynb")):
            archive.write(file, f"source/{file.name}")
        for folder in package, package.with_name("pooling"):
            for file in sorted(folder.glob("*.py")):
                archive.write(file, f"src/{folder.name}/{file.name}")
    return path


if __name__ == "__main__":
    source, submission, out = map(Path, sys.argv[1:])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(grade(source, submission), indent=1), "utf8")
