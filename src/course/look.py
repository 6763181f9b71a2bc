"""What in a submission a person should look at: a list of sentences, empty for most.

Checks and answers share one Python, so an answer can deceive its check. Most ways
to do it need a name that no answer needs; these are those names.
"""

import ast
from functools import cache
from pathlib import Path

from nbformat import NotebookNode

LIBRARY = Path(__file__).parents[1] / "pooling"
LINES = 4  # of the library's, before they are reported
CHECKS = "run", "compare", "Watch"
MODULES = "torch", "F", "nn", "sys", "builtins", "math", "warnings"
WORDS = """
open exec eval compile __import__ get_ipython globals vars setattr delattr getattr threading
multiprocessing subprocess concurrent os shutil pathlib glob socket ctypes inspect gc importlib
atexit signal setprofile settrace _getframe modules jit _C compiler DisableTorchFunction
DisableTorchFunctionSubclass TorchFunctionMode _dispatch __torch_function__ __torch_dispatch__
__class__ __eq__ __builtins__ __globals__ register_forward_hook register_forward_pre_hook
register_hook as_subclass showtraceback events input_transformers ast_transformers pooling
as_strided
"""
NAMES = set(WORDS.split())


def code_of(notebook: NotebookNode) -> str:
    """What a student wrote, magics taken out and shell commands made visible."""
    own = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("locked")
    ]
    lines = []
    for line in "\n".join(own).split("\n"):
        bare = line.lstrip()
        margin = line[: len(line) - len(bare)]
        lines.append(
            f"{margin}subprocess"
            if bare[:1] == "!"
            else f"{margin}pass"
            if bare[:1] == "%"
            else line
        )
    return "\n".join(lines)


def reasons(notebook: NotebookNode) -> list[str]:
    """Why to look at a submission, the same reason once."""
    found = {}
    for cell in notebook.cells:
        single = NotebookNode(cells=[cell])
        if code := code_of(single):
            try:
                tree = ast.parse(code)
            except SyntaxError:
                continue  # it does not run either
            found |= dict.fromkeys(oddities(tree))
    same = len(copied(code_of(notebook)))
    if same >= LINES:
        found[f"{same} lines are those of this book's library"] = None
    return list(found)


def oddities(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            if node.name in CHECKS or node.name.startswith("check_"):
                yield f"it defines {node.name}"
            if node.name in NAMES:
                yield f"it defines {node.name}"
            for base in getattr(node, "bases", ()):
                if ast.unparse(base).rpartition(".")[2] in (
                    "Tensor",
                    "int",
                    "float",
                    "NodeTransformer",
                ):
                    yield f"it makes a class out of {ast.unparse(base)}"
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store) and (
                node.id in (*CHECKS, *MODULES) or node.id.startswith("check_")
            ):
                yield f"it sets {node.id}"
            elif node.id in NAMES:
                yield f"it uses {node.id}"
        elif isinstance(node, ast.Attribute):
            root = ast.unparse(node).partition(".")[0]
            if not isinstance(node.ctx, ast.Load) and root in MODULES:
                yield f"it sets {ast.unparse(node)}"
            elif node.attr in NAMES:
                yield f"it uses {ast.unparse(node)[-40:]}"
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            module = [getattr(node, "module", None) or ""]
            for name in module + [alias.name for alias in node.names]:
                if set(name.split(".")) & NAMES:
                    yield f"it imports {name}"
            for alias in node.names:
                if alias.asname in CHECKS:
                    yield f"it sets {alias.asname}"


def normal(code: str) -> set[str]:
    """The lines of a program, whatever its spacing and comments; short ones say nothing."""
    lines = map(str.strip, ast.unparse(ast.parse(code)).split("\n"))
    return {line for line in lines if len(line) > 25 and not line.startswith(("import ", "from "))}


@cache
def library() -> set[str]:
    found = set()
    for path in LIBRARY.glob("*.py"):
        tree = ast.parse(path.read_text("utf8"))
        for node in ast.walk(tree):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(
                node
            ):
                node.body = node.body[1:] or [ast.Pass()]
        found |= normal(ast.unparse(tree))
    return found


def copied(code: str) -> set[str]:
    try:
        return normal(code) & library()
    except SyntaxError:
        return set()
