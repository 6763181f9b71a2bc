"""The container of the teaching page, as far as it can be tested without one."""

import argparse
import os
import re
import shlex
import subprocess
import sys

import pytest

from book.book import Book
from conftest import ROOT
from course.__main__ import COMMANDS
from course.write import notebooks, write

PAGE = (ROOT / "chapters" / "teaching.md").read_text("utf8")
BUILD, RUN = re.search(r"```console\n(docker build.*?END\n)(docker run.*?)```", PAGE, re.S).groups()


@pytest.fixture(scope="module")
def run():
    """What `docker run` is told; an option that it is not known for is an error."""
    parser = argparse.ArgumentParser()
    for flag in "--rm", "--read-only":
        parser.add_argument(flag, action="store_true")
    for option in "--network", "--tmpfs", "--user", "--workdir":
        parser.add_argument(option)
    for option in "--env", "--mount":
        parser.add_argument(option, action="append")
    parser.add_argument("image")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args(shlex.split(RUN.replace("\\\n", " "))[2:])


def test_nothing_is_reachable_and_only_the_course_can_be_written(run):
    assert (run.network, run.read_only, run.tmpfs) == ("none", True, "/tmp")
    mounts = [dict(part.partition("=")[::2] for part in m.split(",")) for m in run.mount]
    # The settings of a course name src by its path: inside it has to be the same.
    assert all(m["source"] == m["target"] and m["type"] == "bind" for m in mounts)
    writable = [m["source"] for m in mounts if "readonly" not in m]
    assert writable == ["$PWD/course"] and run.workdir == "$PWD" == mounts[0]["source"]


def test_the_image_is_made_of_files_that_are_there(run):
    assert run.image == shlex.split(BUILD)[3]
    (copied,) = re.findall(r"^COPY (.*) /$", BUILD, re.M)
    assert all((ROOT / name).is_file() for name in copied.split())
    assert f"/{copied.split()[0]}" in BUILD.split("RUN ")[1]


def test_the_command_inside_runs_with_these_variables_alone(run, tmp_path):
    write(tmp_path / "course", "week1", notebooks(Book(ROOT), ["4"]))
    given = dict(pair.split("=", 1) for pair in run.env)
    makefile = (ROOT / "Makefile").read_text("utf8")
    assert all(f"export {name} =" in makefile for name in given.keys() - {"HOME"})
    python, *rest = run.command
    assert python == "python" and rest[-1] in COMMANDS
    given |= {"PATH": os.defpath, "COURSE_FOLDER": str(tmp_path / "course")}
    done = subprocess.run(
        [sys.executable, *rest], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )
    assert "week1: nobody handed in" in done.stderr
