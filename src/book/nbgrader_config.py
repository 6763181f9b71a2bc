"""A course's settings for nbgrader: student.write_course puts a copy into it.

Students delete cells and copy them. nbgrader 0.9.6 grades neither: without a
deleted answer it does not find where its check belongs, and a copy has lost its
name. Mend puts a submission's cells back in order before it is graded.
"""

from nbformat import v4
from nbgrader import preprocessors as steps
from nbgrader.api import Gradebook


class Mend(steps.NbGraderPreprocessor):
    """Take copies for plain cells; add deleted cells as they were handed out."""

    def preprocess(self, notebook, resources):
        where = resources["nbgrader"]
        for cell in notebook.cells:
            if "grade_id" not in cell.metadata.get("nbgrader", {"grade_id": None}):
                del cell.metadata["nbgrader"]  # a copy
        with Gradebook(where["db_url"]) as gradebook:
            handed_out = gradebook.find_notebook(where["notebook"], where["assignment"])
            points = {cell.name: cell.max_score for cell in handed_out.grade_cells}
            answers = {cell.name for cell in handed_out.solution_cells}
            before = -1
            for cell in handed_out.source_cells:
                names = [c.metadata.get("nbgrader", {}).get("grade_id") for c in notebook.cells]
                if cell.name in names:
                    before = names.index(cell.name)
                    continue
                new = v4.new_code_cell if cell.cell_type == "code" else v4.new_markdown_cell
                meta = {"grade_id": cell.name, "schema_version": 3, "task": False}
                meta |= {"grade": cell.name in points, "solution": cell.name in answers}
                meta |= {"locked": cell.locked, "checksum": cell.checksum}
                meta |= {"cell_type": cell.cell_type}
                if cell.name in points:
                    meta["points"] = points[cell.name]
                before += 1
                notebook.cells.insert(before, new(cell.source, metadata={"nbgrader": meta}))
                if notebook.nbformat_minor < 5:  # as Colab saves it: cells have no ids
                    del notebook.cells[before]["id"]
                self.log.warning("%s was deleted; it is put back", cell.name)
        return notebook, resources


CODE_STUB = """\
# YOUR ANSWER HERE
raise NotImplementedError("Replace this line by your answer, then run this cell and the check.")"""

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "pooling"
c.ClearSolutions.code_stub = {"python": CODE_STUB}
c.ClearSolutions.text_stub = "*Write your answer here, instead of this line.*"
c.Execute.timeout = 60  # seconds a cell may take; then it is cut off and fails
# Downloads, a folder a student: "ada/01-x.ipynb", with what Moodle and Colab add to names.
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^/]+?)(_\d+_assignsubmission_file_?)?"
    r"/(Copy of )?(?P<file_id>\d\d-[\w-]+?)( ?\(\d+\))?\.ipynb$"
)
c.Autograde.sanitize_preprocessors = [
    steps.ClearOutput,
    steps.DeduplicateIds,
    Mend,
    steps.OverwriteKernelspec,
    steps.OverwriteCells,
    steps.CheckCellMetadata,
]
