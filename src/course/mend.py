"""What a submission goes through when it is graded, as nbgrader's preprocessors.

Students delete cells and copy them. nbgrader 0.9.6 grades neither: without a
deleted answer it does not find where its check belongs, and a copy has lost its
name. Mend puts a submission's cells back in order before it is graded. Run runs
it away from the course's folder, each check with the original tools, and goes on
when its kernel dies. Look notes what a person should look at.
"""

import re
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4
from nbgrader import preprocessors as steps
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors.execute import UnresponsiveKernelError

from course.look import reasons


class Mend(steps.NbGraderPreprocessor):
    """Take copies for plain cells; add deleted cells as they were handed out."""

    def preprocess(self, notebook, resources):
        where, course = resources["nbgrader"], CourseDirectory(parent=self)
        folder = course.format_path(course.release_directory, ".", where["assignment"])
        handed_out = nbformat.read(Path(folder, f"{where['notebook']}.ipynb"), 4).cells
        notebook = v4.upgrade(notebook)  # Colab's cells have no ids
        handed_out = [cell for cell in handed_out if "nbgrader" in cell.metadata]
        known = {cell.metadata.nbgrader.grade_id for cell in handed_out}
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") not in known:
                cell.metadata.pop("nbgrader", None)  # a copy, or one that claims to be a check
        place = 0
        for cell in handed_out:
            if own := find(notebook.cells, cell):
                own.metadata["nbgrader"] = cell.metadata["nbgrader"]
                place = notebook.cells.index(own)
            else:
                notebook.cells.insert(place, cell)
                self.log.warning("%s was deleted; it is put back", cell.metadata.nbgrader.grade_id)
            place += 1
        return notebook, resources


def find(cells: list[NotebookNode], wanted: NotebookNode) -> NotebookNode | None:
    """The cell of this name; or an answer that lost its name, known by its function."""
    meta, names = wanted.metadata.nbgrader, {}
    function = re.search(r"^def \w+\(", wanted.source, re.M) if meta.solution else None
    for cell in cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if not name and function and re.search(rf"^{re.escape(function[0])}", cell.source, re.M):
            name = "lost"
        names[name] = cell
    return names.get(meta.grade_id) or names.get("lost")


class Run(steps.Execute):
    """Run each check behind the original tools, all in a folder of its own."""

    place = 0  # of the cell that runs

    def preprocess(self, notebook, resources, *args, **kwargs):
        locked = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("locked")]
        names = {cell.metadata.nbgrader.grade_id: cell.source for cell in locked}
        self.tools = next((names[name] for name in names if name.endswith("tools")), "")
        # pip would change the environment that everybody is graded in.
        with tempfile.TemporaryDirectory() as folder, utils.setenv(PIP_PYTHON="/no/pip/here"):
            resources.setdefault("metadata", {})["path"] = folder
            try:
                super().preprocess(notebook, resources, *args, **kwargs)
            except (RuntimeError, TimeoutError, UnresponsiveKernelError) as error:
                self.log.error("%s: %s", resources["unique_key"], error)
                stop(notebook, self.place, str(error) or type(error).__name__)
        del resources["metadata"]["path"]
        return notebook, resources

    def preprocess_cell(self, cell, resources, index):
        meta, source = cell.metadata.get("nbgrader", {}), cell.source
        self.place = index
        if meta.get("locked") and meta.get("grade") and source != self.tools:
            cell.source = f"{self.tools}\n{source}"
        try:
            super().preprocess_cell(cell, resources, index)
        finally:
            cell.source = source
        if meta.get("locked"):  # nbgrader would take a hook's number for points
            cell.outputs = [o for o in cell.outputs if o.output_type != "execute_result"]
        return cell, resources


def stop(notebook: NotebookNode, place: int, why: str) -> None:
    """Nothing ran to its end from here on: no check of it may earn a point; somebody is told."""
    notebook.metadata["died"] = why
    for cell in notebook.cells[place:]:
        if cell.cell_type == "code":
            cell.outputs = [v4.new_output("error", ename="Stopped", evalue=why, traceback=[why])]


class Look(steps.NbGraderPreprocessor):
    """Note in the notebook what is odd, and leave its checks to a person's eye."""

    def preprocess(self, notebook, resources):
        where, found = resources["nbgrader"], reasons(notebook)
        if died := notebook.metadata.get("died"):
            found.insert(0, f"it stopped: {died.splitlines()[0][:60]}")
        notebook.metadata["look"] = found
        if found:
            work = where["notebook"], where["assignment"], where["student"]
            with Gradebook(where["db_url"]) as gradebook:
                for grade in gradebook.find_submission_notebook(*work).grades:
                    grade.needs_manual_grade = grade.needs_manual_grade or bool(grade.auto_score)
                gradebook.db.commit()
        return notebook, resources
