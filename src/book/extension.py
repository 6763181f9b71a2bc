"""The Sphinx extension: pages show what the notebooks hold, and run nothing."""

from pathlib import Path
from shutil import copy2

from docutils import nodes
from filelock import FileLock
from myst_nb.core.read import read_myst_markdown_notebook
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from book import reading, weight
from book.book import Book, BookError, code_cells, read_notebook, stale
from book.export import take_outputs
from book.formulas import Typesetter
from book.head import Head


def setup(app: Sphinx) -> dict:
    try:
        book = Book(app.srcdir)
        pages = Pages(book)
    except BookError as error:
        raise ExtensionError(str(error)) from None
    take_turn(app)
    # After myst-nb's own handlers of these events, before it reads a page.
    app.connect("config-inited", pages.read_outputs_from_notebooks, priority=900)
    app.connect("builder-inited", pages.stop_if_stale)
    app.connect("source-read", pages.rebuild_with_notebook)
    app.connect("doctree-resolved", pages.open_chapter)
    # The theme starts the header at 500, fills it at 501.
    app.connect("html-page-context", pages.offer_download, priority=400)
    app.connect("html-page-context", pages.offer_colab, priority=502)
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", escape_bars, priority=400)
    app.add_css_file("book.css")
    Head(app, book)
    reading.setup(app)
    Typesetter(app)
    weight.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": False}


def take_turn(app: Sphinx) -> None:
    """Of two builds at once one waits; after one that was killed, all is made anew."""
    folder = Path(app.outdir).parent
    turn, unfinished = FileLock(folder / ".turn"), folder / ".unfinished"
    turn.acquire()
    if unfinished.exists():
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)
    unfinished.touch()

    def end(app: Sphinx, problem: Exception | None) -> None:
        unfinished.unlink()
        turn.release()

    app.connect("build-finished", end, priority=999)


def read(text: str, notebook: str):
    """A chapter's cells with its notebook's outputs; myst-nb calls this."""
    page = read_myst_markdown_notebook(text, add_source_map=True, path=notebook)
    executed = read_notebook(Path(notebook))
    executed.cells = [c for c in executed.cells if "setup" not in c.metadata.get("tags", ())]
    take_outputs(page, executed)
    for cell in code_cells(page):
        reading.fold(cell)
    return page


class Pages:
    """What the pages of one build take from the book."""

    def __init__(self, book: Book):
        self.book = book

    def read_outputs_from_notebooks(self, app: Sphinx, config) -> None:
        config.numfig = False  # a notebook cannot number its figures, so no page does
        own = Path(__file__).parent
        config.html_static_path.append(str(own / "static"))
        config.templates_path.append(str(own / "templates"))
        config.html_math_renderer = "typeset"
        for chapter in self.book.chapters:
            arguments = {"notebook": str(self.book.notebook(chapter))}
            reader = ["book.extension.read", arguments, False]
            config.nb_custom_formats[self.book.relative(chapter)] = reader

    def stop_if_stale(self, app: Sphinx) -> None:
        if problems := stale(self.book):
            raise ExtensionError("\n".join(problems))

    def rebuild_with_notebook(self, app: Sphinx, docname: str, source: list[str]) -> None:
        if notebook := self.notebooks(docname).get("full"):
            app.env.note_dependency(str(notebook))

    def notebooks(self, docname: str) -> dict[str, Path]:
        """The full notebook of a page and, where there is one, the student's."""
        page = self.book.page(docname)
        if page.parent != self.book.root / "chapters":
            return {}
        both = {"full": self.book.notebook(page), "student": self.book.student_notebook(page)}
        return {kind: path for kind, path in both.items() if path.exists()}

    def offer_download(self, app, pagename, templatename, context, doctree) -> None:
        for notebook in self.notebooks(pagename).values():
            name = self.book.relative(notebook)
            # The theme turns this name into a button beside its other downloads.
            context.setdefault("ipynb_source", name)
            target = Path(app.outdir, "_sources", name)
            target.parent.mkdir(parents=True, exist_ok=True)
            copy2(notebook, target)

    def offer_colab(self, app, pagename, templatename, context, doctree) -> None:
        buttons, found = context["header_buttons"], self.notebooks(pagename)
        if student := found.get("student"):
            address = f"{context['pathto']('_sources', 1)}/{self.book.relative(student)}"
            downloads = next(b for b in buttons if b["label"] == "download-buttons")["buttons"]
            tip = "Download the student notebook"
            downloads.insert(1, _link(address, "student .ipynb", tip, "fa-code"))
            tip = "Do the exercise on Colab, with checks and without the answer"
            address = self.book.colab_url(student)
            buttons.insert(0, _link(address, "Student version", tip, "fa-pencil", "student"))
        if full := found.get("full"):
            tip, address = "Run this chapter on Colab", self.book.colab_url(full)
            buttons.insert(0, _link(address, "Open in Colab", tip, "fa-rocket", "colab"))

    def open_chapter(self, app: Sphinx, doctree, docname: str) -> None:
        """Under the title: how long it takes, and for a phone the buttons in words."""
        if found := self.notebooks(docname):
            words = {"full": "Open in Colab", "student": "Student version"}
            launch = nodes.paragraph(classes=["launch"])
            for kind, notebook in found.items():
                address = self.book.colab_url(notebook)
                launch += nodes.reference("", words[kind], refuri=address, internal=False)
            place = next(iter(doctree.findall(nodes.title)))
            place.parent.insert(1, [reading.times(app, docname, doctree), launch])


def _link(url: str, text: str, tip: str, icon: str, label: str = "download-student") -> dict:
    icon = f"fas {icon}"
    return {"type": "link", "url": url, "text": text, "tooltip": tip, "icon": icon, "label": label}


def escape_bars(app, what, name, object, options, lines: list[str]) -> None:
    # To reStructuredText, |a| would be a substitution; in a docstring it is a size.
    lines[:] = [line.replace("|", "\\|") for line in lines]
