"""A tiny book, whole, to break in every way that the guards must notice."""

import shutil
from pathlib import Path

import pytest

from book.__main__ import main
from book.book import Book
from conftest import build_site

CONFIG = """\
title: Tiny
only_build_toc_files: true
execute: {execute_notebooks: "off"}
repository: {url: https://github.com/someone/tiny, branch: main}
bibtex_bibfiles: [chapters/references.bib]
sphinx:
  extra_extensions: [sphinx_proof]
  local_extensions: {book.extension: SRC}
  config: {suppress_warnings: [myst.footnote], myst_footnote_transition: false}
"""

TOC = """\
format: jb-book
root: chapters/index
chapters:
- {file: chapters/01-mean, sections: [{file: chapters/01-in-depth, title: 1 in depth}]}
- {file: chapters/02-alone}
- {file: chapters/glossary}
"""

HEADER = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""

MEAN = """
# Mean

```{admonition} Short answer
:class: tip
Add, then divide {footcite:p}`crow1984`.
```

```{code-cell} ipython3
import pooling

pooling.mean([1, 2, 6])
```

```{code-cell} ipython3
---
tags: [hide-input]
mystnb:
  figure:
    name: fig-line
    caption: The mean grows.
  image:
    alt: A rising line.
---
from matplotlib import pyplot as plt
from matplotlib_inline.backend_inline import set_matplotlib_formats

set_matplotlib_formats("svg", metadata={"Date": None})
plt.rcParams["svg.hashsalt"] = "tiny"
_ = plt.figure(figsize=(2, 1))
_ = plt.plot([pooling.mean([0, 2 * i]) for i in range(4)])
```

## Sources

```{footbibliography}
```
"""

ALONE = """
# Alone

See [the mean](01-mean.md).

```{code-cell} ipython3
print(6 * 7)
```
"""

IN_DEPTH = """
# Mean, in depth

A {term}`window <pooling window>` of [the mean](01-mean.md), by {prf:ref}`the theorem <thm-alike>`.

```{prf:theorem} All alike
:label: thm-alike
:nonumber:
- One
- Two
```

```{code-cell} ipython3
print(1 + 1)
```
"""

GLOSSARY = """
# Glossary

```{glossary}
pooling window
  The cells that one output is made of.
```
"""

BIB = """
@inproceedings{crow1984, author = {Crow, Franklin C.}, title = {Summed-area tables},
  booktitle = {SIGGRAPH}, year = 1984, url = {https://doi.org/10.1145/800031.808600}}
"""


def write_tiny(root: Path) -> None:
    src = Path(__file__).parents[2] / "src"
    files = {
        "_config.yml": CONFIG.replace("SRC", str(src)),
        "_toc.yml": TOC,
        "chapters/index.md": "# Tiny\n\nNo code.\n",
        "chapters/01-mean.md": HEADER + MEAN,
        "chapters/02-alone.md": HEADER + ALONE,
        "chapters/01-in-depth.md": HEADER + IN_DEPTH,
        "chapters/glossary.md": GLOSSARY,
        "chapters/references.bib": BIB,
        "src/pooling/__init__.py": "def mean(x):\n    return sum(x) / len(x)\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(root / "src"))
        assert main(str(root)) == 0


@pytest.fixture(scope="session")
def finished(once) -> Path:
    return once("tiny", write_tiny)


@pytest.fixture(scope="session")
def pages(once, finished) -> Path:
    """The tiny book's website, whose address is known."""

    def build(out: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SITE_URL", "https://someone.example/tiny")
            done = build_site(finished, out)
        assert done.returncode == 0, done.stdout + done.stderr

    return once("pages", build) / "_build" / "html"


@pytest.fixture(scope="session")
def plain(once, finished) -> Path:
    """The same, of no address, as one build makes it that nothing disturbs."""

    def build(out: Path) -> None:
        done = build_site(finished, out)
        assert done.returncode == 0, done.stdout + done.stderr

    return once("plain", build) / "_build" / "html"


@pytest.fixture
def tiny(finished, tmp_path, monkeypatch) -> Book:
    """A fresh copy of the tiny book, its notebooks executed."""
    root = tmp_path / "tiny"
    shutil.copytree(finished, root)
    monkeypatch.setenv("PYTHONPATH", str(root / "src"))
    return Book(root)


@pytest.fixture
def edit(tiny):
    """Replace a piece of one of the tiny book's files."""

    def replace(name: str, old: str, new: str) -> None:
        path = tiny.root / name
        text = path.read_text("utf8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), "utf8")

    return replace
