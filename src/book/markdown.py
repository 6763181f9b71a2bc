"""Turn a chapter's MyST into the plain Markdown that Colab renders.

Colab shows CommonMark, tables and `$math$`. Every directive and role becomes
plain text here; what this module does not know stops the export, so that no
raw syntax can reach a learner.
"""

import re
from collections.abc import Callable
from pathlib import Path

from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from pybtex.database import Entry, parse_file
from pybtex.richtext import Text

ADMONITIONS = {"note", "tip", "important", "warning", "admonition", "dropdown"}
STATEMENTS = {"theorem", "lemma", "corollary", "proposition", "definition"}

_ROLE = re.compile(r"\{([\w:]+)\}(`+)(.+?)\2")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!\w+://)([^)\s]*)\)")
_OPAQUE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_DISPLAY_MATH = re.compile(r"^\$\$(.+?)^\$\$$", re.DOTALL | re.MULTILINE)


class UnknownSyntax(ValueError):
    """A directive or role that this module cannot turn into plain Markdown."""


class Bibliography:
    """The sources a chapter may cite, by key."""

    def __init__(self, path: Path):
        self.entries = parse_file(str(path)).entries if path.exists() else {}

    def cite(self, key: str, textual: bool) -> str:
        """Author and year, linked: "Crow (1984)" or, in brackets, "Crow 1984"."""
        entry = self._entry(key)
        names = [_plain(" ".join(p.prelast_names + p.last_names)) for p in _people(entry)]
        if len(names) > 2:
            names = [names[0] + " et al."]
        year = entry.fields["year"]
        label = " and ".join(names) + (f" ({year})" if textual else f" {year}")
        return f"[{label}]({entry.fields['url']})"

    def reference(self, key: str) -> str:
        """One line of a list of sources."""
        entry = self._entry(key)
        names = [
            p.first_names + p.middle_names + p.prelast_names + p.last_names for p in _people(entry)
        ]
        authors = ", ".join(_plain(" ".join(name)) for name in names)
        title = _plain(entry.fields["title"])
        return f"- {authors} ({entry.fields['year']}). [{title}]({entry.fields['url']})."

    def _entry(self, key: str) -> Entry:
        if key not in self.entries:
            raise UnknownSyntax(f"no source {key!r} in references.bib; add it there")
        return self.entries[key]


def to_commonmark(
    text: str,
    bibliography: Bibliography,
    cited: list[str],
    chapter_url: Callable[[str], str | None],
) -> str:
    """Convert one Markdown cell.

    Args:
        text: MyST source of the cell.
        bibliography: the sources.
        cited: keys cited so far in this chapter; extended in place.
        chapter_url: the address of a linked page, or None to keep only its text.
    Raises:
        UnknownSyntax: a directive or role is left that has no plain form.
    """
    convert = _Converter(bibliography, cited, chapter_url)
    plain = convert.blocks(text)
    for name in raw_syntax(plain):
        raise UnknownSyntax(f"{name} has no plain Markdown form; see book.markdown for what has")
    return plain


def raw_syntax(text: str) -> list[str]:
    """Directives, roles, targets and comments that Colab would show as they are."""
    found = []
    for token in _parse(text):
        if token.type in ("fence", "colon_fence") and token.info.startswith("{"):
            found.append(token.info.split()[0])
        elif token.type in ("myst_target", "myst_line_comment", "myst_block_break"):
            found.append(token.type)
        for child in token.children or ():
            if child.type == "myst_role":
                found.append("{" + child.meta["name"] + "}")
    return found


def _parse(text: str):
    extensions = {"dollarmath", "colon_fence"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML).parse(text)


def _people(entry: Entry):
    return entry.persons.get("author") or entry.persons.get("editor") or []


def _plain(latex: str) -> str:
    return str(Text.from_latex(latex))


class _Converter:
    def __init__(self, bibliography, cited, chapter_url):
        self.bibliography, self.cited, self.chapter_url = bibliography, cited, chapter_url

    def blocks(self, text: str) -> str:
        lines, out, done = text.split("\n"), [], 0
        for token in _parse(text):
            if token.map is None or token.level != 0:
                continue
            start, end = token.map
            if token.type in ("fence", "colon_fence"):
                out.append(self.inline("\n".join(lines[done:start])))
                source = "\n".join(lines[start:end])
                out.append(self.directive(token) if token.info.startswith("{") else source)
                done = end
            elif token.type in ("myst_target", "myst_line_comment"):
                out.append(self.inline("\n".join(lines[done:start])))
                done = end
        out.append(self.inline("\n".join(lines[done:])))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")

    def directive(self, token) -> str:
        name, _, title = token.info.partition("}")
        name, title = name[1:], self.inline(title.strip())
        body = _body(token.content)
        domain, _, kind = name.rpartition(":")
        if name == "footbibliography":
            return "\n".join(map(self.bibliography.reference, sorted(set(self.cited))))
        if name == "math":
            return f"$$\n{body}\n$$"
        if domain == "prf" and kind in STATEMENTS:
            head = f"**{kind.capitalize()} ({title}).**" if title else f"**{kind.capitalize()}.**"
            return _quote(f"{head} {self.blocks(body)}")
        if name == "prf:proof":
            return _quote(f"*Proof.* {self.blocks(body)} ∎")
        if name in ADMONITIONS:
            return _quote(f"**{title or name.capitalize()}.**\n\n{self.blocks(body)}")
        raise UnknownSyntax(f"directive {{{name}}} has no plain Markdown form")

    def inline(self, text: str) -> str:
        text = _ROLE.sub(self.role, text)
        # A link's text may hold code or math; code and math hold no link.
        opaque = [span.span() for span in _OPAQUE.finditer(text)]

        def link(match: re.Match) -> str:
            hidden = any(start < match.start() < end for start, end in opaque)
            return match[0] if hidden else self.link(match)

        return _LINK.sub(link, text)

    def role(self, match: re.Match) -> str:
        name, content = match[1], match[3]
        if name in ("footcite:t", "footcite:p", "footcite"):
            keys = [key.strip() for key in content.split(",")]
            self.cited.extend(keys)
            textual = name == "footcite:t"
            text = ", ".join(self.bibliography.cite(key, textual) for key in keys)
            return text if textual else f"({text})"
        if name == "math":
            return f"${content}$"
        raise UnknownSyntax(f"role {{{name}}} has no plain Markdown form")

    def link(self, match: re.Match) -> str:
        text, target = match[1], match[2]
        url = None if target.startswith("#") else self.chapter_url(target)
        return f"[{text}]({url})" if url else text


def _body(content: str) -> str:
    """A directive's content without its `:key: value` lines."""
    lines = content.split("\n")
    while lines and re.match(r":[\w-]+:", lines[0]):
        lines.pop(0)
    return "\n".join(lines).strip("\n")


def _quote(text: str) -> str:
    # Math is found before quotes are: a "> " inside $$ would be typeset, so a
    # quoted formula goes on one line.
    text = _DISPLAY_MATH.sub(lambda m: "$$" + " ".join(m[1].split()) + "$$", text)
    return "\n".join(("> " + line).rstrip() for line in text.split("\n"))
