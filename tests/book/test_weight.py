"""What a built site ships, on the tiny book: little, whole, and licensed."""

import time

import pytest
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from book import weight
from conftest import build_site, start_build


def snapshot(site) -> dict[str, bytes]:
    """What a reader may be sent; the search's index names its words in no fixed order."""
    kinds = (".html", ".css", ".js", ".woff", ".txt", ".svg")
    files = [path for path in site.rglob("*") if path.suffix in kinds]
    return {str(f.relative_to(site)): f.read_bytes() for f in files if f.name != "searchindex.js"}


def test_icons_in_use_are_drawn_and_the_rest_is_not_sent(pages):
    page = (pages / "chapters/01-mean.html").read_text("utf8")
    icons = (pages / "_static/icons.css").read_text("utf8")
    assert "fa-rocket" in page and ".fa-rocket::before" in icons and ".fa-bell" not in icons
    assert "fontawesome" not in page
    assert 5_000 < len(icons) < 20_000


def test_no_script_holds_up_a_page_and_a_figure_has_its_place(pages):
    page = (pages / "chapters/01-mean.html").read_text("utf8")
    scripts = [line for line in page.split("\n") if "<script" in line and " src=" in line]
    assert [line for line in scripts if " defer" not in line and "options.js" not in line] == []
    assert '<img loading="lazy" width="186" height="116" alt="A rising line."' in page


def test_a_theme_without_the_icons_stops_the_build(pages, tmp_path):
    class App:
        outdir = tmp_path

        class builder:
            format = "html"

    (tmp_path / "_static/vendor").mkdir(parents=True)
    with pytest.raises(ExtensionError, match="has no Font Awesome in"):
        weight.write_icons(App, None)


def test_a_font_keeps_the_characters_asked_for(pages, tmp_path):
    font = next(pages.glob("_static/vendor/fontawesome/*/webfonts/fa-solid-900.ttf"))
    cut = tmp_path / "cut.woff"
    for asked, kept in ({0xF135, 0x4E00}, [0xF135]), ({0x4E00}, [min(TTFont(font).getBestCmap())]):
        cut.write_bytes(weight.cut(font, asked))
        assert list(TTFont(cut).getBestCmap()) == kept


def test_licences_of_all_that_the_site_ships_are_linked_from_every_page(pages):
    text = (pages / "licences.txt").read_text("utf8")
    for words in (
        "Bootstrap",
        "Chris Holdgraf",
        "Sphinx",
        "Font Awesome Free License",
        "MathJax",
    ):
        assert words in text
    assert text.count("Permission is hereby granted") >= 4 and "Apache License" in text
    assert 'href="../licences.txt"' in (pages / "chapters/01-mean.html").read_text("utf8")
    assert 'href="licences.txt"' in (pages / "search.html").read_text("utf8")


def test_the_pdf_is_linked_where_the_site_is_published(pages, plain):
    link, page = 'href="../pooling-executed.pdf"', "chapters/02-alone.html"
    assert link in (pages / page).read_text("utf8")
    assert link not in (plain / page).read_text("utf8")


def test_a_build_that_was_killed_is_mended(plain, tiny, tmp_path):
    # Killed once the first page is there, before the icons and fonts are.
    building = start_build(tiny.root, tmp_path)
    first = tmp_path / "_build/html/chapters/01-mean.html"
    while not first.exists():
        assert building.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    building.kill()
    building.communicate()
    assert build_site(tiny.root, tmp_path).returncode == 0
    assert snapshot(tmp_path / "_build/html") == snapshot(plain)


def test_two_builds_at_once_take_turns_and_the_second_changes_nothing(plain, tiny, tmp_path):
    builds = [start_build(tiny.root, tmp_path) for _ in range(2)]
    said = [building.communicate() for building in builds]
    assert [building.returncode for building in builds] == [0, 0], said
    assert snapshot(tmp_path / "_build/html") == snapshot(plain)
