"""The eyes that look at the site: a good page passes, and each fault is seen."""

import random

import pytest

from browser import Visit, new_tab, serve

GOOD = """<!doctype html><html lang="en"><head><title>Good — Book</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>
  :root { color-scheme: light; --back: #fff } html { background: var(--back) }
  @media (prefers-color-scheme: dark) { :root { color-scheme: dark; --back: #111 } }
</style></head><body><nav></nav><article><h1>Good</h1>
<span class="math"><mjx-container>x</mjx-container></span>
<img alt="a dot" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">
<pre><span class="k">for</span> <span class="k">if</span></pre></article>
</body></html>"""

PALE = "<p class='pale'>pale</p><style>%s .pale { color: #888; background: #777 }%s</style>"

FAULTS = {
    "console": ("</body>", "<script>console.error('oops')</script></body>", "console says: oops"),
    "exception": (
        "</body>",
        "<script>const a = 1; const a = 2</script></body>",
        "already been",
    ),
    "missing": ("</body>", "<script src='none.js'></script></body>", "a request failed"),
    "foreign": ("</body>", "<img src='http://127.0.0.2:9/x.png'></body>", "another host is asked"),
    "wide": ("</article>", "<div style='width:2000px'>.</div></article>", "screen of 1400"),
    "wide on a phone": ("</article>", "<p style='width:600px'>.</p></article>", "screen of 390"),
    "wide unfolded": (
        "</article>",
        "<details><summary>a</summary><p style='width:600px'>.</p></details></article>",
        "screen of 390",
    ),
    "never dark": ("--back: #111", "--back: #eee", "the page is not dark"),
    "never light": ("--back: #fff", "--back: #222", "the page is not light"),
    "title": ("Good — Book", "Book", "lacks the heading"),
    "wide formula": (
        "<mjx-container>",
        "<mjx-container style='display: inline-block; width: 600px'>",
        "a formula is cut off at 390",
    ),
    "raw formula": ("</article>", "<p>$$x$$</p></article>", "a dollar sign is left"),
    "math": ("<mjx-container>x</mjx-container>", "$x$", "1 formulas are not typeset"),
    "math error": ("<mjx-container>", "<mjx-container><mjx-merror/>", "a formula has an error"),
    "no words": ('alt="a dot"', "", "has no words"),
    "contrast": ("</article>", "<p style='color:#aaa'>pale</p></article>", "light, color-contrast"),
    "contrast in the dark": (
        "</article>",
        PALE % ("@media (prefers-color-scheme: dark) {", "}") + "</article>",
        "axe at 1400, dark, color-contrast",
    ),
    "contrast beside the article, on a light wide screen": (
        "<nav>",
        "<nav>" + PALE % ("@media (min-width: 500px) and (prefers-color-scheme: light) {", "}"),
        "axe at 1400, light, color-contrast",
    ),
    "contrast beside the article, on a dark phone": (
        "<nav>",
        "<nav>" + PALE % ("@media (max-width: 500px) and (prefers-color-scheme: dark) {", "}"),
        "axe at 390, dark, color-contrast",
    ),
    "contrast in code": (
        "</article>",
        "<style>.k { color: #999; background: #aaa }</style></article>",
        "axe at 390, light, color-contrast",
    ),
    "no label": ("</article>", "<input type='text'></article>", ", label: "),
    "empty link": ("</article>", "<a href='page.html'></a></article>", ", link-name: "),
    "small target": (
        "</article>",
        "<div style='display:flex'><button style='width:9px;padding:0'>a</button>"
        "<button style='width:9px;padding:0'>b</button></div></article>",
        ", target-size: ",
    ),
    "broken image": ("R0lGODlh", "AAAAAAAA", "is not drawn"),
}


@pytest.fixture(scope="module")
def tab(browser):
    """One for all: each page is opened in the place of the last."""
    tab = new_tab(browser)
    yield tab
    tab.close()


@pytest.fixture
def look(tab, tmp_path):
    def problems(html):
        (tmp_path / "page.html").write_text(html, "utf8")
        with serve(tmp_path) as address:
            return Visit(tab, address, "page.html").problems()

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


def test_the_weight_and_the_foot_are_measured(visit, tmp_path):
    tall = "<script src='a.js'></script><h2 style='margin-top:800px;height:100px'>low</h2>"
    (tmp_path / "page.html").write_text(GOOD.replace("</article>", tall + "</article>"), "utf8")
    (tmp_path / "a.js").write_text(f"/* {random.Random(0).randbytes(50_000).hex()} */")
    with serve(tmp_path) as address:
        opened = visit(address, "page.html")
        assert 50_000 < opened.page.evaluate("eyes.weight()") < 70_000  # packed by the server
        assert opened.foot("h2") > 900
