"""Every notebook, alone in an empty folder, in the environment that stands for Colab."""

import nbformat

from book.book import read_notebook
from clean import found, run_alone
from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_a_notebook_whose_address_cannot_be_reached_says_so(tmp_path, clean):
    notebook = read_notebook(NOTEBOOKS[0])
    notebook.cells = notebook.cells[:1]  # which installs
    nbformat.write(notebook, tmp_path / "first.ipynb")
    nowhere = clean | {"ARCHIVE": "/nowhere/main.zip"}
    done = run_alone([tmp_path / "first.ipynb"], tmp_path, nowhere)
    assert done.returncode and "'/nowhere/main.zip' looks like a filename" in done.stdout


def test_every_notebook_runs_alone_and_the_first_has_installed_pooling(tmp_path, clean):
    others = found(clean, "pooling", "book", "myst_nb", "jupyter_book", "nbval", "pytest")
    assert set(others.values()) == {None}
    # The setup cell is the same in all: test_notebooks.py
    done = run_alone(NOTEBOOKS, tmp_path, clean)
    assert done.returncode == 0, done.stdout[-5000:]
    assert "site-packages" in found(clean, "pooling")["pooling"]
