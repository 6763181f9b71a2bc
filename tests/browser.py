"""Open pages in a real browser and say what is wrong with them."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
STANDARD = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},  # the one of 2.2, off unless asked for
    "resultTypes": ["violations"],
}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM = CHROMIUM or shutil.which("google-chrome")


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; gives its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def chromium() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, as in a container.
        flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


class Visit:
    """A page that was opened, and what it said and asked for meanwhile."""

    def __init__(self, browser, address: str, path: str, width: int, scheme: str):
        self.address, self.width, self.scheme = address, width, scheme
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.said, self.asked, self.failed = [], [], []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.failed.append(request.url))
        self.page.on("response", lambda r: self.failed.append(r.url) if r.status >= 400 else None)
        self.page.goto(f"{address}/{path}", wait_until="load")
        self.page.wait_for_function("document.fonts.status === 'loaded'")

    def _listen(self, message) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)

    def problems(self) -> list[str]:
        """What no page may have, whatever it is about."""
        found = [f"the console says: {text}" for text in self.said]
        found += [f"a request failed: {url}" for url in self.failed]
        own = (self.address, "data:")
        found += [f"another host is asked: {u}" for u in self.asked if not u.startswith(own)]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > self.width:
            found.append(f"the page is {wide} pixels wide on a screen of {self.width}")
        if self.page.evaluate("document.documentElement.dataset.theme") != self.scheme:
            found.append(f"the page is not {self.scheme}")
        heading = self.page.locator("h1").first.inner_text().rstrip("#").strip()
        if not heading or heading not in self.page.title():
            found.append(f"the title {self.page.title()!r} lacks the heading {heading!r}")
        if unset := self.page.locator(".math:not(:has(mjx-container))").count():
            found.append(f"{unset} formulas are not typeset")
        if self.page.locator("mjx-merror, [data-mjx-error]").count():
            found.append("a formula has an error")
        for image in self.page.locator("article img").all():
            image.scroll_into_view_if_needed()
            name = image.get_attribute("src")
            if not image.evaluate("image => image.complete && image.naturalWidth"):
                found.append(f"the image {name} is not drawn")
            if not image.get_attribute("alt"):
                found.append(f"the image {name} has no words")
        return found + self.barriers()

    def barriers(self) -> list[str]:
        """What axe-core finds against WCAG 2.2, levels A and AA."""
        # Thousands of boxes drawn for the eye; the MathML beside them stays.
        self.page.evaluate(
            "document.querySelectorAll('mjx-math').forEach(e => e.replaceChildren())"
        )
        result = AXE.run(self.page, options=STANDARD)
        return [
            f"axe, {rule['id']}: {node['html'][:200]} {node['failureSummary']}"
            for rule in result.response["violations"]
            for node in rule["nodes"]
        ]

    def beyond_the_keyboard(self) -> list[str]:
        """What can be clicked here and cannot be reached with the tab key."""
        names = "() => [...document.querySelectorAll('a[href], button, summary, input')]"
        seen = "e => e.checkVisibility({visibilityProperty: true}) && !e.disabled"
        wanted = self.page.evaluate(
            f"(w => {{ w.forEach((e, i) => e.dataset.stop = i); return w.length }})"
            f"(({names})().filter({seen}))"
        )
        reached = set()
        for _ in range(3 * wanted):
            self.page.keyboard.press("Tab")
            reached.add(self.page.evaluate("document.activeElement.dataset.stop"))
            if len(reached - {None}) == wanted:
                return []
        return self.page.evaluate(
            "reached => [...document.querySelectorAll('[data-stop]')]"
            ".filter(e => !reached.includes(e.dataset.stop)).map(e => e.outerHTML.slice(0, 200))",
            list(reached),
        )
