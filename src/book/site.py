"""The Sphinx extension: pages show what the notebooks hold, and run nothing."""

from pathlib import Path
from shutil import copy2

from myst_nb.core.read import read_myst_markdown_notebook
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from book import head, light
from book.export import Book, read_notebook, take_outputs
from book.guard import stale
from book.math import Typesetter

WORDS_A_MINUTE = 200


def setup(app: Sphinx) -> dict:
    # After myst-nb's own handlers of these events, before it reads a page.
    app.connect("config-inited", read_outputs_from_notebooks, priority=900)
    app.connect("builder-inited", stop_if_stale)
    app.connect("source-read", rebuild_with_notebook)
    # The theme starts the header at 500, fills it at 501.
    app.connect("html-page-context", offer_download, priority=400)
    app.connect("html-page-context", offer_colab, priority=502)
    app.connect("html-page-context", state_times)
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", keep_bars, priority=400)
    app.add_css_file("book.css")
    head.setup(app)
    Typesetter(app)
    app.connect("build-finished", light.finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": False}


def read_outputs_from_notebooks(app: Sphinx, config) -> None:
    book = Book(app.srcdir)
    config.numfig = False  # a notebook cannot number its figures, so no page does
    config.html_static_path.append(str(Path(__file__).parent / "static"))
    config.html_math_renderer = "typeset"
    for chapter in book.chapters():
        suffix = chapter.relative_to(book.root).as_posix()
        arguments = {"notebook": str(book.notebook(chapter))}
        config.nb_custom_formats[suffix] = ["book.site.read", arguments, False]


def read(text: str, notebook: str):
    """A chapter's cells with its notebook's outputs; myst-nb calls this."""
    page = read_myst_markdown_notebook(text, add_source_map=True, path=notebook)
    executed = read_notebook(Path(notebook))
    executed.cells = [c for c in executed.cells if "setup" not in c.metadata.get("tags", ())]
    take_outputs(page, executed)
    return page


def stop_if_stale(app: Sphinx) -> None:
    if problems := stale(Book(app.srcdir)):
        raise ExtensionError("\n".join(problems))


def rebuild_with_notebook(app: Sphinx, docname: str, source: list[str]) -> None:
    if notebook := _notebook(app, docname):
        app.env.note_dependency(str(notebook))


def offer_download(app, pagename, templatename, context, doctree) -> None:
    for notebook in _notebooks(app, pagename):
        name = notebook.relative_to(Book(app.srcdir).root).as_posix()
        # The theme turns this name into a button beside its other downloads.
        context.setdefault("ipynb_source", name)
        target = Path(app.outdir, "_sources", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy2(notebook, target)


def offer_colab(app, pagename, templatename, context, doctree) -> None:
    buttons = context["header_buttons"]
    full, student = (*_notebooks(app, pagename), None, None)[:2]
    if student:
        name = student.relative_to(Book(app.srcdir).root).as_posix()
        address = f"{context['pathto']('_sources', 1)}/{name}"
        downloads = next(b for b in buttons if b["label"] == "download-buttons")["buttons"]
        downloads.insert(
            1, _link(address, "student .ipynb", "Download the student notebook", "fa-code")
        )
        tip = "Do the exercise on Colab, with checks and without the answer"
        buttons.insert(
            0, _link(_colab(app, student), "Student version", tip, "fa-pencil", "student")
        )
    if full:
        tip = "Run this chapter on Colab"
        buttons.insert(0, _link(_colab(app, full), "Open in Colab", tip, "fa-rocket", "colab"))


def _link(url: str, text: str, tip: str, icon: str, label: str = "download-student") -> dict:
    icon = f"fas {icon}"
    return {"type": "link", "url": url, "text": text, "tooltip": tip, "icon": icon, "label": label}


def _colab(app: Sphinx, notebook: Path) -> str:
    book = Book(app.srcdir)
    address = book.colab_url(book.root / f"{notebook.stem}.md")
    return f"{address.rsplit('/notebooks/')[0]}/{notebook.relative_to(book.root).as_posix()}"


def state_times(app, pagename, templatename, context, doctree) -> None:
    if _notebook(app, pagename):
        minutes = round(len(doctree.astext().split()) / WORDS_A_MINUTE)
        times = f"About {max(minutes, 1)} minutes to read, code included; under a minute to run."
        context["body"] = context["body"].replace(
            "</h1>", f'</h1>\n<p class="times">{times}</p>', 1
        )


def keep_bars(app, what, name, object, options, lines: list[str]) -> None:
    # To reStructuredText, |a| would be a substitution; in a docstring it is a size.
    lines[:] = [line.replace("|", "\\|") for line in lines]


def _notebook(app: Sphinx, docname: str) -> Path | None:
    book = Book(app.srcdir)
    path = book.notebook(book.root / f"{docname}.md")
    return path if docname.startswith("chapters/") and path.exists() else None


def _notebooks(app: Sphinx, docname: str) -> list[Path]:
    """The full notebook of a page and, where there is one, the student's."""
    full = _notebook(app, docname)
    both = (full, full.parent / "student" / full.name) if full else ()
    return [path for path in both if path.exists()]
