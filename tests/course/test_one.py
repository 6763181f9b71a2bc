"""One submission by itself, in the layout that Gradescope documents."""

import json
import os
import subprocess
import zipfile

import pytest

from book.book import Book
from conftest import ROOT
from course import write
from course.one import pack
from exercises import BIN, automatic, fill, own_answers, put

pytestmark = pytest.mark.usefixtures("quick_kernels")


def test_gradescopes_folders_in_its_results_out(tmp_path):
    ((name, notebook),) = write.notebooks(Book(ROOT), chapters=["4"]).items()
    write.write(tmp_path / "course", "week1", {name: notebook})
    root = tmp_path / "autograder"
    with zipfile.ZipFile(pack(tmp_path / "course/source/week1", tmp_path / "x.zip")) as archive:
        archive.extractall(root / "source")
        assert archive.getinfo("run_autograder").external_attr >> 16 == 0o755
    env = os.environ | {"AUTOGRADER": str(root), "PATH": f"{BIN}:{os.environ['PATH']}"}

    def results(given):
        put(
            fill(write.notebooks(Book(ROOT), chapters=["4"])[name], given), root / "submission", "x"
        )
        command = ["bash", root / "source" / "run_autograder"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads((root / "results" / "results.json").read_text("utf8"))

    made = results({})
    assert sum(test["score"] for test in made["tests"]) == automatic(notebook)
    made = results({"cost": "def cost(c, h, w):\n    return h, w, 0"})
    assert sum(test["score"] for test in made["tests"]) == 0
    assert sum(test["max_score"] for test in made["tests"]) == automatic(notebook)
    said = {test["name"]: test["output"] for test in made["tests"]}
    assert said.pop("cost-hidden") == "this check is hidden" and all(said.values())
    (root / "submission" / "x.ipynb").write_text("{}", "utf8")
    command = ["bash", root / "source" / "run_autograder"]
    subprocess.run(command, env=env, capture_output=True, check=True)
    made = json.loads((root / "results" / "results.json").read_text("utf8"))
    assert made["score"] == 0 and made["output"]
    assert own_answers(notebook.cells)
