"""The Sphinx extension, on the tiny book."""

import shutil

import pytest

from conftest import build_site


@pytest.fixture(scope="module")
def pages(finished, tmp_path_factory):
    out = tmp_path_factory.mktemp("pages")
    done = build_site(finished, out)
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "_build" / "html"


def test_a_page_shows_the_notebooks_outputs_and_executes_nothing(tiny, tmp_path, edit):
    # No run of the code can give this number: it can only come from the notebook.
    edit("notebooks/01-mean.ipynb", '"3.0"', '"31415"')
    done = build_site(tiny.root, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "_build/html/chapters/01-mean.html").read_text("utf8")
    assert "31415" in page and "pip install" not in page


def test_a_figure_has_its_caption_and_its_words(pages):
    page = (pages / "chapters/01-mean.html").read_text("utf8")
    assert "The mean grows." in page and 'alt="A rising line."' in page and ".svg" in page
    assert "Fig. 1" not in page  # the notebook has no numbers


def test_a_page_opens_its_notebook_in_colab(pages):
    page = (pages / "chapters/01-mean.html").read_text("utf8")
    address = "https://colab.research.google.com/github/someone/tiny/blob/main/notebooks/"
    assert f'href="{address}01-mean.ipynb"' in page
    assert "colab.research" not in (pages / "chapters/index.html").read_text("utf8")


def test_the_download_is_the_committed_notebook(pages, finished):
    downloaded = pages / "_sources/notebooks/01-mean.ipynb"
    assert downloaded.read_bytes() == (finished / "notebooks/01-mean.ipynb").read_bytes()
    page = (pages / "chapters/01-mean.html").read_text("utf8")
    assert 'href="../_sources/notebooks/01-mean.ipynb"' in page


@pytest.mark.parametrize(
    ("name", "old", "new", "chapter"),
    [
        ("chapters/02-alone.md", "6 * 7", "6 * 8", "02-alone"),
        ("src/pooling/__init__.py", "/ len(x)", "/ len(x) + 1", "01-mean"),
    ],
)
def test_a_stale_chapter_stops_the_build_by_name(tiny, edit, tmp_path, name, old, new, chapter):
    edit(name, old, new)
    done = build_site(tiny.root, tmp_path)
    assert done.returncode != 0
    assert chapter in done.stdout + done.stderr and "make notebooks" in done.stdout + done.stderr


def test_a_notebook_that_changed_alone_is_read_again(tiny, edit, tmp_path):
    assert build_site(tiny.root, tmp_path).returncode == 0
    edit("notebooks/01-mean.ipynb", '"3.0"', '"31415"')
    assert build_site(tiny.root, tmp_path).returncode == 0
    assert "31415" in (tmp_path / "_build/html/chapters/01-mean.html").read_text("utf8")
    shutil.rmtree(tmp_path / "_build")
