"""Install what the book needs into .venv, unless it is there; then run a command of it.

    python3 install.py VENV [COMMAND ARGUMENT ...]

Nothing but the standard library, and syntax that an old Python reads as well: this
runs before anything is installed, and tells an old Python so. Of several runs in
one folder each waits for the one before it, until that one's command has ended.
"""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
INPUTS = ("requirements.txt", "constraints.txt", "pyproject.toml", "install.py")
OLDEST, NEWEST = (3, 11), (3, 14)
# PyTorch's own CPU builds: on Linux the package registry's bring CUDA, 4 GB more.
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"


def refused(version):
    """Why this version of Python will not do, and what will; nothing if it does."""
    if OLDEST <= version[:2] <= NEWEST:
        return ""
    here, oldest, newest = (".".join(map(str, v)) for v in (version[:3], OLDEST, NEWEST))
    return (
        f"This Python is {here}; the book needs {oldest} to {newest}. Name one that is installed,"
        f" for example: make book PYTHON=python{newest}"
    )


def made_by(folder):
    """The version of the Python that made this environment, such as "3.11"."""
    try:
        lines = (folder / "pyvenv.cfg").read_text("utf8").splitlines()
    except OSError:
        return ""
    fields = dict(line.split(" = ", 1) for line in lines if " = " in line)
    return ".".join(fields.get("version", "").split(".")[:2])


def complete(folder):
    """Whether this Python made it, and nothing changed since all was installed."""
    done = folder / ".installed"
    changed = max((ROOT / name).stat().st_mtime for name in INPUTS)
    this = "{}.{}".format(*sys.version_info)
    return made_by(folder) == this and done.exists() and done.stat().st_mtime >= changed


def run(*command):
    """Run it in this folder, or stop; what it says stands above."""
    if subprocess.call(command, cwd=str(ROOT)):
        sys.exit("Stopped at: {}".format(" ".join(command)))


def torch_from(index, *pip):
    """Take torch from PyTorch's own index, in one try; leave it to the registry if that fails."""
    words = (ROOT / "requirements.txt").read_text("utf8").split()
    wanted = [word for word in words if word.startswith("torch==")]
    once = ["--no-deps", "--retries", "0", "--timeout", "15", "--index-url", index]
    if subprocess.call([*pip, *once, *wanted], stderr=subprocess.DEVNULL):
        print("No {} from {}: taking the package registry's.".format(*wanted, index), flush=True)


def install(folder):
    """Make the environment and fill it. -I: nothing of the user's own Python settings counts."""
    other = made_by(folder) not in ("", "{}.{}".format(*sys.version_info))
    run(sys.executable, "-I", "-m", "venv", *["--clear"] * other, str(folder))
    pip = [str(folder / "bin" / "python"), "-I", "-m", "pip", "install", "--quiet"]
    pip.append("--disable-pip-version-check")
    index = os.environ.get("TORCH_INDEX", TORCH_INDEX)
    if index:
        torch_from(index, *pip)
    run(*pip, "-r", "requirements.txt")
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
    (folder / ".installed").touch()


def main(name, *command):
    """Install if need be, then become the command, which keeps the lock."""
    if refused(sys.version_info):
        sys.exit(refused(sys.version_info))
    lock = os.open(__file__, os.O_RDONLY)
    os.set_inheritable(lock, True)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another make works in this folder: waiting for it to end.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    folder = Path(name).absolute()
    if not complete(folder):
        install(folder)
    if command:
        program = str(folder / "bin" / command[0])
        os.execv(program, [program, *command[1:]])


if __name__ == "__main__":
    main(*sys.argv[1:])
