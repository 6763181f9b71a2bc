"""What the checks of the exercises use. Student notebooks hold a copy of it."""

import re
import sys
import warnings

import torch
from torch.overrides import TorchFunctionMode

SIGNS = {"gt": ">", "lt": "<", "ge": ">=", "le": "<=", "eq": "==", "ne": "!="}
LOOKS = "__get__", "__set__", "__len__", "__repr__", "__format__"  # nothing is computed


class Watch(TorchFunctionMode):
    """Note which of torch's functions are called, and whether the book's `pooling` is."""

    def __init__(self):
        super().__init__()
        self.used = set()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function.__name__ not in LOOKS:
            self.used.add(function.__name__)
        return function(*args, **(kwargs or {}))

    def profile(self, frame, *event):
        module = frame.f_globals.get("__name__") or ""
        if module.partition(".")[0] == "pooling":
            self.used.add("pooling")


def run(answer, *inputs, needs=None, refuses="pool"):
    """Call an answer on copies of the inputs, which it may change, and return its result.

    Args:
        needs: the name of a function of torch that it has to call, in any of its forms.
        refuses: a pattern of names that it may not call, or None.
    Raises:
        AssertionError: it does otherwise, or returns nothing.
    """
    copies = [x.clone() if isinstance(x, torch.Tensor) else x for x in inputs]
    watch, before = Watch(), sys.getprofile()
    sys.setprofile(watch.profile)
    try:
        # A warning would be printed, which nbgrader takes for an error.
        with watch, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = answer(*copies)
    finally:
        sys.setprofile(before)
    if type(result).__module__ == "numpy" and result.ndim == 1:
        result = result.tolist()  # numbers are numbers, in whatever sequence
    # The book's own pooling first, then names that a person would write.
    for name in sorted(watch.used, key=lambda name: (name != "pooling", name[0] == "_", name)):
        if name == "pooling" or (refuses and re.search(refuses, name)):
            sign = SIGNS.get(name.strip("_"))
            assert not sign, (
                f"Your answer compares tensors ({name}, that is `{sign}`), perhaps "
                "through Python's max. This task is to be done without it."
            )
            raise AssertionError(f"Your answer calls {name}. This task is to be done without it.")
    called = needs is None or {needs, f"{needs}_", f"{needs}_with_indices"} & watch.used
    assert called, f"Your answer does not call {needs}."
    assert result is not None, "Your answer returns nothing. Is a `return` missing?"
    return result


def compare(result, expected, mistakes=None, otherwise=None, where="Here", rtol=None):
    """Compare tensors or numbers, and where they differ name the likely mistake.

    Args:
        mistakes: what to say, by the wrong result, or a list of them, to which to say it.
        otherwise: what to say if it is none of these.
        where: how to begin the sentence that tells which numbers were returned.
        rtol: the part of the expected value that may be missing; None for rounding only.
    """
    tensors = isinstance(expected, torch.Tensor)
    if tensors and not isinstance(result, torch.Tensor):
        raise AssertionError(f"Return a tensor: this is of type {type(result).__name__}.")
    limits = {} if rtol is None else {"rtol": rtol, "atol": 0.0}

    def close(wrong):
        try:
            torch.testing.assert_close(result, wrong, check_dtype=False, **limits)
        except (AssertionError, TypeError, ValueError):
            return False
        return True

    def explain(difference):
        hints = []
        for hint, wrong in (mistakes or {}).items():
            if any(map(close, wrong if isinstance(wrong, list) else [wrong])):
                hints.append(hint)
        if tensors and result.shape != expected.shape:
            hints.append(
                "The shape is off: images and channels stay, "
                "rows and columns follow from window, stride and padding."
            )
        elif tensors and result.dtype != expected.dtype:
            hints.append("The type is off: keep that of the input.")
        return "\n\n".join([*[*hints, otherwise or ""][:1], difference]).strip()

    if tensors:
        torch.testing.assert_close(result, expected, msg=explain, **limits)
    else:  # the number that is expected is not told
        assert close(expected), explain(f"{where} your answer is {result}.")
