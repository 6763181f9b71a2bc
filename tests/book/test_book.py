"""Pages, notebooks and addresses, on the tiny book."""

import pytest

from book.book import Book, BookError


@pytest.mark.parametrize("end", ["", "/", ".git", ".git/"])
def test_the_address_is_read_as_people_write_it(tiny, edit, end):
    edit("_config.yml", "https://github.com/someone/tiny", f"https://github.com/someone/tiny{end}")
    assert Book(tiny.root).url == "https://github.com/someone/tiny"


@pytest.mark.parametrize(
    "address",
    [
        "https://gitlab.com/someone/tiny",
        "git@github.com:someone/tiny",
        "https://github.com/someone",
    ],
)
def test_an_address_that_colab_could_not_open_is_refused(tiny, edit, address):
    edit("_config.yml", "https://github.com/someone/tiny", f"'{address}'")
    with pytest.raises(BookError, match="it has to be https"):
        _ = Book(tiny.root).url


def test_a_page_that_no_contents_name_is_an_error(tiny):
    page = tiny.root / "chapters/03-lost.md"
    page.write_text((tiny.root / "chapters/02-alone.md").read_text("utf8"), "utf8")
    with pytest.raises(BookError, match=r"chapters/03-lost\.md is not in _toc\.yml"):
        _ = Book(tiny.root).chapters


def test_pages_in_depth_come_behind_the_chapters(tiny):
    assert [path.stem for path in tiny.chapters] == ["01-mean", "02-alone", "01-in-depth"]
    assert list(tiny.pages)[-2:] == ["chapters/glossary", "chapters/01-in-depth"]
    assert tiny.pages["chapters/01-in-depth"] == "1 in depth"
