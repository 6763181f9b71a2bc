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

from nbformat import NotebookNode, v4
from nbgrader import preprocessors as steps
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors.execute import UnresponsiveKernelError

from course.look import reasons

PRELUDE = Path(__file__).with_name("prelude.py").read_text("utf8")


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
            self.recognize(notebook, handed_out.source_cells, answers)
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

    def recognize(self, notebook, handed_out, answers):
        """Answers that lost their names, copied into a new notebook: by their functions."""
        there = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
        for cell in handed_out:
            function = re.search(r"^def \w+\(", cell.source or "", re.M)
            if cell.name in there or cell.name not in answers or not function:
                continue
            for own in reversed(notebook.cells):
                if "nbgrader" not in own.metadata and re.search(
                    f"^{re.escape(function[0])}", own.source, re.M
                ):
                    meta = {"grade_id": cell.name, "schema_version": 3, "task": False}
                    meta |= {"grade": False, "solution": True, "locked": False}
                    own.metadata["nbgrader"] = meta | {
                        "checksum": cell.checksum,
                        "cell_type": "code",
                    }
                    break


class Run(steps.Execute):
    """Run each check behind the original tools, all in a folder of its own."""

    tools = ""

    def preprocess(self, notebook, resources, *args, **kwargs):
        ids = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
        tools = [m.get("locked") and m.get("grade_id", "").endswith("tools") for m in ids]
        self.tools = "".join(
            c.source for c, is_it in zip(notebook.cells, tools, strict=True) if is_it
        )
        first = v4.new_code_cell(PRELUDE)
        if notebook.nbformat_minor < 5:
            del first["id"]
        notebook.cells.insert(0, first)
        # pip would change the environment that everybody is graded in.
        with tempfile.TemporaryDirectory() as folder, utils.setenv(PIP_PYTHON="/no/pip/here"):
            resources.setdefault("metadata", {})["path"] = folder
            try:
                super().preprocess(notebook, resources, *args, **kwargs)
            except (RuntimeError, TimeoutError, UnresponsiveKernelError) as error:
                self.log.error("%s: %s", resources["unique_key"], error)
                stop(notebook, str(error) or type(error).__name__)
        del notebook.cells[0]
        del resources["metadata"]["path"]
        return notebook, resources

    def preprocess_cell(self, cell, resources, index):
        meta, source = cell.metadata.get("nbgrader", {}), cell.source
        if cell.cell_type == "code" and meta.get("locked") and meta.get("grade"):
            cell.source = f"{self.tools}\n{source}" if source != self.tools else source
        try:
            return super().preprocess_cell(cell, resources, index)
        finally:
            cell.source = source


def stop(notebook: NotebookNode, why: str) -> None:
    """Nothing ran from here on: no check of it may earn a point, and somebody is told."""
    notebook.metadata["died"] = why
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.get("execution_count") is None:
            cell.outputs = [v4.new_output("error", ename="Stopped", evalue=why, traceback=[why])]


class Look(steps.NbGraderPreprocessor):
    """Note in the notebook what is odd, and leave its checks to a person's eye."""

    def preprocess(self, notebook, resources):
        where = resources["nbgrader"]
        found = reasons(notebook)
        if died := notebook.metadata.get("died"):
            found.insert(0, f"it stopped: {died.splitlines()[0][:60]}")
        notebook.metadata["look"] = found
        if found:
            self.log.warning("%s, %s: %s", where["student"], where["notebook"], "; ".join(found))
            with Gradebook(where["db_url"]) as gradebook:
                for grade in gradebook.find_submission_notebook(
                    where["notebook"], where["assignment"], where["student"]
                ).grades:
                    grade.needs_manual_grade = grade.needs_manual_grade or bool(grade.auto_score)
                gradebook.db.commit()
        return notebook, resources
