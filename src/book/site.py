"""The Sphinx extension: pages show what the notebooks hold, and run nothing."""

from pathlib import Path
from shutil import copy2

from myst_nb.core.read import read_myst_markdown_notebook
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from book.export import Book, read_notebook, take_outputs
from book.guard import stale


def setup(app: Sphinx) -> dict:
    # After myst-nb's own handlers of these events, before it reads a page.
    app.connect("config-inited", read_outputs_from_notebooks, priority=900)
    app.connect("builder-inited", stop_if_stale)
    app.connect("source-read", rebuild_with_notebook)
    # The theme starts the header at 500, fills it at 501.
    app.connect("html-page-context", offer_download, priority=400)
    app.connect("html-page-context", offer_colab, priority=502)
    app.connect("autodoc-process-docstring", keep_bars, priority=400)
    app.add_css_file("book.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def read_outputs_from_notebooks(app: Sphinx, config) -> None:
    book = Book(app.srcdir)
    config.html_static_path.append(str(Path(__file__).parent / "static"))
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
    if notebook := _notebook(app, pagename):
        # The theme turns this name into a button beside its other downloads.
        context["ipynb_source"] = f"{notebook.parent.name}/{notebook.name}"
        target = Path(app.outdir, "_sources", context["ipynb_source"])
        target.parent.mkdir(parents=True, exist_ok=True)
        copy2(notebook, target)


def offer_colab(app, pagename, templatename, context, doctree) -> None:
    book = Book(app.srcdir)
    if _notebook(app, pagename):
        context["header_buttons"].insert(
            0,
            {
                "type": "link",
                "url": book.colab_url(book.root / f"{pagename}.md"),
                "text": "Open in Colab",
                "tooltip": "Run this chapter on Colab",
                "icon": "fas fa-rocket",
                "label": "colab",
            },
        )


def keep_bars(app, what, name, object, options, lines: list[str]) -> None:
    # To reStructuredText, |a| would be a substitution; in a docstring it is a size.
    lines[:] = [line.replace("|", "\\|") for line in lines]


def _notebook(app: Sphinx, docname: str) -> Path | None:
    book = Book(app.srcdir)
    path = book.notebook(book.root / f"{docname}.md")
    return path if docname.startswith("chapters/") and path.exists() else None
