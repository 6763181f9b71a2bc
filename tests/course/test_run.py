"""What students can break: their own notebook and nothing else."""

import json
import os

import pytest

from book.book import Book
from conftest import ROOT
from course.__main__ import main
from course.write import notebooks, write
from exercises import BIN, automatic, fill, gradebook, nbgrader_of, own_answers, put, read

CLASS = {
    "ends": "import os\nos._exit(1)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "floods": "while True:\n    print('flood ' * 1000)",
    "rebinds": "def compare(*a, **k): pass\ndef run(*a, **k): return 0\nrun.x = compare",
    "imports": "from d2l import torch as d2l\nimport torchvision, pandas as pd\n",
    "looks around": """
import json, os, pathlib, subprocess, sys
pip = subprocess.run([sys.executable, "-m", "pip", "list"], capture_output=True)
here = pathlib.Path.cwd()
print(json.dumps([str(here), pip.returncode, [p.name for q in here.parents for p in q.glob("*")]]))
""",
}

DEADLY = "ends", "crashes", "floods"


@pytest.fixture(scope="module")
def graded(quick_kernels, tmp_path_factory):
    """A course with chapters 4, answered so, and 6, answered rightly by those who break 4."""
    course = tmp_path_factory.mktemp("run")
    made = notebooks(Book(ROOT), ["4", "6"])
    write(course, "week1", made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
        api = nbgrader_of(course, timeout=2)
        assert api.generate_assignment("week1")["success"]
        four, six = (own_answers(notebook.cells) for notebook in made.values())
        four_name, six_name = made
        for who, code in CLASS.items():
            answer = code + four["cost"] if who == "imports" else code
            work = {four_name: {"cost": answer}} | ({six_name: six} if who in DEADLY else {})
            for name, given in work.items():
                blank = read(course / "release" / "week1" / f"{name}.ipynb")
                put(fill(blank, given), course / "submitted" / who / "week1", name)
            done = api.autograde("week1", who)
            assert done["success"], done["log"]
    return course, made


def result(graded, who, chapter):
    course, made = graded
    name = next(name for name in made if name.startswith(chapter))
    checks = {cell.metadata.nbgrader.grade_id for cell in made[name].cells if cell.metadata}
    scores = gradebook(course, "week1")[who]
    earned = sum(scores[check] or 0 for check in checks & scores.keys())
    notebook = read(course / "autograded" / who / "week1" / f"{name}.ipynb")
    return earned, automatic(made[name]), notebook


@pytest.mark.parametrize("who", DEADLY)
def test_the_other_notebook_keeps_its_points(graded, who):
    earned, most, notebook = result(graded, who, "06")
    assert earned == most > 0 and notebook.metadata.look == []


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("ends", "it stopped"),
        ("crashes", "it stopped"),
        ("floods", None),
        ("rebinds", "it sets compare"),
        ("looks around", "it uses pathlib"),
    ],
)
def test_what_is_broken_earns_nothing_and_is_listed(graded, who, said):
    earned, _, notebook = result(graded, who, "04")
    assert earned == 0
    assert said is None or any(reason.startswith(said) for reason in notebook.metadata.look)


def test_a_flood_is_cut_off(graded):
    size = len(json.dumps(result(graded, "floods", "04")[2]))
    assert size < 1_000_000


@pytest.mark.parametrize("file", ["", "/nowhere.zip", __file__])
def test_what_is_no_archive_is_refused(graded, monkeypatch, capsys, file):
    for name, value in {"FOLDER": str(graded[0]), "NAME": "week1", "FROM": file}.items():
        monkeypatch.setenv(f"COURSE_{name}", value)
    assert main("collect") == 1
    assert f"FROM={file}: give the LMS's zip archive" in capsys.readouterr().err


def test_what_colab_has_can_be_imported(graded):
    earned, most, _ = result(graded, "imports", "04")
    assert earned == most


def test_the_kernel_runs_away_from_source_and_grade_book_without_pip(graded):
    (cell,) = [c for c in result(graded, "looks around", "04")[2].cells if "pathlib" in c.source]
    here, pip, around = json.loads(cell.outputs[0].text)
    assert pip != 0
    assert not {"source", "release", "gradebook.db"} & set(around)
    assert not str(graded[0]).startswith(here) and not os.path.exists(here)
