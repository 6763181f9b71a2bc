"""What in a submission a person should look at: a list of sentences, empty for most.

Checks and answers share one Python, so an answer can deceive its check. Most ways
to do it need a name that no answer needs; these are those names.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from nbformat import NotebookNode

LINES = 4  # of the library's, before they are reported
SET = re.compile(r"(run|compare|Watch|check_\w+)$")  # the checks' own
CHANGED = re.compile(r"(torch|F|nn|sys|builtins|math|warnings)(\.|$)")
WORDS = """
open exec eval compile __import__ get_ipython globals vars setattr delattr getattr threading
multiprocessing subprocess concurrent os shutil pathlib glob socket ctypes inspect gc importlib
atexit signal setprofile settrace _getframe modules jit _C compiler DisableTorchFunction
DisableTorchFunctionSubclass TorchFunctionMode _dispatch __torch_function__ __torch_dispatch__
__class__ __eq__ __builtins__ __globals__ register_forward_hook register_forward_pre_hook
register_hook as_subclass showtraceback events input_transformers ast_transformers ast pooling
as_strided
"""
USED = set(WORDS.split())


def reasons(notebook: NotebookNode) -> list[str]:
    """Why to look at a submission, each reason once."""
    found, same = {}, set()
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("locked"):
            code = re.sub(r"^(\s*)%+[a-z].*", r"\1pass", cell.source, flags=re.M)
            code = re.sub(r"^(\s*)!.*", r"\1subprocess", code, flags=re.M)
            same |= long_lines(code) & library()
            try:
                found |= dict.fromkeys(oddities(ast.parse(code)))
            except SyntaxError:
                continue  # it does not run either
    copied = [f"{len(same)} lines are those of this book's library"] if len(same) >= LINES else []
    return [*found, *copied]


def oddities(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        name, bound = names(node)
        if SET.match(bound) or CHANGED.match(bound):
            yield f"it sets {bound}"
        elif USED & set(name.split(".")):
            yield f"it uses {name}"
        for base in getattr(node, "bases", ()):
            if re.search(r"\b(Tensor|int|float)$", ast.unparse(base)):
                yield f"it makes a class out of {ast.unparse(base)}"


def names(node: ast.AST) -> tuple[str, str]:
    """The name in a node that it uses, and the one that it gives a value to."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name, "" if isinstance(node.ctx, ast.Load) else ast.unparse(node)
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node.name, node.name
    if isinstance(node, ast.alias):  # the usual import torch.nn.functional as F is nothing odd
        given = node.asname or node.name
        return node.name, given if SET.match(given) else ""
    return getattr(node, "module", None) or "", ""


def long_lines(code: str) -> set[str]:
    """The lines of a program, whatever its spacing and comments; short ones say nothing."""
    lines = (re.sub(r"\s|#.*", "", line) for line in code.split("\n"))
    return {line for line in lines if len(line) > 22 and not line.startswith(("import", "from"))}


@cache
def library() -> set[str]:
    files = (Path(__file__).parents[1] / "pooling").glob("*.py")
    return set().union(*(long_lines(path.read_text("utf8")) for path in files))
