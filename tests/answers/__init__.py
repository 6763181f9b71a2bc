"""Answers to every autograded task, and what they should earn: a file for each chapter.

A class is a task. Its methods are answers as a student would write them, each
named after what it does; they are handed in under the name that the task asks
for, behind the functions that its file defines. An answer may also be a text:
a whole cell, where more than a function matters.
"""

import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field


class Task:
    """What a file's class says of its task."""

    cell: str  # the grade_id of its answer
    function: str  # the name that the answer has to have


@dataclass
class Answer:
    """A method of a task, replaced by what is known of it."""

    method: Callable | str
    earns: tuple[int, ...]  # the points of the task's checks, in order
    says: str = ""  # a piece of what the first check that fails says
    kind: str = "wrong"
    task: type[Task] = field(init=False)

    def __set_name__(self, task: type[Task], name: str):
        self.task, self.name = task, name

    @property
    def source(self) -> str:
        if isinstance(self.method, str):
            return inspect.cleandoc(self.method)
        helpers = [
            inspect.getsource(value)
            for value in vars(sys.modules[self.method.__module__]).values()
            if inspect.isfunction(value) and value.__module__ == self.method.__module__
        ]
        text = inspect.cleandoc("\n" + inspect.getsource(self.method))
        text = text[re.search("^def ", text, re.M).start() :]  # without its decorator
        return "\n\n".join([*helpers, text.replace(self.name, self.task.function, 1)])


def wrong(says: str, *earns: int):
    """Wrong by mistake. At least one such answer of a task fails the hidden check only."""
    return lambda method: Answer(method, earns, says)


def ready_made(says: str):
    """Right numbers by ready-made pooling: no points."""
    return lambda method: Answer(method, (), says, "ready-made")


def right(method):
    """Right, in another style than the chapter's own."""
    return Answer(method, (), kind="right")


def another_way(method):
    """Right numbers, not by the way that the task asks for: what no check notices.

    The teaching page says so.
    """
    return Answer(method, (), kind="another way")
