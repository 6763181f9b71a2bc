"""What a page says to search engines and link previews, on the tiny book."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

from book.head import Head
from conftest import build_site


def test_where_the_address_is_known_there_are_a_map_and_cards(pages):
    page = (pages / "chapters/01-mean.html").read_text("utf8")
    own = "https://someone.example/tiny/chapters/01-mean.html"
    assert f"<loc>{own}</loc>" in (pages / "sitemap.xml").read_text("utf8")
    assert f'<link rel="canonical" href="{own}"' in page
    assert 'content="https://someone.example/tiny/_static/card.png"' in page
    assert (pages / "_static/card.png").exists()
    assert 'href="https://someone.example/tiny/"' in (pages / "404.html").read_text("utf8")
    assert 'content="Add, then divide' in page  # the short answer


def test_a_formula_that_cannot_be_typeset_and_links_to_nothing_stop_the_build(tiny, edit, tmp_path):
    links = "See [this](#nowhere) and [that](01-mean.md#nowhere)."
    edit("chapters/index.md", "No code.", rf"No $\code$. {links}")
    done = build_site(tiny.root, tmp_path)
    said = done.stdout + done.stderr
    assert done.returncode != 0 and "3 warnings" in said  # each of which is an error
    assert r"WARNING: no formula: \code" in said
    assert len(re.findall("WARNING: .*nowhere", said)) == 2


def test_the_map_of_the_site_is_xml_whatever_a_page_is_called(tiny, tmp_path):
    icons = tmp_path / "_static/vendor/fontawesome/6"
    icons.mkdir(parents=True)
    (icons / "LICENSE.txt").touch()
    app = SimpleNamespace(
        connect=lambda *event: None,
        outdir=tmp_path,
        config=SimpleNamespace(html_baseurl="https://someone.example/"),
        env=SimpleNamespace(found_docs={"this&that"}),
        builder=SimpleNamespace(format="html", get_target_uri=lambda page: f"{page}.html"),
    )
    Head(app, tiny).write_extras(app, None)
    ((place,),) = ElementTree.parse(tmp_path / "sitemap.xml").getroot()
    assert place.text == "https://someone.example/this&that.html"
