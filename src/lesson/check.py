"""What the checks of the exercises use. Student notebooks hold a copy of it."""

import re
import sys
import warnings

import torch
from torch.overrides import TorchFunctionMode


class Watch(TorchFunctionMode):
    """Note which of torch's functions are called, and whether the book's `pooling` is."""

    def __init__(self):
        super().__init__()
        self.used = set()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        self.used.add(function.__name__)
        return function(*args, **(kwargs or {}))

    def profile(self, frame, *event):
        module = frame.f_globals.get("__name__") or ""
        if module.partition(".")[0] == "pooling":
            self.used.add("pooling")


def run(answer, *inputs, needs=None, refuses="pool"):
    """Call an answer and return its result.

    Args:
        needs: the name of a function of torch that it has to call.
        refuses: a pattern of names that it may not call, or None.
    Raises:
        AssertionError: it does otherwise, or returns nothing.
    """
    watch = Watch()
    sys.setprofile(watch.profile)
    try:
        # A warning would be printed, which nbgrader takes for an error.
        with watch, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = answer(*inputs)
    finally:
        sys.setprofile(None)
    # The book's own pooling first, then names that a person would write.
    for name in sorted(watch.used, key=lambda name: (name != "pooling", name[0] == "_", name)):
        ready_made = name == "pooling" or (refuses and re.search(refuses, name))
        assert not ready_made, f"Your answer calls {name}. This task is to be done without it."
    assert needs is None or needs in watch.used, f"Your answer does not call {needs}."
    assert result is not None, "Your answer returns nothing. Is a `return` missing?"
    return result


def compare(result, expected, mistakes=None):
    """Compare numbers or tensors, and where they differ name the likely mistake.

    Args:
        mistakes: what to say, by the wrong result to which to say it.
    """

    def close(wrong):
        try:
            torch.testing.assert_close(result, wrong, check_dtype=False)
        except (AssertionError, TypeError, ValueError):
            return False
        return True

    def explain(difference):
        hints = [hint for hint, wrong in (mistakes or {}).items() if close(wrong)]
        if not hints and getattr(result, "shape", None) != getattr(expected, "shape", None):
            hints = ["The shape is off: look at window, stride and padding."]
        return "\n\n".join([*hints[:1], difference])

    torch.testing.assert_close(result, expected, msg=explain)
