"""Chapters to executed notebooks."""

import pytest

from book import export
from book.__main__ import main
from book.book import code_cells, read_notebook


def texts(book):
    return {path.name: path.read_bytes() for path in (book.root / "notebooks").iterdir()}


def never(notebook, name):
    raise AssertionError(f"{name} was executed")


def test_a_second_export_changes_no_byte_and_executes_nothing(tiny, capsys, monkeypatch):
    before = texts(tiny)
    monkeypatch.setattr(export, "execute", never)
    assert main(str(tiny.root)) == 0
    assert capsys.readouterr().out == "01-mean: unchanged\n02-alone: unchanged\n"
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
    assert capsys.readouterr().out == "01-mean: executed\n02-alone: unchanged\n"


def test_an_edit_of_code_executes_that_chapter(tiny, edit, capsys):
    edit("chapters/02-alone.md", "6 * 7", "6 * 8")
    assert main(str(tiny.root)) == 0
    assert capsys.readouterr().out == "01-mean: unchanged\n02-alone: executed\n"
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
    assert set(texts(tiny)) == {"01-mean.ipynb"}


def test_the_setup_cell_is_first_and_installs_from_the_configured_repository(tiny):
    for path in (tiny.root / "notebooks").iterdir():
        first = read_notebook(path).cells[0]
        assert first.metadata.tags == ["setup"]
        assert "--no-deps git+https://github.com/someone/tiny@main" in first.source


def test_another_repository_in_the_configuration_executes_nothing(tiny, edit, monkeypatch):
    edit("_config.yml", "someone/tiny", "fork/tiny")
    monkeypatch.setattr(export, "execute", never)
    assert main(str(tiny.root)) == 0
    assert b"git+https://github.com/fork/tiny@main" in texts(tiny)["01-mean.ipynb"]


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


@pytest.mark.parametrize("name", ["01-mean", "02-alone"])
def test_nothing_of_the_machine_is_in_a_notebook(tiny, name):
    notebook = read_notebook(tiny.root / "notebooks" / f"{name}.ipynb")
    assert notebook.metadata.language_info == {"name": "python"}
    assert set(notebook.metadata) == {"kernelspec", "language_info", "book"}
    assert not any("execution" in cell.metadata for cell in code_cells(notebook))
