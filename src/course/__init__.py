"""Run a class through nbgrader: collect from any LMS, grade, give the marks back."""
