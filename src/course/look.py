"""What in a submission a person should look at: a list of sentences, empty for most.

Checks and answers share one Python, so an answer can deceive its check. Most ways
to do it need a name that no answer needs; these are those names.
"""

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

LINES = 4  # of the library's, before they are reported
CHECKS = re.compile(r"(run|compare|Watch|check_\w+)$")
MODULES = {"torch", "F", "nn", "re", "sys", "builtins", "math", "warnings", "type"}
WORDS = """
open exec eval compile get_ipython globals locals vars setattr delattr getattr threading _thread
multiprocessing subprocess concurrent asyncio os shutil pathlib glob socket ctypes inspect gc
importlib runpy atexit signal setprofile settrace _getframe modules jit _C compiler overrides
DisableTorchFunction DisableTorchFunctionSubclass TorchFunctionMode _dispatch builtins io codecs
linecache pickle marshal urllib requests load fromfile tofile loadtxt genfromtxt
register_forward_hook register_forward_pre_hook register_hook as_subclass showtraceback
set_custom_exc events input_transformers ast_transformers NodeTransformer instance _instance pooling
as_strided forward _conv_forward mock unittest library
custom_op
"""
USED = set(WORDS.split())
# The others are plain names of a student's, unless they are imported.
THERE = {word for word in USED if hasattr(builtins, word)} | {"get_ipython", "TorchFunctionMode"}
# What anybody may define; all other names of this kind reach into Python.
SPECIAL = re.compile(r"__(init|post_init|call|len|iter|next|getitem|repr|str|name|doc|version)__$")
HARMLESS = re.compile(
    r"get_ipython\(\)\.run_line_magic\(('matplotlib'|'pip'|'config', .InlineBackend\.)[^()]*\)"
)


def reasons(notebook: NotebookNode) -> list[str]:
    """Why to look at a submission, each reason once."""
    found, same = {}, set()
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("locked"):
            code = python_of(cell.source)
            same |= long_lines(code) & library()
            try:
                found |= dict.fromkeys(oddities(ast.parse(code)))
            except SyntaxError:
                continue  # it does not run either
    copied = [f"{len(same)} lines are those of this book's library"] if len(same) >= LINES else []
    return [*found, *copied]


def python_of(cell: str) -> str:
    """What IPython makes of magics and of shell commands, but for a harmless few."""
    cell = re.sub(r"\A\s*%%(time|timeit|capture)\b.*", "", cell)
    return HARMLESS.sub("None", TransformerManager().transform_cell(cell))


def oddities(tree: ast.AST) -> Iterator[str]:
    nodes, modules = list(ast.walk(tree)), set(MODULES)
    for node in nodes:
        if isinstance(node, ast.alias):
            modules.add((node.asname or node.name).split(".")[0])
        if isinstance(node, ast.Assign) and root(node.value) in modules and part(node.value):
            modules |= {each.id for each in node.targets if isinstance(each, ast.Name)}
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    for node in nodes:
        stored = not isinstance(getattr(node, "ctx", None) or ast.Load(), ast.Load)
        match node:
            case ast.Name(id=name):
                if stored and (CHECKS.match(name) or name in MODULES):
                    yield f"it sets {name}"
                elif (not stored and name in THERE) or special(name):
                    yield f"it uses {name}"
            case ast.Attribute(attr=name):
                text = ast.unparse(node)
                if stored and (root(node) in modules or name in ("forward", "_conv_forward")):
                    if not text.startswith(("torch.backends.", "InteractiveShell.ast_node_")):
                        yield f"it sets {text}"
                elif (name in USED and not plain(node, called)) or special(name):
                    yield f"it uses {text[-40:]}"
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                if CHECKS.match(name) or name in MODULES or special(name):
                    yield f"it sets {name}"
                for base in getattr(node, "bases", ()):
                    if re.search(r"\b(Tensor|Parameter|int|float)$", ast.unparse(base)):
                        yield f"it makes a class out of {ast.unparse(base)}"
            case ast.alias() | ast.ImportFrom():
                name = getattr(node, "name", None) or getattr(node, "module", None) or ""
                if USED & set(name.split(".")):
                    yield f"it uses {name}"
                if CHECKS.match(getattr(node, "asname", None) or ""):
                    yield f"it sets {node.asname}"


def root(node: ast.AST) -> str:
    """The name in front of all dots."""
    return re.match(r"\w*", ast.unparse(node))[0]


def part(node: ast.AST) -> bool:
    """Is it of a module, and nothing that was computed?"""
    return isinstance(node, (ast.Name, ast.Attribute)) or ast.unparse(node).startswith("type(")


def special(name: str) -> bool:
    return name[:2] == name[-2:] == "__" and not SPECIAL.match(name)


def plain(node: ast.Attribute, called: set[int]) -> bool:
    """A module's method, such as net.eval() and super().forward(x), or a class's own."""
    method = node.attr in ("eval", "modules", "forward") and id(node) in called
    return method or root(node) == "self"


def long_lines(code: str) -> set[str]:
    """The lines of a program, whatever its spacing and comments; short ones say nothing."""
    lines = (re.sub(r"\s|#.*", "", line) for line in code.split("\n"))
    return {line for line in lines if len(line) > 22 and not line.startswith(("import", "from"))}


@cache
def library() -> set[str]:
    files = (Path(__file__).parents[1] / "pooling").glob("*.py")
    return set().union(*(long_lines(path.read_text("utf8")) for path in files))
