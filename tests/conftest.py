"""What several test folders share: the book under test and its built site."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from tools.pdf import CHROMIUM, chromium

from book.book import Book
from clean import clean_environment
from kernels import forked_kernels

ROOT = Path(__file__).parents[1]


def start_build(root: Path, out: Path) -> subprocess.Popen:
    """`make book`, into another folder, by this checkout's extension."""
    paths = [str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    command = [Path(sys.executable).with_name("jupyter-book"), "build", root, "--path-output", out]
    return subprocess.Popen(
        [*command, "-W", "-n", "--keep-going"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def build_site(root: Path, out: Path) -> subprocess.CompletedProcess:
    building = start_build(root, out)
    said = building.communicate()
    return subprocess.CompletedProcess(building.args, building.returncode, *said)


@pytest.fixture(scope="session")
def book() -> Book:
    return Book(ROOT)


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Return a function that fills a folder once, for all workers of pytest-xdist."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":  # a worker's folder is in the one of the whole run
        shared = shared.parent

    def filled(name: str, fill: Callable[[Path], None]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                fill(folder)
                done.touch()
        return folder

    return filled


@pytest.fixture(scope="session")
def browser():
    """One for all tests of a process: playwright can be started once in each."""
    if not CHROMIUM:
        pytest.skip("no Chromium is installed: these tests look at pages in it")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def site(once) -> Path:
    """The built website; SITE names one that is built already, and about to be published."""
    if built := os.environ.get("SITE"):
        return Path(built).resolve()

    def build(out: Path) -> None:
        done = build_site(ROOT, out)
        assert done.returncode == 0, done.stdout + done.stderr

    return once("site", build) / "_build" / "html"


@pytest.fixture(scope="module")
def clean(tmp_path_factory, book) -> dict[str, str]:
    """The variables under which there is a kernel "clean", in the environment for Colab."""
    return clean_environment(tmp_path_factory.mktemp("colab"), book.url)


@pytest.fixture(scope="module")
def quick_kernels(tmp_path_factory):
    """Kernels that start at once, also in the commands that a test calls."""
    with (
        forked_kernels(tmp_path_factory.mktemp("kernels")) as variables,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("OMP_NUM_THREADS", "1")
        for name, value in variables.items():
            patch.setenv(name, value)
        yield
