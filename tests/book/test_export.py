"""Chapters to executed notebooks."""

import os
import subprocess
import sys

import pytest

from book import export
from book.__main__ import main
from book.book import code_cells, read_notebook, stale


def texts(book):
    return {path.name: path.read_bytes() for path in (book.root / "notebooks").iterdir()}


def never(notebook, name):
    raise AssertionError(f"{name} was executed")


def test_a_second_export_changes_no_byte_and_executes_nothing(tiny, capsys, monkeypatch):
    before = texts(tiny)
    monkeypatch.setattr(export, "execute", never)
    assert main(str(tiny.root)) == 0
    assert capsys.readouterr().out == (
        "01-mean: unchanged\n02-alone: unchanged\n01-in-depth: unchanged\n"
    )
    assert texts(tiny) == before


def test_executing_again_from_nothing_gives_the_same_bytes(tiny):
    before = texts(tiny)
    for path in (tiny.root / "notebooks").iterdir():
        path.unlink()
    assert main(str(tiny.root)) == 0
    assert texts(tiny) == before


def test_an_edit_of_prose_executes_nothing(tiny, edit, capsys, monkeypatch):
    edit("chapters/01-mean.md", "Add, then divide", "Sum, then divide")
    edit("chapters/01-mean.md", "The mean grows.", "The mean rises.")
    monkeypatch.setattr(export, "execute", never)
    assert main(str(tiny.root)) == 0
    assert "01-mean: prose updated" in capsys.readouterr().out
    assert b"Sum, then divide" in texts(tiny)["01-mean.ipynb"]


def test_an_edit_of_pooling_executes_the_chapters_that_import_it(tiny, edit, capsys):
    edit("src/pooling/__init__.py", "/ len(x)", "/ len(x) + 1")
    assert main(str(tiny.root)) == 0
    assert capsys.readouterr().out == (
        "01-mean: executed\n02-alone: unchanged\n01-in-depth: unchanged\n"
    )


def test_an_edit_of_code_executes_that_chapter(tiny, edit, capsys):
    edit("chapters/02-alone.md", "6 * 7", "6 * 8")
    assert main(str(tiny.root)) == 0
    assert capsys.readouterr().out == (
        "01-mean: unchanged\n02-alone: executed\n01-in-depth: unchanged\n"
    )
    assert b'"48\\n"' in texts(tiny)["02-alone.ipynb"]


def test_a_cell_that_raises_stops_the_export_and_leaves_the_notebook(tiny, edit, capsys):
    before = texts(tiny)
    edit("chapters/02-alone.md", "6 * 7", "6 / 0")
    assert main(str(tiny.root)) == 1
    said = capsys.readouterr().err
    for piece in "02-alone", "ZeroDivisionError: division by zero", "print(6 / 0)":
        assert piece in said
    assert texts(tiny) == before


def test_unknown_syntax_stops_the_export_with_chapter_and_line(tiny, edit, capsys):
    edit("chapters/02-alone.md", "See [", "{doc}`x` [")
    assert main(str(tiny.root)) == 1
    assert "02-alone.md, the cell from line 6 on: role {doc}" in capsys.readouterr().err


def test_a_notebook_without_a_chapter_is_removed(tiny, capsys):
    (tiny.root / "chapters/02-alone.md").unlink()
    assert main(str(tiny.root)) == 0
    assert "02-alone: removed" in capsys.readouterr().out
    assert set(texts(tiny)) == {"01-mean.ipynb", "01-in-depth.ipynb"}


def test_the_setup_cell_comes_first_where_a_notebook_needs_the_book(tiny):
    first, alone = (
        read_notebook(tiny.notebooks / f"{name}.ipynb").cells[0] for name in ("01-mean", "02-alone")
    )
    assert first.metadata.tags == ["setup"] and alone.cell_type == "markdown"
    assert "from pooling import mean" in first.source
    assert '"https://github.com/someone/tiny/archive/main.zip"' in first.source
    assert len(first.source.split("\n")) <= 15


def test_the_setup_cell_imports_what_the_code_takes_from_the_book(tiny):
    code = "%matplotlib inline\nimport pooling\nfrom lesson import plots\npooling.b(pooling.a.c)"
    setup = export.setup_cell(tiny, code + "\nfrom lesson import timings\nother.pooling.d")
    assert "try:\n    from lesson import plots, timings; from pooling import a, b\nexcept" in setup
    assert export.setup_cell(tiny, "import torch") is None


# What pip does is tried in test_colab.py; here is what the cell makes of it.


def run_setup(tiny, folder, before: str, **variables) -> str:
    """The last line that a fresh Python says after a setup cell, run beside a folder's files."""
    setup = export.setup_cell(tiny, "import pooling\npooling.max_pool_network")
    (folder / "cell.py").write_text(
        f"import sys\n{before}\n{setup}\nprint('done', sys.modules['pooling'].__file__)\n"
    )
    done = subprocess.run(
        [sys.executable, "cell.py"],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


INSTALLS = """
import site, subprocess
class run:
    returncode = 0
    def __init__(self, command, **options): open("asked", "w").write(" ".join(command))
subprocess.run, site.getusersitepackages = run, lambda: "user-site"
"""


@pytest.fixture
def user_site(tmp_path):
    (tmp_path / "user-site").mkdir()
    (tmp_path / "user-site" / "pooling.py").write_text("max_pool_network = 1\n")
    return tmp_path


BARE = "import sys\nsys.path[1:] = [p for p in sys.path[1:] if not p.endswith('src')]\n"


def test_the_setup_cell_finds_what_pip_put_into_the_user_site(tiny, user_site):
    said = run_setup(tiny, user_site, BARE + INSTALLS)
    assert said == f"done {user_site}/user-site/pooling.py\n"


def test_a_learners_own_pooling_is_named_as_the_cause(tiny, user_site):
    (user_site / "pooling.py").write_text("mine = 1\n")
    said = run_setup(tiny, user_site, BARE + INSTALLS)
    assert "ImportError" in said and f"({user_site}/pooling.py)" in said
    assert "from pooling import max_pool_network" in said
    assert (
        "--no-deps --force-reinstall https://github.com/someone/tiny/archive/main.zip"
        in (user_site / "asked").read_text()
    )


def test_what_pip_says_is_told_when_it_fails(tiny, tmp_path):
    offline = {"PIP_PROXY": "http://127.0.0.1:9", "PIP_RETRIES": "0"}
    said = run_setup(tiny, tmp_path, BARE, **offline)
    assert "ImportError: " in said and "archive/main.zip failed:" in said
    assert "No module named 'pooling'" not in said and "ERROR: " in said


def test_a_python_without_pip_says_so(tiny, tmp_path):
    (tmp_path / "pip.py").write_text("raise SystemExit('there is no pip here')\n")
    said = run_setup(tiny, tmp_path, BARE, PYTHONPATH=str(tmp_path))
    assert "there is no pip here" in said and "No module named 'pooling'" not in said


def test_another_repository_in_the_configuration_executes_nothing(tiny, edit, monkeypatch):
    edit("_config.yml", "someone/tiny", "fork/tiny")
    monkeypatch.setattr(export, "execute", never)
    assert main(str(tiny.root)) == 0
    assert b"https://github.com/fork/tiny/archive/main.zip" in texts(tiny)["01-mean.ipynb"]


# A user's own settings, each of which would change an output.
LEAKS = {
    "MPLBACKEND": "agg",
    "PYTHONOPTIMIZE": "1",
    "PYTHONWARNINGS": "error",
    "LC_ALL": "C",
    "LANGUAGE": "de",
}


def test_nothing_of_a_users_settings_gets_into_a_notebook(tiny, tmp_path, monkeypatch):
    before = texts(tiny)
    for name, value in LEAKS.items():
        monkeypatch.setenv(name, value)
    for name in "MATPLOTLIBRC", "IPYTHONDIR":
        monkeypatch.setenv(name, str(tmp_path / name))
    (tmp_path / "MATPLOTLIBRC").write_text("lines.linewidth: 9\n")
    startup = tmp_path / "IPYTHONDIR/profile_default/startup/one.py"
    startup.parent.mkdir(parents=True)
    startup.write_text("print('from a startup file')\nsum = max\n")
    for path in tiny.notebooks.iterdir():
        path.unlink()
    assert main(str(tiny.root)) == 0
    assert texts(tiny) == before


def test_a_caption_without_a_figure_stops_the_export(tiny, edit, capsys):
    before = texts(tiny)
    edit("chapters/01-mean.md", "_ = plt.figure(figsize=(2, 1))", "plt.switch_backend('agg')")
    assert main(str(tiny.root)) == 1
    assert "01-mean.md: this cell has a caption and shows no figure" in capsys.readouterr().err
    assert texts(tiny) == before


def test_a_page_in_depth_is_exported_like_a_chapter(tiny):
    cells = read_notebook(tiny.notebooks / "01-in-depth.ipynb").cells
    assert "A window of [the mean](https://colab." in cells[0].source
    assert "by the theorem." in cells[0].source
    assert "> **Theorem (All alike).**\n>\n> - One\n> - Two" in cells[0].source


def test_tags_and_cell_metadata_are_kept_and_a_caption_follows_its_figure(tiny):
    cells = read_notebook(tiny.root / "notebooks" / "01-mean.ipynb").cells
    at = next(i for i, cell in enumerate(cells) if cell.metadata.get("tags") == ["hide-input"])
    assert cells[at].metadata.mystnb.image.alt == "A rising line."
    assert cells[at + 1].source == "**Figure.** The mean grows."


def test_an_edit_changes_the_id_of_its_own_cell_alone(tiny, edit):
    path = tiny.root / "notebooks" / "01-mean.ipynb"
    before = [cell.id for cell in read_notebook(path).cells]
    edit("chapters/01-mean.md", "Add, then divide", "Sum, then divide")
    export.update(tiny, tiny.root / "chapters" / "01-mean.md")
    after = [cell.id for cell in read_notebook(path).cells]
    assert [a == b for a, b in zip(before, after, strict=True)].count(False) == 1


def test_cells_with_the_same_text_get_different_ids(tiny, edit):
    again = "```{code-cell} ipython3\nprint(6 * 7)\n```\n"
    edit("chapters/02-alone.md", again, again + "\n" + again)
    notebook = export.export(tiny, tiny.root / "chapters" / "02-alone.md")
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@pytest.mark.parametrize("name", ["01-mean", "02-alone", "01-in-depth"])
def test_nothing_of_the_machine_is_in_a_notebook(tiny, name):
    notebook = read_notebook(tiny.root / "notebooks" / f"{name}.ipynb")
    assert notebook.metadata.language_info == {"name": "python"}
    assert set(notebook.metadata) == {"kernelspec", "language_info", "book"}
    assert not any("execution" in cell.metadata for cell in code_cells(notebook))


def test_a_cell_that_was_not_run_is_run_though_the_code_is_the_same(tiny, capsys):
    notebook = tiny.notebooks / "02-alone.ipynb"
    before = notebook.read_bytes()
    notebook.write_bytes(before.replace(b'"execution_count": 1', b'"execution_count": null'))
    assert notebook.read_bytes() != before and main(str(tiny.root)) == 0
    assert (
        capsys.readouterr().out
        == "01-mean: unchanged\n02-alone: executed\n01-in-depth: unchanged\n"
    )
    assert notebook.read_bytes() == before


def test_line_ends_make_no_notebook_stale(tiny):
    for module in tiny.src.rglob("*.py"):
        module.write_bytes(module.read_bytes().replace(b"\n", b"\r\n"))
    assert stale(tiny) == []


def test_a_page_that_could_hold_code_and_holds_none_has_no_notebook(tiny, edit):
    edit("chapters/02-alone.md", "```{code-cell} ipython3\nprint(6 * 7)\n```\n", "")
    assert [path.stem for path in tiny.chapters] == ["01-mean", "01-in-depth"]
