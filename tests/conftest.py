"""What several test folders share: the book under test and its built site."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from book.export import Book

ROOT = Path(__file__).parents[1]


def build_site(root: Path, out: Path) -> subprocess.CompletedProcess:
    """`make book`, into another folder."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", root, "--path-output", out]
    return subprocess.run(
        [*command, "-W", "-n", "--keep-going"], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def book() -> Book:
    return Book(ROOT)


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The built website; SITE names one that is built already, and about to be published."""
    if built := os.environ.get("SITE"):
        return Path(built)
    out = tmp_path_factory.mktemp("site")
    done = build_site(ROOT, out)
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "_build" / "html"
