"""Open pages in a real browser and say what is wrong with them."""

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

# One step from each to the next: a page is laid out anew as seldom as can be.
SCREENS = [(1400, "light"), (1400, "dark"), (390, "dark"), (390, "light")]

AXE = Axe().axe_script
EYES = Path(__file__).with_suffix(".js").read_text("utf8")


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder, packed as servers do, on a free port of this machine; gives its address."""

    @functools.cache
    def packed(path: Path) -> bytes:
        return gzip.compress(path.read_bytes(), 9)

    class Packed(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            path = Path(self.translate_path(self.path))
            if path.suffix not in (".html", ".css", ".js", ".svg") or not path.is_file():
                return super().do_GET()
            body = packed(path)
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(path))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    handler = functools.partial(Packed, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.handle_error = lambda *_: None  # a tab that goes on hangs up
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def new_tab(browser, **settings):
    tab = browser.new_page(reduced_motion="reduce", **settings)
    for script in (AXE, EYES):
        tab.add_init_script(script)
    return tab


class Visit:
    """A page that was opened in a tab, and what it said and asked for meanwhile."""

    def __init__(self, tab, address: str, path: str):
        self.page, self.address, self.spent = tab, address, False
        self.said, self.asked, self.failed = [], [], []
        self.ears = {
            "console": self._listen,
            "pageerror": lambda error: self.said.append(str(error)),
            "request": lambda request: self.asked.append(request.url),
            "requestfailed": lambda request: self.failed.append(request.url),
            "response": lambda r: self.failed.append(r.url) if r.status >= 400 else None,
        }
        for event, ear in self.ears.items():
            tab.on(event, ear)
        self.turn(*SCREENS[0])
        self.page.goto(f"{address}/{path}", wait_until="load")
        self.page.wait_for_function("document.fonts.status === 'loaded'")

    def _listen(self, message) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)

    def leave(self) -> None:
        """Hear nothing more of the tab, in which another page is opened next."""
        for event, ear in self.ears.items():
            self.page.remove_listener(event, ear)
        self.page.evaluate("origin === 'null' || localStorage.clear()")

    def turn(self, width: int, scheme: str) -> None:
        """Go on with the same page on another screen."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)

    def problems(self) -> list[str]:
        """What no page may have, whatever it is about; the page is spent afterwards."""
        self.spent = True
        self.page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        found = self.page.evaluate("eyes.faults()")
        for screen in SCREENS:
            self.turn(*screen)
            found += self.page.evaluate("screen => eyes.misfits(screen)", screen)
        self.page.evaluate("eyes.thinOut()")
        # The article once at each width and once in each scheme; what frames it on all
        # four screens: only there does something show at one width alone.
        found += self._barriers(390, "light") + self._barriers(1400, "dark")
        self.page.evaluate("eyes.leaveTheFrame()")
        found += self._barriers(1400, "light") + self._barriers(390, "dark")
        found += [f"the console says: {text}" for text in self.said]
        found += [f"a request failed: {url}" for url in self.failed]
        own = (self.address, "data:")
        return found + [f"another host is asked: {u}" for u in self.asked if not u.startswith(own)]

    def _barriers(self, width: int, scheme: str) -> list[str]:
        self.turn(width, scheme)
        barriers = self.page.evaluate("eyes.barriers()")
        return [f"axe at {width}, {scheme}, {barrier}" for barrier in barriers]

    def found(self) -> list[str]:
        """The addresses that the search page lists, once it has finished."""
        title = "document.querySelector('#search-results h2')?.innerText"
        self.page.wait_for_function(f"{title} === 'Search Results'")
        links = self.page.locator("#search-results li a")
        return links.evaluate_all("all => all.map(a => a.href)")

    def foot(self, selector: str) -> float:
        """How many pixels below the top of the page the first such element ends."""
        box = self.page.locator(selector).first.bounding_box()
        return box["y"] + box["height"]

    def beyond_the_keyboard(self) -> list[str]:
        """What can be clicked here and cannot be reached with the tab key."""
        wanted = self.page.evaluate("eyes.watchTheFocus()")
        for _ in range(3):  # a menu may open on the way and take its turn
            for _ in range(wanted):
                self.page.keyboard.press("Tab")
            if not (missed := self.page.evaluate("eyes.missed()")):
                break
        return missed
