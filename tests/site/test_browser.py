"""The eyes that look at the site: a good page passes, and each fault is seen."""

import pytest

from browser import serve

GOOD = """<!doctype html><html lang="en" data-theme="light"><head><title>Good — Book</title>
<link rel="icon" href="data:,"></head><body><article><h1>Good</h1>
<span class="math"><mjx-container>x</mjx-container></span>
<img alt="a dot" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="></article>
</body></html>"""

FAULTS = {
    "console": ("</body>", "<script>console.error('oops')</script></body>", "console says: oops"),
    "exception": (
        "</body>",
        "<script>const a = 1; const a = 2</script></body>",
        "already been",
    ),
    "missing": ("</body>", "<script src='none.js'></script></body>", "a request failed"),
    "foreign": ("</body>", "<img src='http://127.0.0.2:9/x.png'></body>", "another host is asked"),
    "wide": ("</article>", "<div style='width:2000px'>.</div></article>", "wide on a screen of"),
    "theme": ('"light"', '"dark"', "the page is not light"),
    "title": ("Good — Book", "Book", "lacks the heading"),
    "math": ("<mjx-container>x</mjx-container>", "$x$", "1 formulas are not typeset"),
    "math error": ("<mjx-container>", "<mjx-container><mjx-merror/>", "a formula has an error"),
    "no words": ('alt="a dot"', "", "has no words"),
    "contrast": ("</article>", "<p style='color:#aaa'>pale</p></article>", "axe, color-contrast"),
    "no label": ("</article>", "<input type='text'></article>", "axe, label"),
    "empty link": ("</article>", "<a href='page.html'></a></article>", "axe, link-name"),
    "small target": (
        "</article>",
        "<div style='display:flex'><button style='width:9px;padding:0'>a</button>"
        "<button style='width:9px;padding:0'>b</button></div></article>",
        "axe, target-size",
    ),
    "broken image": ("R0lGODlh", "AAAAAAAA", "is not drawn"),
}


@pytest.fixture
def look(visit, tmp_path):
    def problems(html):
        (tmp_path / "page.html").write_text(html, "utf8")
        with serve(tmp_path) as address:
            return visit(address, "page.html").problems()

    return problems


def test_a_good_page_has_no_problem(look):
    assert look(GOOD) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(look, fault):
    old, new, said = FAULTS[fault]
    assert old in GOOD
    assert any(said in problem for problem in look(GOOD.replace(old, new)))


def test_what_the_tab_key_misses_is_seen(visit, tmp_path):
    links = "<a href='a'>one</a><a href='b' tabindex='-1'>two</a><button>three</button>"
    (tmp_path / "page.html").write_text(GOOD.replace("</article>", links + "</article>"), "utf8")
    with serve(tmp_path) as address:
        (missed,) = visit(address, "page.html").beyond_the_keyboard()
    assert "two" in missed
