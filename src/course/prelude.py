"""Runs first in the kernel of a graded notebook: what Colab has and this machine lacks.

An import of it works, so that an answer that does not need it is graded; one that
calls something of it is told that it is not there. In a function: no name stays.
"""


def _prelude():
    import sys
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    names = "d2l", "tqdm", "pandas", "torchvision", "einops", "seaborn", "scipy", "google", "cv2"

    class Missing(ModuleType):
        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return Missing(f"{self.__name__}.{name}")

        def __mro_entries__(self, bases):  # it is what a class is made out of
            return (self(),)

        def __call__(self, *args, **kwargs):
            if self.__name__.startswith("tqdm"):  # a bar that nobody watches
                return range(*args) if self.__name__.endswith("trange") else args[0]
            raise ImportError(f"{self.__name__} is not there where this is graded")

    class Absent:
        def find_spec(self, name, path=None, target=None):
            wanted = name.split(".")[0] in names
            return ModuleSpec(name, self, is_package=True) if wanted else None

        def create_module(self, spec):
            return Missing(spec.name)

        def exec_module(self, module):
            pass

    sys.meta_path.append(Absent())  # asked last: what is installed is used


_prelude()
del _prelude
