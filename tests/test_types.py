"""mypy finds nothing in what the wheel ships, and something where something is wrong."""

import subprocess
import sys

from conftest import ROOT


def complaints(*paths) -> str:
    command = [sys.executable, "-m", "mypy", "--cache-dir", "/dev/null", *map(str, paths)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_the_shipped_packages_pass_mypy():
    assert "Success" in complaints("src/pooling", "src/lesson")


def test_a_wrong_type_is_noticed(tmp_path):
    (tmp_path / "wrong.py").write_text("def half(n: int) -> str:\n    return n / 2\n")
    assert "Incompatible return value" in complaints(tmp_path / "wrong.py")
