"""Every notebook, alone in an empty folder, with what Colab has and nothing else.

The environment is clean but offline: torch, numpy, matplotlib, scikit-learn and
ipykernel with all they need, linked from this one; no pooling, no book. An archive
of this checkout stands for the one that GitHub makes; but for its address, a
notebook's own setup cell installs `pooling` as it is. nbval compares every output.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
COLAB_HAS = ["torch", "numpy", "matplotlib", "scikit-learn", "ipykernel", "pip", "setuptools"]


def closure(names: list[str]) -> set[str]:
    """The installed distributions that these need, themselves included."""
    found, queue = set(), list(names)
    while queue:
        name = re.sub(r"[-_.]+", "-", queue.pop()).lower()
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:  # needed on another platform only
            continue
        if name not in found:
            found.add(name)
            needed = map(Requirement, requires)
            queue += [r.name for r in needed if not r.marker or r.marker.evaluate({"extra": ""})]
    return found


@pytest.fixture(scope="module")
def clean(tmp_path_factory, book) -> dict[str, str]:
    """The variables under which kernel "clean" is a fresh virtual environment."""
    root, branch = tmp_path_factory.mktemp("colab"), book.branch
    venv.create(root / "env", symlinks=True)
    python = root / "env" / "bin" / "python"
    packages = next((root / "env" / "lib").glob("python*/site-packages"))
    for name in closure(COLAB_HAS):
        for file in distribution(name).files:
            top, target = file.parts[0], packages / file.parts[0]
            if top not in ("..", "__pycache__") and not target.exists():
                target.symlink_to(distribution(name).locate_file(top))
    kernel = root / "kernels" / "clean"
    kernel.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "clean", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    snapshot = root / f"pooling-{branch}"  # what publishing this checkout would publish
    shutil.copytree(ROOT / "src", snapshot / "src")
    shutil.copy(ROOT / "pyproject.toml", snapshot)
    archive = shutil.make_archive(root / "archive", "zip", root, snapshot.name)
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PIP_"))}
    return variables | {
        "JUPYTER_PATH": str(root),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads the value, not the name: this is "no"
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "CLEAN_PYTHON": str(python),
        "ARCHIVE": Path(archive).as_uri(),
    }


def run_alone(notebooks: list[Path], home: Path, variables: dict[str, str], archives: str):
    """Let nbval run notebooks, in this order, each alone in a folder."""
    copies = [home / notebook.stem / notebook.name for notebook in notebooks]
    for notebook, copy in zip(notebooks, copies, strict=True):
        copy.parent.mkdir()
        text = notebook.read_text("utf8")
        copy.write_text(text.replace(archives, variables["ARCHIVE"]), "utf8")
    options = ["--nbval", "--nbval-kernel-name=clean", "-p", "no:cacheprovider", "-c", "/dev/null"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *copies],
        env=variables,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def archives(book) -> str:
    """The address from which a notebook installs."""
    return f"{book.url}/archive/{book.branch}.zip"


def found(clean, *modules: str) -> dict[str, str | None]:
    """Where the clean environment has these modules."""
    code = "import importlib.util as u, json, sys; print(json.dumps({n: s and s.origin"
    code += " for n in sys.argv[1:] for s in [u.find_spec(n)]}))"
    command = [clean["CLEAN_PYTHON"], "-c", code, *modules]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_notebook_whose_address_cannot_be_reached_says_so(tmp_path, clean, archives):
    done = run_alone(NOTEBOOKS[:1], tmp_path, clean | {"ARCHIVE": "file:///nowhere.zip"}, archives)
    assert done.returncode and "file:///nowhere.zip failed:" in done.stdout


def test_every_notebook_runs_alone_and_the_first_has_installed_pooling(tmp_path, clean, archives):
    others = found(clean, "pooling", "book", "myst_nb", "jupyter_book", "nbval", "pytest")
    assert set(others.values()) == {None}
    done = run_alone(NOTEBOOKS, tmp_path, clean, archives)
    assert done.returncode == 0, done.stdout[-5000:]
    assert "site-packages" in found(clean, "pooling")["pooling"]
