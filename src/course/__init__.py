"""Run a class through nbgrader: collect from any LMS, grade, give the marks back."""


class CourseError(Exception):
    """It cannot be done as it was asked for; the message says why, and the way out."""
