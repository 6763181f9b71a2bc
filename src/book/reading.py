"""What a page does for the one who reads it: its folds, its times, its places."""

import re

from docutils import nodes
from nbformat import NotebookNode
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx_proof.nodes import depart_unenumerable_node, proof_node, unenumerable_node

WORDS_A_MINUTE = 200
MARKER = re.compile(r"^[ \t]*### (BEGIN|END) [A-Z ]+\n?", re.MULTILINE)


def setup(app: Sphinx) -> None:
    app.add_js_file("page.js", loading_method="defer")
    app.connect("doctree-read", enter_in_search)
    app.connect("doctree-resolved", tidy_proofs)
    # A theorem's name stands at its title, and not at its box once more.
    visitors = (open_theorem, depart_unenumerable_node)
    app.add_node(unenumerable_node, override=True, html=visitors)


def fold(cell: NotebookNode) -> None:
    """Say on the page what a fold holds; leave the grader's own cells and marks out of it."""
    tags = cell.metadata.setdefault("tags", [])
    shown = cell.metadata.setdefault("mystnb", {})
    exercise, what = cell.metadata.get("nbgrader"), "the code"
    if exercise and exercise["solution"]:
        tags.append("hide-cell")
        what = "the answer"
    elif exercise and exercise.get("points"):
        tags.append("hide-input")
        what = f"the check, {cell.source.splitlines()[0].strip('# ')}"
    elif exercise:
        tags.append("remove-cell")
    elif "figure" in shown:
        what = "how the figure is drawn"
    shown.setdefault("code_prompt_show", f"Show {what}")
    shown.setdefault("code_prompt_hide", f"Hide {what}")
    cell.source = MARKER.sub("", cell.source)


def times(app: Sphinx, docname: str, doctree: nodes.document) -> nodes.paragraph:
    """How long the answer, the page and its other half take to read."""
    paragraph = nodes.paragraph(classes=["times"])
    answers = [a for a in doctree.findall(nodes.admonition) if a[0].astext() == "Short answer"]
    here = "in depth" if docname.endswith("-in-depth") else "this chapter"
    parts = [f"Answer {_minutes(answers[0])}"] if answers else []
    paragraph += nodes.Text(" · ".join([*parts, f"{here} {_minutes(doctree)}"]).capitalize())
    if depth := _depth(app, docname):
        uri = app.builder.get_relative_uri(docname, depth)
        link = nodes.reference("", "in depth", refuri=uri, internal=True)
        paragraph += [nodes.Text(" · "), link]
        paragraph += nodes.Text(f" {_minutes(app.env.get_doctree(depth))}")
    return paragraph


def _depth(app: Sphinx, docname: str) -> str | None:
    depth = re.sub(r"(chapters/\d\d)-.*", r"\1-in-depth", docname)
    return depth if depth != docname and depth in app.env.found_docs else None


def _minutes(node: nodes.Node) -> str:
    """The time for its prose: no code, no task, no list of sources."""
    words = sum(len(text.split()) for text in node.findall(nodes.Text) if _is_read(text))
    return f"{max(1, round(words / WORDS_A_MINUTE))} min"


def _is_read(text: nodes.Node) -> bool:
    while text := text.parent:
        if isinstance(text, (nodes.literal_block, nodes.raw, nodes.footnote, nodes.comment)):
            return False
        if {"your-turn", "sources"} & set(text.get("ids", ())):
            return False
    return True


def enter_in_search(app: Sphinx, doctree: nodes.document) -> None:
    """Let the search find a page first by the words of its front matter, `search: …`."""
    words = app.env.metadata[app.env.docname].get("search", "")
    entries = [("single", word.strip(), "", "main", None) for word in words.split(",") if word]
    doctree.insert(0, addnodes.index(entries=entries))


def tidy_proofs(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Set off the word *Proof*; name no place twice."""
    # sphinx-proof calls the inside of each theorem and each proof alike.
    for node in list(doctree.findall(nodes.Element)):
        if node.get("ids") in (["proof-content"], ["proof"]):
            node["ids"] = []
        if isinstance(node, proof_node):
            first = next(node.findall(nodes.Text))
            rest = nodes.Text(first.removeprefix("Proof."))
            first.parent.replace(first, [nodes.emphasis("", "Proof."), rest])


def open_theorem(translator, node: unenumerable_node) -> None:
    box = node.deepcopy()
    box["ids"] = []
    translator.body.append(translator.starttag(box, "div", CLASS="admonition"))
