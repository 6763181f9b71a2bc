"""Movable pictures in notebooks: on a page made by nbconvert, and in JupyterLab."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from browser import serve
from conftest import ROOT
from movable.harness import NAMES, Case, Tab

CODE = [
    f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); from lesson import movable",
    *(f"movable.{name}()" for name in NAMES),
]
CODE += ['movable.ask("2 + 2?", right=4)']
WORKS = """names => names.map(name => {
  const picture = document.querySelector(`[data-movable=${name}]`);
  return picture.shadowRoot.querySelector("[role=status]").textContent;
})"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory, quick_kernels):
    """One that displays every picture, run in a kernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in CODE]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    NotebookClient(notebook, timeout=600).execute()
    return notebook


@pytest.fixture
def says():
    return {name: Case(name).shown.says for name in NAMES}


def test_a_cell_displays_one_output_that_holds_all(notebook):
    for cell in notebook.cells[1:]:
        (output,) = cell.outputs
        assert output.data.keys() == {"text/html", "text/plain"}
        assert "http" not in output.data["text/html"].replace("http://www.w3.org/2000/svg", "")
        assert "<" not in output.data["text/plain"]


def test_a_page_made_by_nbconvert_moves(browser, notebook, says, tmp_path):
    page, _ = HTMLExporter().from_notebook_node(notebook)
    (tmp_path / "page.html").write_text(page, "utf8")
    tab = Tab(browser.new_page())
    with serve(tmp_path) as address:
        # nbconvert's own page asks for MathJax; the pictures do without.
        tab.page.route(lambda url: not url.startswith(address), lambda route: route.abort())
        tab.page.goto(f"{address}/page.html")
        assert tab.page.evaluate(WORKS, NAMES) == list(says.values())
        for name in NAMES:
            assert Case(name).disagreements(one(tab.page, name), 5) == []
    tab.page.close()


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """JupyterLab of this folder, without a password, for this machine alone; its address."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    homes = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    variables = os.environ | {name: str(folder / ".jupyter") for name in homes}
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.root_dir": folder,
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": "",
        "LabApp.expose_app_in_browser": True,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.news_url": None,
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{k}={v}" for k, v in options.items())]
    server = subprocess.Popen(
        command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while not answers(f"{address}/api"):
            assert server.poll() is None, "JupyterLab has ended"
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def answers(address: str) -> bool:
    try:
        with urlopen(address):
            return True
    except URLError:
        return False


def test_jupyterlab_shows_the_first_state_untrusted_and_moves_it_after_a_run(
    browser, notebook, says, tmp_path
):
    nbformat.write(notebook, tmp_path / "pictures.ipynb")
    with jupyterlab(tmp_path) as address:
        tab = Tab(browser.new_page(viewport={"width": 1400, "height": 3000}))
        page = tab.page
        page.goto(f"{address}/lab/tree/pictures.ipynb")
        page.wait_for_selector(".jp-OutputArea-output img")
        assert page.locator("[data-movable]").count() == 0  # the element is cleaned away
        for words in says.values():
            image = page.locator(f'.jp-OutputArea-output img[alt="{words}"]')
            assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
            assert page.locator(".jp-OutputArea-output").get_by_text(words, exact=True).is_visible()
        assert page.locator(".jp-OutputArea-output summary").is_visible()
        page.get_by_text("Python 3 | Idle").wait_for()
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function("document.querySelector('[data-movable=ask]')?.shadowRoot")
        assert page.evaluate(WORKS, NAMES) == list(says.values())
        for name in NAMES:
            assert Case(name).disagreements(one(page, name), 5) == []
        page.close()
        assert [url for url in tab.asked if not url.startswith((address, "data:", "blob:"))] == []


def one(page, name):
    """Put one picture first on the page."""
    page.evaluate(
        "name => document.body.prepend(document.querySelector(`[data-movable=${name}]`))", name
    )
    return page
