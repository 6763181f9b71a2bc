"""Grade one submission by itself, notebooks in and JSON out: python -m course.one SOURCE IN OUT

For Gradescope's autograder and for a workflow of GitHub Classroom. The JSON is Gradescope's:
a test for each check, with its points and what it said. Hidden checks say nothing.
"""

import json
import sys
import tempfile
import zipfile
from pathlib import Path
from shutil import copytree, make_archive

import nbformat
from nbgrader import utils
from nbgrader.apps import NbGraderAPI

from course.collect import collected, released
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


def grade(source: Path, submission: Path) -> dict:
    """What Gradescope shows: the checks of the assignment whose notebooks lie in `source`."""
    with tempfile.TemporaryDirectory() as folder:
        course, config = Path(folder), settings()
        config.CourseDirectory.root = folder
        api = NbGraderAPI(config=config)
        copytree(source, course / "source" / "one")
        api.generate_assignment("one")
        copytree(submission, course / "in" / "me_1_assignsubmission_file")
        make_archive(str(course / "all" / "in"), "zip", course / "in")
        work, problems = collected(course / "all", released(course / "release" / "one"))
        if not work:
            return {"tests": [], "score": 0, "output": "\n".join(problems)}
        mine = course / "submitted" / "me" / "one"
        mine.mkdir(parents=True)
        for each in work:
            (mine / f"{each.notebook}.ipynb").write_text(each.text, "utf8")
        done = api.autograde("one", "me")
        tests = tests_of(course / "autograded" / "me" / "one")
        return {"tests": tests, "output": "\n".join([*problems, done.get("error") or ""]).strip()}


def tests_of(folder: Path) -> list[dict]:
    """The checks that give points, what they gave and what they said, unless they are hidden."""
    tests = []
    for cell in (c for p in sorted(folder.glob("*.ipynb")) for c in nbformat.read(p, 4).cells):
        score, most = utils.determine_grade(cell) if utils.is_grade(cell) else (0, 0)
        errors = [o.evalue for o in cell.get("outputs", ()) if o.output_type == "error"]
        hidden = "### BEGIN HIDDEN TESTS" in cell.source and errors
        if most:
            name = cell.metadata.nbgrader.grade_id
            name += " (graded by a person)" if score is None else ""
            said = "this check is hidden" if hidden else "\n".join(errors)
            test = {"name": name, "score": score or 0, "max_score": most, "output": said}
            tests.append(test)
    return tests


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
