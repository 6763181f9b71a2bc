"""The workflows that publish: linted, and stopped where links would lead elsewhere."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

CHECKOUT = "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2"


def zizmor(folder: Path) -> subprocess.CompletedProcess:
    command = [Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_workflows_are_safe():
    done = zizmor(ROOT / ".github")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "old", "new", "finding"),
    [
        ("publish", CHECKOUT, "actions/checkout@v6", "unpinned-uses"),
        ("publish", "persist-credentials: false", "fetch-depth: 1", "artipacked"),
        (
            "publish",
            "run: sh .github/repository.sh",
            "run: echo ${{ github.head_ref }}",
            "template-injection",
        ),
        ("weekly", CHECKOUT, "actions/checkout@v6", "unpinned-uses"),
        ("weekly", "run: make links", "run: echo ${{ github.head_ref }}", "template-injection"),
    ],
)
def test_an_unsafe_workflow_is_noticed(tmp_path, name, old, new, finding):
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    workflow = tmp_path / f".github/workflows/{name}.yml"
    text = workflow.read_text("utf8")
    assert old in text
    workflow.write_text(text.replace(old, new), "utf8")
    done = zizmor(tmp_path / ".github")
    assert done.returncode != 0 and finding in done.stdout


@pytest.mark.parametrize(
    ("repository", "branch", "code"),
    [("someone/fork", None, 1), (None, "trunk", 1), (None, None, 0)],
)
def test_publishing_stops_where_the_book_names_another_repository(
    book, tmp_path, repository, branch, code
):
    shutil.copy(ROOT / "_config.yml", tmp_path)
    server, _, own = book.url.rpartition("github.com/")
    variables = {
        "PATH": "/usr/bin:/bin",
        "GITHUB_SERVER_URL": f"{server}github.com",
        "GITHUB_REPOSITORY": repository or own,
        "BRANCH": branch or book.branch,
    }

    def check():
        return subprocess.run(
            ["sh", ROOT / ".github/repository.sh"],
            cwd=tmp_path,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )

    done = check()
    assert done.returncode == code
    if code:
        mend = done.stdout.partition("run: ")[2]
        subprocess.run(["sh", "-c", mend.rpartition(" && make")[0]], cwd=tmp_path, check=True)
        assert "make notebooks" in mend and check().returncode == 0


def test_a_fork_changes_one_line(book):
    here = [path for path in ROOT.iterdir() if path.is_file() and path.suffix]
    below = [
        path
        for top in ("chapters", "src", "tests", ".github")
        for path in (ROOT / top).rglob("*.*")
    ]
    files = [path for path in here + below if path.suffix not in (".png", ".pyc")]
    texts = [path.read_text("utf8") for path in files if path.is_file()]
    assert "".join(texts).count(book.url) == 1  # _config.yml; notebooks follow it
