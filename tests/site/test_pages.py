"""The built site, opened in a real browser."""

import functools
import http.server
import shutil
import threading
from datetime import date

import pytest

from conftest import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed")

PAGES = sorted(path.stem for path in (ROOT / "chapters").glob("*.md"))
SCREENS = [(1400, "light"), (1400, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture(scope="module")
def address(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    handler = functools.partial(Quiet, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, as in a container.
        flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


class Visit:
    """A page that was opened, and what it said and asked for meanwhile."""

    def __init__(self, browser, url, width, scheme):
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.said, self.asked, self.failed = [], [], []
        self.page.on("console", lambda message: self._note(message))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("response", lambda r: self.failed.append(r.url) if r.status >= 400 else None)
        self.page.goto(url, wait_until="networkidle")

    def _note(self, message):
        if message.type in ("error", "warning") and "favicon" not in message.location["url"]:
            self.said.append(message.text)


@pytest.fixture
def visit(browser, address):
    opened = []

    def open_page(name, width=1400, scheme="light"):
        opened.append(Visit(browser, f"{address}/chapters/{name}.html", width, scheme))
        return opened[-1]

    yield open_page
    for each in opened:
        each.page.close()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(visit, address, name, width, scheme):
    seen = visit(name, width, scheme)
    page = seen.page
    heading = page.locator("h1").first.inner_text().rstrip("#").strip()
    assert heading and heading in page.title()
    assert seen.said == []
    assert [url for url in seen.failed if "favicon" not in url] == []
    foreign = [u for u in seen.asked if not u.startswith((address, "data:"))]
    assert foreign == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.dataset.theme") == scheme


@pytest.mark.parametrize("name", PAGES)
def test_math_is_rendered(visit, name):
    page = visit(name).page
    sources = page.locator(".math").count()
    assert page.locator("mjx-container").count() == sources
    assert page.locator("mjx-merror").count() == 0


@pytest.mark.parametrize("name", PAGES)
def test_figures_are_drawn_and_have_words(visit, name):
    images = visit(name).page.locator("article figure img").all()
    source = (ROOT / "chapters" / f"{name}.md").read_text("utf8")
    assert len(images) == source.count("mystnb:\n  figure:")
    for image in images:
        image.scroll_into_view_if_needed()
        assert image.evaluate("image => image.naturalWidth") > 100
        assert image.get_attribute("alt")
        assert image.locator("xpath=ancestor::figure//figcaption").inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_one_search_box_and_this_year(visit, name):
    page = visit(name).page
    assert page.locator("button.search-button__button:visible").count() <= 1
    assert page.locator(".search-button-field:visible, .bd-search:visible").count() == 1
    assert f"{date.today().year}" in page.locator(".bd-footer-content").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_figure_lies_on_the_page_without_a_box(visit, scheme):
    page = visit("01-average-pooling-as-convolution", 1400, scheme).page
    image = page.locator("article figure img").first
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    inside = {"x": box["x"] + 3, "y": box["y"] + 3, "width": 1, "height": 1}
    outside = inside | {"x": box["x"] - 8}
    assert page.screenshot(clip=inside) == page.screenshot(clip=outside)
