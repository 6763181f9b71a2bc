"""Runs first in the kernel of a graded notebook: what Colab has and this machine lacks.

An import of it works, so that an answer that does not need it is graded; one that
calls something of it is told that it is not there. In a function: no name stays.
"""


def _prelude():
    import importlib.abc
    import importlib.machinery
    import sys
    import types

    names = "d2l", "tqdm", "pandas", "torchvision", "einops", "seaborn", "scipy", "google", "cv2"

    class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        def find_spec(self, name, path=None, target=None):
            if name.split(".")[0] in names:
                return importlib.machinery.ModuleSpec(name, self, is_package=True)
            return None

        def create_module(self, spec):
            module = types.ModuleType(spec.name)

            def missing(name):
                if name.startswith("__"):
                    raise AttributeError(name)

                def call(*args, **kwargs):
                    if spec.name.startswith("tqdm"):  # a bar that nobody watches
                        return range(*args) if name == "trange" else args[0]
                    raise ImportError(f"{spec.name} is not there where this is graded")

                return call

            module.__getattr__ = missing
            return module

        def exec_module(self, module):
            pass

    sys.meta_path.append(Absent())  # asked last: what is installed is used


_prelude()
del _prelude
