"""Installing: on every Python that is named, from complete pins, one make at a time."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest
import tomllib
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from conftest import ROOT

SPEC = importlib.util.spec_from_file_location("install", ROOT / "install.py")
install = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(install)


def listed(name: str) -> dict[str, Requirement]:
    lines = [line.partition("#")[0].strip() for line in (ROOT / name).read_text("utf8").split("\n")]
    requirements = [Requirement(line) for line in lines if line and not line.startswith("-c")]
    return {canonicalize_name(r.name): r for r in requirements}


DIRECT, PINS = listed("requirements.txt"), listed("constraints.txt")


def needed_here(requirements: dict[str, Requirement]) -> dict[str, str | None]:
    """The installed version of all that these need on this machine; None where it is missing."""
    found, queue = {}, [(r, "") for r in requirements.values()]
    seen = set()
    while queue:
        requirement, extra = queue.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            found[name] = None
            continue
        found[name] = package.version.partition("+")[0]  # torch 2.13.0+cpu is torch 2.13.0
        for wanted in {"", *requirement.extras} - {e for n, e in seen if n == name}:
            seen.add((name, wanted))
            queue += [(Requirement(text), wanted) for text in package.requires or []]
    return found


def refusing(requires_python: str | None) -> list[str]:
    """Of the oldest and the newest Python that are named, those that this will not have."""
    named = [f"{major}.{minor}.0" for major, minor in (install.OLDEST, install.NEWEST)]
    return [version for version in named if version not in SpecifierSet(requires_python or "")]


def test_what_is_installed_is_what_is_pinned_and_nothing_is_missing():
    pinned = {name: str(PINS[name].specifier)[2:] for name in PINS}
    wrong = {name: v for name, v in needed_here(DIRECT).items() if pinned.get(name) != v}
    assert wrong == {}, "run: make pins"
    assert all(str(PINS[name].specifier) == str(DIRECT[name].specifier) for name in DIRECT)


def test_every_pin_installs_on_every_python_that_is_named():
    installed = [name for name, version in needed_here(DIRECT).items() if version]
    asks = {name: distribution(name).metadata["Requires-Python"] for name in installed}
    assert {name: asked for name, asked in asks.items() if refusing(asked)} == {}, "run: make pins"


def test_a_pin_that_wants_a_newer_python_is_noticed():
    assert refusing(">=3.11.5") == ["3.11.0"]  # as soupsieve 4.1.2 does
    assert refusing("<3.14,>=3.9") == ["3.14.0"]
    assert refusing(None) == []


def imported(folder: Path) -> set[str]:
    """The packages of others that the code under this folder imports."""
    trees = [ast.parse(path.read_text("utf8")) for path in folder.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]
    names += [n.module for n in nodes if isinstance(n, ast.ImportFrom) and not n.level]
    ours = {path.stem for top in ("src", "tests") for path in (ROOT / top).rglob("*")}
    return {name.partition(".")[0] for name in names} - ours - sys.stdlib_module_names


def undeclared(folder: Path, declared: set[str]) -> set[str]:
    packages = packages_distributions()
    return {
        name
        for name in imported(folder)
        if declared.isdisjoint(map(canonicalize_name, packages.get(name, [name])))
    }


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_what_is_imported_is_a_requirement(folder):
    assert undeclared(ROOT / folder, set(DIRECT)) == set()


@pytest.mark.parametrize("folder", ["src/pooling", "src/lesson"])
def test_the_package_declares_what_it_imports(folder):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    declared = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    assert undeclared(ROOT / folder, declared) == set()


def test_an_undeclared_import_is_noticed(tmp_path):
    (tmp_path / "code.py").write_text("import os\n\n\ndef f():\n    from yaml.nodes import Node\n")
    assert undeclared(tmp_path, {"torch"}) == {"yaml"}
    assert undeclared(tmp_path, {"pyyaml"}) == set()


def test_the_package_is_built_without_a_deprecation(tmp_path):
    for name in "pyproject.toml", "LICENSE":
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src")
    build = [sys.executable, "-m", "pip", "wheel", "--verbose", "--no-deps", "--no-build-isolation"]

    def said() -> str:
        command = [*build, "--wheel-dir", tmp_path / "wheels", tmp_path]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    assert "Deprecat" not in said()
    (wheel,) = (tmp_path / "wheels").glob("pooling_executed-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    data = {
        f"{p.relative_to(ROOT / 'src')}"
        for top in ("pooling", "lesson")
        for p in (ROOT / "src" / top).rglob("*")
        if p.is_file() and p.suffix != ".pyc"
    }
    assert data <= set(names) and any(name.endswith("licenses/LICENSE") for name in names)
    project = tmp_path / "pyproject.toml"
    former = project.read_text("utf8").replace('license = "MIT"', 'license = { text = "MIT" }')
    project.write_text(former.replace('license-files = ["LICENSE"]', ""), "utf8")
    assert "Deprecat" in said()


@pytest.mark.parametrize(
    ("version", "accepted"),
    [((3, 10, 12), False), ((3, 11, 0), True), ((3, 14, 9), True), ((3, 15, 0), False)],
)
def test_a_wrong_python_is_told_in_one_line(version, accepted):
    said = install.refused(version)
    assert (said == "") == accepted
    if not accepted:
        assert "\n" not in said and "make book PYTHON=python3.14" in said


def test_a_wrong_python_installs_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "OLDEST", (3, 99))
    with pytest.raises(SystemExit, match=r"the book needs 3\.99"):
        install.main(str(tmp_path / "venv"))
    assert not (tmp_path / "venv").exists()


@pytest.fixture
def called(monkeypatch) -> list[list[str]]:
    """The commands that were called, of which none is."""
    commands = []
    monkeypatch.setattr(subprocess, "call", lambda command, **_: commands.append([*command]))
    return commands


@pytest.mark.parametrize(("made", "cleared"), [("", False), ("version = 3.9.2\n", True)])
def test_another_python_makes_the_environment_anew(tmp_path, called, made, cleared):
    if made:
        (tmp_path / "pyvenv.cfg").write_text(made)
    install.install(tmp_path)
    assert ("--clear" in called[0]) == cleared and called[0][-1] == str(tmp_path)
    this = "version = {}.{}.{}\n".format(*sys.version_info)
    (tmp_path / "pyvenv.cfg").write_text(this)
    assert install.complete(tmp_path)
    (tmp_path / "pyvenv.cfg").write_text("version = 3.9.2\n")
    assert not install.complete(tmp_path)


@pytest.mark.parametrize("index", ["", "https://example.org/cu130"])
def test_torch_comes_from_where_the_reader_says(tmp_path, called, monkeypatch, index):
    monkeypatch.setenv("TORCH_INDEX", index)
    install.install(tmp_path)
    asked = [command for command in called if "--index-url" in command]
    assert [command[command.index("--index-url") + 1] for command in asked] == [index] * bool(index)
    assert called[-2][-2:] == ["-r", "requirements.txt"]


def an_index(folder: Path) -> str:
    """An index as PyTorch's is, of one torch that is empty."""
    version = str(DIRECT["torch"].specifier)[2:] + "+cpu"
    page = folder / "torch"
    page.mkdir(parents=True)
    name = f"torch-{version}-py3-none-any.whl"
    files = {
        "METADATA": f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(page / name, "w") as wheel:
        for file, text in files.items():
            wheel.writestr(f"torch-{version}.dist-info/{file}", text)
    (page / "index.html").write_text(f'<a href="{name}">{name}</a>')
    return folder.as_uri()


@pytest.mark.parametrize("reached", [True, False])
def test_torch_is_taken_from_its_own_index_or_left_to_the_registry(
    tmp_path, monkeypatch, capfd, reached
):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    index = an_index(tmp_path / "index") if reached else "http://127.0.0.1:9/simple"
    target = tmp_path / "target"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target)]
    install.torch_from(index, *pip)
    assert [path.suffix for path in target.glob("torch-*")] == [".dist-info"] * reached
    said = capfd.readouterr()
    assert said.out.count("\n") == (not reached) and said.err == ""


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with a space, in which all is installed and .venv has one command."""
    root = tmp_path / "a folder"
    (root / ".venv" / "bin").mkdir(parents=True)
    for name in "Makefile", *install.INPUTS:
        shutil.copy(ROOT / name, root)
    version = "version = {}.{}.{}\n".format(*sys.version_info)
    (root / ".venv" / "pyvenv.cfg").write_text(version)
    for name in "jupyter-book", "python":
        command = root / ".venv" / "bin" / name
        command.write_text(f"#!{sys.executable}\nimport os, sys\n")
        command.chmod(0o755)
    (root / ".venv" / ".installed").touch()
    return root


def make(root: Path, *arguments: str) -> list[str]:
    return ["make", "--directory", str(root), f"PYTHON={sys.executable}", *arguments]


def test_one_make_at_a_time_writes_in_a_folder(folder):
    alone = "os.mkdir('busy')\nimport time\ntime.sleep(0.5)\nos.rmdir('busy')\n"
    with (folder / ".venv" / "bin" / "jupyter-book").open("a") as command:
        command.write(alone)  # fails where another one runs
    two = [subprocess.Popen(make(folder, "book"), text=True, stdout=-1, stderr=-1) for _ in "ab"]
    said = [process.communicate() for process in two]
    assert [process.returncode for process in two] == [0, 0], said
    assert sum("waiting for it to end" in out for out, _ in said) == 1


@pytest.mark.parametrize("typed", ['a"b', "$HOME $(shell touch made) `touch made`", "it's # \\ é"])
def test_what_a_teacher_types_is_read_by_nobody_on_the_way(folder, typed):
    with (folder / ".venv" / "bin" / "python").open("a") as command:
        command.write("open('seed', 'w').write(os.environ['COURSE_SEED'])\n")
    environment = os.environ | {"NAME": "of-this-computer"}
    subprocess.run(make(folder, "course", f"SEED={typed}"), env=environment, check=True)
    assert (folder / "seed").read_text() == typed
    assert not (folder / "made").exists()


@pytest.mark.parametrize(("target", "path"), [("book", None), ("cover", "src")])
def test_the_paths_of_a_users_own_python_stay_outside(folder, target, path):
    for name in "jupyter-book", "python":
        with (folder / ".venv" / "bin" / name).open("a") as command:
            command.write("open('path', 'w').write(str(os.environ.get('PYTHONPATH')))\n")
    environment = os.environ | {"PYTHONPATH": "/opt/robot"}
    subprocess.run(make(folder, target), env=environment, check=True)
    assert (folder / "path").read_text() == str(path)


def test_another_make_is_told(folder):
    if not (bmake := shutil.which("bmake")):
        pytest.skip("no bmake here")
    done = subprocess.run([bmake, "book"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode and "written for GNU make" in done.stdout + done.stderr


def test_every_target_is_listed():
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf8"), re.MULTILINE)[1]
    assert re.findall(r"^make (\w+)", done.stdout, re.MULTILINE) == targets.split()
