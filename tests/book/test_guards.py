"""Every guard passes on the tiny book, and fails on the fault it is there for."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

import guards
from book.__main__ import main
from book.book import stale


@pytest.fixture
def notebook(tiny):
    return tiny.root / "notebooks" / "01-mean.ipynb"


@pytest.fixture
def change(notebook):
    """Edit the notebook's JSON."""

    def apply(edit):
        content = json.loads(notebook.read_text("utf8"))
        edit(content["cells"])
        notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf8")

    return apply


def code(cells, holding):
    return next(c for c in cells if c["cell_type"] == "code" and holding in "".join(c["source"]))


def test_a_finished_book_passes_every_guard(tiny, notebook):
    assert stale(tiny) == guards.drifted(tiny) == guards.unrun(notebook) == []
    assert guards.raw(notebook) == guards.wrong_setup(tiny, notebook) == []


# What nbval notices itself, and what it does not


def nothing(cells):
    pass


def a_changed_number(cells):
    code(cells, "[1, 2, 6]")["outputs"][0]["data"]["text/plain"] = "4.0"


def a_moved_point_of_a_figure(cells):
    data = code(cells, "plt.plot")["outputs"][0]["data"]
    at = next(i for i, line in enumerate(data["image/svg+xml"]) if line.startswith("L "))
    _, x, y = data["image/svg+xml"][at].split()
    data["image/svg+xml"][at] = f"L {x} {float(y) + 1:.6f} \n"


def deleted_outputs(cells):
    code(cells, "[1, 2, 6]")["outputs"] = []


def a_cell_never_run(cells):
    code(cells, "[1, 2, 6]").update(execution_count=None, outputs=[])


EDITS = [nothing, a_changed_number, a_moved_point_of_a_figure, deleted_outputs, a_cell_never_run]


@pytest.fixture(scope="module")
def nbval(finished, tmp_path_factory) -> dict[str, set[str]]:
    """What one run of nbval says of every edit of the tiny notebook."""
    folder = tmp_path_factory.mktemp("nbval")
    edits = {edit.__name__: edit for edit in EDITS} | {"a_changed_pooling": nothing}
    for name, edit in edits.items():
        shutil.copytree(finished / "src", folder / name)  # a kernel imports what lies beside it
        content = json.loads((finished / "notebooks" / "01-mean.ipynb").read_text("utf8"))
        edit(content["cells"])
        (folder / name / "x.ipynb").write_text(json.dumps(content), "utf8")
    with (folder / "a_changed_pooling/pooling/__init__.py").open("a") as module:
        module.write("\n\ndef mean(x):\n    return sum(x) / len(x) + 1\n")
    command = [sys.executable, "-m", "pytest", "--nbval", "-rA", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-c", "/dev/null", folder],
        env=os.environ | {"PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    said: dict[str, set[str]] = {}
    for outcome, name in re.findall(r"^(PASSED|FAILED) \S*?(\w+)/x\.ipynb::", done.stdout, re.M):
        said.setdefault(name, set()).add(outcome)
    return said


def test_nbval_passes_what_is_as_it_was(nbval):
    assert nbval["nothing"] == {"PASSED"}


@pytest.mark.parametrize(
    "fault",
    ["a_changed_number", "a_moved_point_of_a_figure", "deleted_outputs", "a_changed_pooling"],
)
def test_nbval_fails_on(nbval, fault):
    assert "FAILED" in nbval[fault]


def test_a_cell_never_run_is_noticed(notebook, change, nbval):
    change(a_cell_never_run)
    assert "[1, None, 3]" in guards.unrun(notebook)[0]
    assert nbval["a_cell_never_run"] == {"PASSED"}, "nbval notices itself now: the guard can go"


# The guards


def test_a_changed_pooling_makes_exactly_its_chapters_stale(tiny, edit):
    edit("src/pooling/__init__.py", "/ len(x)", "/ len(x) + 1")
    (problem,) = stale(tiny)
    assert problem.startswith("01-mean") and "make notebooks" in problem


@pytest.mark.parametrize("name", ["timings.json", "movable/duel.js"])
def test_a_data_file_or_a_script_of_pooling_counts_as_its_code(tiny, name):
    path = tiny.src / "pooling" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    assert [problem[:7] for problem in stale(tiny)] == ["01-mean"]


def test_a_changed_line_of_code_is_stale(tiny, edit):
    edit("chapters/02-alone.md", "6 * 7", "6 * 8")
    assert [problem[:8] for problem in stale(tiny)] == ["02-alone"]


def test_a_chapter_without_a_notebook_is_stale_and_drifted(tiny, notebook):
    notebook.unlink()
    assert [problem[:7] for problem in stale(tiny)] == ["01-mean"]
    assert [problem[:7] for problem in guards.drifted(tiny)] == ["01-mean"]


def test_a_changed_line_of_prose_is_drift(tiny, edit):
    edit("chapters/02-alone.md", "See [", "Read [")
    assert stale(tiny) == []
    assert [problem[:8] for problem in guards.drifted(tiny)] == ["02-alone"]


def test_a_notebook_edited_by_hand_is_drift(tiny, change):
    change(lambda cells: cells[1].update(source=["# Median"]))
    assert [problem[:7] for problem in guards.drifted(tiny)] == ["01-mean"]


def test_a_notebook_without_a_chapter_is_drift(tiny):
    (tiny.root / "chapters" / "02-alone.md").unlink()
    assert [problem[:8] for problem in guards.drifted(tiny)] == ["02-alone"]


def test_cells_run_out_of_order_are_noticed(notebook, change):
    change(lambda cells: code(cells, "[1, 2, 6]").update(execution_count=7))
    assert "[1, 7, 3]" in guards.unrun(notebook)[0]


def test_a_notebook_with_no_output_at_all_is_noticed(notebook, change):
    change(lambda cells: [c.update(outputs=[]) for c in cells if c["cell_type"] == "code"])
    assert guards.unrun(notebook)[0] == "01-mean: no cell has an output"


def test_a_png_is_noticed(notebook, change):
    change(
        lambda cells: code(cells, "plt.plot")["outputs"][0]["data"].update({"image/png": "iVBO"})
    )
    assert "a PNG output" in guards.unrun(notebook)[0]


def test_a_missing_figure_is_noticed(notebook, change):
    change(lambda cells: code(cells, "plt.plot").update(outputs=[]))
    (problem,) = guards.unrun(notebook)
    assert "a caption and no figure:" in problem and "plt.plot" in problem


def test_a_stored_error_is_noticed(notebook, change):
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
    change(lambda cells: code(cells, "[1, 2, 6]").update(outputs=[error]))
    assert "raised ValueError" in guards.unrun(notebook)[0]


@pytest.mark.parametrize(
    "text",
    ["```{note}\nx\n```", ":::{note}\nx\n:::", "See {doc}`x`.", "(here)=\n# Head"],
)
def test_raw_syntax_is_noticed(notebook, change, text):
    change(lambda cells: cells[1].update(source=[text]))
    assert guards.raw(notebook)[0].startswith("01-mean: raw ")


def test_a_setup_cell_of_another_repository_is_noticed(tiny, notebook, edit):
    edit("notebooks/01-mean.ipynb", "github.com/someone/tiny", "github.com/else/where")
    assert (
        "must install from https://github.com/someone/tiny" in guards.wrong_setup(tiny, notebook)[0]
    )


def test_a_second_install_is_noticed(tiny, notebook, change):
    change(lambda cells: code(cells, "[1, 2, 6]").update(source=["%pip install pooling"]))
    assert guards.wrong_setup(tiny, notebook)


def test_a_missing_setup_cell_is_noticed(tiny, notebook, change):
    change(lambda cells: cells.pop(0))
    assert guards.wrong_setup(tiny, notebook)


def page(folder, name, link):
    path = folder / "chapters" / f"{name}.html"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'<a href="{link}">Colab</a>', "utf8")


def test_a_colab_link_must_name_a_committed_notebook_of_this_repository(tiny, tmp_path):
    base = "https://colab.research.google.com/github/someone/tiny/blob/main/"
    committed = {f"notebooks/{path.stem}.ipynb" for path in tiny.chapters}
    page(tmp_path, "01-in-depth", base + "notebooks/01-in-depth.ipynb")
    page(tmp_path, "01-mean", base + "notebooks/01-mean.ipynb")
    page(tmp_path, "02-alone", base + "notebooks/02-alone.ipynb")
    assert guards.wrong_colab_links(tiny, tmp_path, committed) == []
    assert guards.missing_colab_links(tiny, tmp_path) == []

    page(tmp_path, "02-alone", base + "chapters/02-alone.md")
    assert len(guards.wrong_colab_links(tiny, tmp_path, committed)) == 1
    assert len(guards.missing_colab_links(tiny, tmp_path)) == 1
    page(tmp_path, "02-alone", base.replace("someone", "other") + "notebooks/02-alone.ipynb")
    assert len(guards.wrong_colab_links(tiny, tmp_path, committed)) == 1


def test_mending_mends(tiny, edit):
    edit("src/pooling/__init__.py", "/ len(x)", "/ len(x) + 1")
    edit("chapters/02-alone.md", "See [", "Read [")
    assert guards.drifted(tiny)
    assert main(str(tiny.root)) == 0
    assert stale(tiny) == guards.drifted(tiny) == []
