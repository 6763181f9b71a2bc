"""Put a submission's cells back in order before nbgrader grades it.

Students delete cells and copy them. nbgrader 0.9.6 grades neither: without a
deleted answer it does not find where its check belongs, and a copy has lost its
name. A course's nbgrader_config.py holds a copy of this.
"""

from nbformat import v4
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor


class Mend(NbGraderPreprocessor):
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
