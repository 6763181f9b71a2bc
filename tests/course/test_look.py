"""What is listed for a look, and what is not."""

import nbformat
import pytest

from answers import Answer
from book.book import Book
from conftest import ROOT
from course import look
from exercises import tasks


def reasons(code: str) -> list[str]:
    return look.reasons(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]))


@pytest.mark.parametrize(
    "cheat",
    [
        "def compare(*a, **k): pass",
        "run = lambda f, *a, **k: 0",
        "from x import y as run",
        "def check_values(): pass",
        "F.avg_pool2d = lambda x, *a: average_pool(x)",
        "torch.testing.assert_close = lambda *a, **k: None",
        "torch.Tensor.item = lambda s: 1e9",
        "class Equal(torch.Tensor):\n    pass",
        "class N(int):\n    def __eq__(self, o): return True",
        "get_ipython().ast_transformers.append(T())",
        "text = open('../../../source/x').read()",
        "from pathlib import Path\nPath('/').glob('*')",
        "with torch._C.DisableTorchFunction(): y = F.avg_pool2d(x, 2)",
        "@torch.jit.script\ndef f(x): return x",
        "import threading",
        "sys.setprofile(None)",
        "get_ipython().events.register('pre_run_cell', f)",
        "net.register_forward_hook(f)",
        "from pooling import avg_pool2d",
        "x.as_strided((2, 2), (1, 1))",
        "__import__('os')._exit(0)",
        "!rm -rf ..",
        "text = !ls ..",
        "%%bash\nls ..",
        "%run ../../source/x.ipynb",
        "%time f = open('x')",
        "re.search = lambda *a: None",
        "import torch as t\nt.nn.functional.avg_pool2d = f",
        "t = torch.testing\nt.assert_close = f",
        "type(x).item = lambda s: 1e9",
        "for torch.Tensor.item in [f]: pass",
        "F.__dict__.update(avg_pool2d=f)",
        "object.__setattr__(F, 'avg_pool2d', f)",
        "class F: avg_pool2d = f",
        "class compare: pass",
        "conv.forward = lambda x: x.amax()",
        "e.__traceback__.tb_frame.f_back",
        "from unittest import mock",
        "from torch.overrides import _pop_mode_temporarily",
        "@torch.library.custom_op('my::pool', mutates_args=())\ndef f(x): ...",
        "import asyncio",
        "builtins.open('x')",
        "InteractiveShell.instance()",
        "%config InteractiveShell.ast_transformers = [T()]",
        "getattr(F, 'avg_' + 'pool2d')(x)",
    ],
)
def test_a_cheat_is_listed(cheat):
    assert reasons(cheat)


def test_the_library_pasted_is_listed():
    for name in "average", "network", "soft", "cost":
        code = (ROOT / "src" / "pooling" / f"{name}.py").read_text("utf8")
        assert any("lines are those of this book" in reason for reason in reasons(code)), name


def test_right_answers_are_not_listed():
    for task in tasks():
        for answer in vars(task).values():
            if isinstance(answer, Answer) and answer.kind == "right":
                assert reasons(answer.source) == [], answer.name


@pytest.mark.parametrize(
    "code",
    [
        "%matplotlib inline\nimport torch\nimport torch.nn.functional as F",
        "from google.colab import drive\nfrom d2l import torch as d2l",
        "%%time\nsize = window = 3\nprint(x.shape)",
        "def broken(:",
        "%config InlineBackend.figure_format = 'svg'\n%pip install einops",
        "signal, events, modules = 1, [2], {3}\nprint(signal, events, modules)",
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.ast_node_interactivity = 'all'",
        "w = torch.ones(2) / 2\nw.requires_grad = True\ntorch.backends.cudnn.benchmark = False",
        "net.eval()\nfor m in net.modules(): print(m)",
        "class A(nn.Module):\n    def forward(self, x): return super().forward(x)",
        "pooling = nn.Conv2d(1, 1, 2)\npooling.weight.data = w\npooling.bias.requires_grad = False",
    ],
)
def test_what_honest_people_do_is_not_listed(code):
    assert reasons(code) == []


def test_the_checks_are_not_looked_at():
    meta = {"nbgrader": {"locked": True, "grade_id": "average-values"}}
    cell = nbformat.v4.new_code_cell("run = 1", metadata=meta)
    assert look.reasons(nbformat.v4.new_notebook(cells=[cell])) == []


def test_the_books_own_answers_are_not_listed():
    from course.write import notebooks

    for name, notebook in notebooks(Book(ROOT)).items():
        assert look.reasons(notebook) == [], name
