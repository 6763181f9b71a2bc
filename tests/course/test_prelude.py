"""Imports of what Colab has: they work where a notebook is graded."""

import subprocess
import sys

import pytest

from conftest import ROOT

PRELUDE = (ROOT / "src" / "course" / "prelude.py").read_text("utf8")


def runs(code: str) -> subprocess.CompletedProcess:
    alone = [sys.executable, "-S", "-c", PRELUDE + code]
    return subprocess.run(alone, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "code",
    [
        "from d2l import torch as d2l",
        "import torchvision.transforms as T",
        "from tqdm.auto import tqdm; assert list(tqdm([1, 2])) == [1, 2]",
        "from tqdm import trange; assert list(trange(2)) == [0, 1]",
        "import pandas as pd",
    ],
)
def test_an_import_works(code):
    assert runs(code).returncode == 0, runs(code).stderr


def test_a_call_says_what_is_not_there_and_other_imports_fail_as_ever():
    said = runs("from d2l import torch as d2l; d2l.plot(1)").stderr
    assert "d2l.torch.plot is not there where this is graded" in said
    said = runs("from d2l import torch as d2l\nclass Pool(d2l.Module): pass").stderr
    assert "d2l.torch.Module is not there where this is graded" in said
    assert "No module named 'pool'" in runs("import pool").stderr
    assert "NameError" in runs("importlib").stderr
