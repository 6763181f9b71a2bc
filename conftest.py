"""Notebooks are run again as they were run first: nothing of a user's settings leaks in."""

import os
import tempfile
from shutil import rmtree

from book.export import kernel_variables

collect_ignore = ["src/course/prelude.py"]  # for a kernel: it changes what can be imported


def pytest_configure(config):
    profile = tempfile.mkdtemp(prefix="ipython-")
    variables = kernel_variables(profile)
    config.add_cleanup(lambda: rmtree(profile, ignore_errors=True))
    for name in os.environ.keys() - variables:
        del os.environ[name]
    os.environ.update(variables)
