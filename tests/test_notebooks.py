"""The drift guards, on the real book. nbval itself collects notebooks/ beside this."""

import shutil
import subprocess
from pathlib import Path

import pytest

import guards
from book.book import Book, stale
from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def test_every_chapter_with_code_has_a_notebook(book):
    expected = [book.notebook(chapter) for chapter in book.chapters]
    assert sorted(expected) == NOTEBOOKS and expected


def test_no_notebook_is_older_than_its_code(book):
    assert stale(book) == []


def test_notebooks_equal_a_fresh_export_of_their_chapters(book):
    assert guards.drifted(book) == []


@each_notebook
def test_every_cell_was_run_in_order_and_no_output_is_a_png(notebook):
    assert guards.unrun(notebook) == []


@each_notebook
def test_no_raw_directive_or_role_is_left(notebook):
    assert guards.raw(notebook) == []


@each_notebook
def test_the_setup_cell_installs_from_the_configured_repository(book, notebook):
    assert guards.wrong_setup(book, notebook) == []


def test_every_colab_link_names_a_committed_notebook(book, site):
    command = ["git", "ls-files", "notebooks"]
    committed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert guards.wrong_colab_links(book, site, set(committed.stdout.split())) == []
    assert guards.missing_colab_links(book, site) == []


def test_a_prose_edit_leaves_the_real_notebooks_fresh(tmp_path):
    for name in "_config.yml", "_toc.yml", "chapters", "notebooks", "src":
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    for chapter in Path(tmp_path, "chapters").glob("[0-9]*.md"):
        chapter.write_text(chapter.read_text("utf8").replace("# ", "# Edited: ", 1), "utf8")
    edited = Book(tmp_path)
    assert stale(edited) == []
    assert len(guards.drifted(edited)) == len(NOTEBOOKS)
