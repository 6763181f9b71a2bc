"""What a page says to search engines and link previews, on the tiny book."""

from conftest import build_site


def test_where_the_address_is_known_there_are_a_map_and_cards(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://someone.example/tiny")
    done = build_site(tiny.root, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    html = tmp_path / "_build/html"
    page = (html / "chapters/01-mean.html").read_text("utf8")
    own = "https://someone.example/tiny/chapters/01-mean.html"
    assert f"<loc>{own}</loc>" in (html / "sitemap.xml").read_text("utf8")
    assert f'<link rel="canonical" href="{own}"' in page
    assert 'content="https://someone.example/tiny/_static/card.png"' in page
    assert (html / "_static/card.png").exists()
    assert 'href="https://someone.example/tiny/"' in (html / "404.html").read_text("utf8")
    assert 'content="Add, then divide' in page  # the short answer


def test_a_formula_that_cannot_be_typeset_stops_the_build(tiny, edit, tmp_path):
    edit("chapters/index.md", "No code.", r"No $\code$.")
    done = build_site(tiny.root, tmp_path)
    assert done.returncode != 0
    assert r"no formula: \code" in done.stdout + done.stderr


def test_a_link_to_a_place_that_is_not_there_stops_the_build(tiny, edit, tmp_path):
    edit("chapters/index.md", "No code.", "See [this](#nowhere) and [that](01-mean.md#nowhere).")
    done = build_site(tiny.root, tmp_path)
    assert done.returncode != 0
    assert (done.stdout + done.stderr).count("nowhere") >= 2
