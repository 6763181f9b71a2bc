"""The Sphinx extension, on the tiny book."""

import re

from conftest import build_site


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


def test_stale_chapters_stop_the_build_by_name(tiny, edit, tmp_path):
    edit("chapters/02-alone.md", "6 * 7", "6 * 8")
    edit("src/pooling/__init__.py", "/ len(x)", "/ len(x) + 1")
    done = build_site(tiny.root, tmp_path)
    assert done.returncode != 0
    for name in "01-mean", "02-alone":
        assert f"{name} or code it imports changed" in done.stdout + done.stderr
    assert "make notebooks" in done.stdout + done.stderr


def test_a_notebook_that_changed_alone_is_read_again_and_nothing_is_executed(tiny, edit, tmp_path):
    assert build_site(tiny.root, tmp_path).returncode == 0
    # No run of the code can give this number: it can only come from the notebook.
    edit("notebooks/01-mean.ipynb", '"3.0"', '"31415"')
    done = build_site(tiny.root, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "_build/html/chapters/01-mean.html").read_text("utf8")
    assert "31415" in page and "pip install" not in page


def test_no_script_holds_up_a_page(pages):
    page = (pages / "chapters/01-mean.html").read_text("utf8")
    scripts = re.findall(r"<script [^>]*src=[^>]*>", page)
    # The theme sets one of its options while the page is read.
    held = [script for script in scripts if "defer" not in script]
    assert len(scripts) > 3 and all("documentation_options" in script for script in held)
