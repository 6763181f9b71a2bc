"""The environment that stands for Colab: what Colab has of what a notebook uses, and no more.

It is clean but offline: torch, numpy, matplotlib, scikit-learn and ipykernel with
all they need, linked from this environment; no pooling, no book. Its Python takes
the address of the book's archive for a file, made of this checkout, so that a
notebook's own setup cell installs `pooling`, unmodified. It is less than Colab where
other machines are: its path has a space, and there is no git.
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

from packaging.requirements import Requirement

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


def clean_environment(root: Path, address: str) -> dict[str, str]:
    """Make one in this folder; the variables under which its kernel is named "clean"."""
    env = root / "an environment"
    python = env / "bin" / "python"
    venv.create(env, symlinks=True)
    packages = next(env.glob("lib/python*/site-packages"))
    for name in closure(COLAB_HAS):
        for file in distribution(name).files:
            top, target = file.parts[0], packages / file.parts[0]
            if top not in ("..", "__pycache__") and not target.exists():
                target.symlink_to(distribution(name).locate_file(top))
    (packages / "archive.pth").write_text(  # a line that begins so is run when Python starts
        "import os, sys; sys.argv[:] = "
        "[os.environ['ARCHIVE'] if os.environ['ADDRESS'] in word else word for word in sys.argv]\n"
    )
    kernel = root / "kernels" / "clean"
    kernel.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "clean", "language": "python"}
    # Without asserts, which nbval's other run executes: one that computes changes an output.
    spec["env"] = {"PYTHONOPTIMIZE": "1"}
    (kernel / "kernel.json").write_text(json.dumps(spec), "utf8")
    variables = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PIP_"))}
    return variables | {
        "ADDRESS": address,
        "ARCHIVE": archive(root),
        "JUPYTER_PATH": str(root),
        "PATH": str(python.parent),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads the value, not the name: this is "no"
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "CLEAN_PYTHON": str(python),
    }


def archive(root: Path) -> str:
    """What GitHub would give for this checkout, were it committed."""
    checkout = Path(__file__).parents[1]
    shutil.copytree(checkout / "src", root / "book-main" / "src")
    for path in checkout.iterdir():
        if path.is_file():
            shutil.copy(path, root / "book-main")
    return shutil.make_archive(str(root / "main"), "zip", root, "book-main")


def run_alone(notebooks: list[Path], home: Path, variables: dict[str, str]):
    """Let nbval run notebooks, in this order, each alone in a folder."""
    copies = [home / notebook.stem / notebook.name for notebook in notebooks]
    for notebook, copy in zip(notebooks, copies, strict=True):
        copy.parent.mkdir()
        copy.write_bytes(notebook.read_bytes())
    options = ["--nbval", "--nbval-kernel-name=clean", "-p", "no:cacheprovider", "-c", os.devnull]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *copies],
        env=variables,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )


def found(variables: dict[str, str], *modules: str) -> dict[str, str | None]:
    """Where the clean environment has these modules."""
    code = "import importlib.util as u, json, sys; print(json.dumps({n: s and s.origin"
    code += " for n in sys.argv[1:] for s in [u.find_spec(n)]}))"
    command = [variables["CLEAN_PYTHON"], "-c", code, *modules]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
