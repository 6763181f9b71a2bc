"""The settings of a course's nbgrader: each plug-in of this package in its place."""

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
    # What is on standard error is no mistake: torch writes warnings there, also from C++.
    c.IgnorePattern.enabled = True
    c.IgnorePattern.pattern = r"(?s).*"
    c.Autograde.sanitize_preprocessors = [
        steps.ClearOutput,
        steps.DeduplicateIds,
        Mend,
        steps.OverwriteKernelspec,
        steps.OverwriteCells,
        steps.CheckCellMetadata,
    ]
    c.Autograde.autograde_preprocessors = [
        Run,
        steps.IgnorePattern,
        steps.LimitOutput,
        steps.SaveAutoGrades,
        steps.AssignLatePenalties,
        Look,
        steps.CheckCellMetadata,
    ]
    return c
