"""The settings of a course's nbgrader: each plug-in of this package in its place."""

from pathlib import Path

from nbgrader import preprocessors as steps
from traitlets.config import Config

from course.collect import Collect, Extract
from course.marks import Marks
from course.mend import Look, Mend, Run


def settings() -> Config:
    c = Config()
    c.ZipCollectApp.extractor_plugin = Extract
    c.ZipCollectApp.collector_plugin = Collect
    c.ExportApp.plugin_class = Marks
    c.Execute.timeout = 60  # seconds a cell may take; then it is cut off and fails
    c.Execute.shutdown_kernel = "immediate"  # what it gave is already taken; saves a quarter
    c.LimitOutput.max_lines = 100
    prelude = Path(__file__).with_name("prelude.py")
    quiet = "--IPKernelApp.log_level=ERROR"
    c.Execute.extra_arguments = [quiet, f"--IPKernelApp.exec_files={prelude}"]
    # What is on standard error is no mistake: torch writes warnings there, also from C++.
    c.IgnorePattern.enabled = True
    c.IgnorePattern.pattern = r"(?s).*"
    mend = [steps.ClearOutput, steps.DeduplicateIds, Mend, steps.OverwriteKernelspec]
    c.Autograde.sanitize_preprocessors = [*mend, steps.OverwriteCells, steps.CheckCellMetadata]
    save = [steps.SaveAutoGrades, steps.AssignLatePenalties, Look, steps.CheckCellMetadata]
    c.Autograde.autograde_preprocessors = [Run, steps.IgnorePattern, steps.LimitOutput, *save]
    return c
