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

# Formulas and code are left as they are: neither holds a role or a link.
_INLINE = re.compile(
    r"""\\.
    |(?P<math>\$\$.+?\$\$|\$[^$\n]+\$)
    |\{(?P<role>[\w:]+)\}(?P<ticks>`+)(?P<content>.+?)(?P=ticks)(?!`)
    |(?P<code>`+)(?!`).+?(?<!`)(?P=code)(?!`)
    |(?<!!)\[(?P<text>(?:[^][`$]|`[^`]*`|\$[^$]*\$)+)\]\((?P<target>[^)\s]*)\)
    """,
    re.DOTALL | re.VERBOSE,
)
_DISPLAY_MATH = re.compile(r"^\$\$(.+?)^\$\$(?= ∎|$)", re.DOTALL | re.MULTILINE)
_KEPT = ("fence", "colon_fence", "code_block")
_DROPPED = ("myst_target", "myst_line_comment")


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
    """What Colab would show as it stands, or could not follow from where a notebook is."""
    tokens, references = _parse(text)
    found = [f"[{name.lower()}]: a link's address apart from it" for name in references]
    for token in tokens:
        if token.type in ("fence", "colon_fence") and token.info.startswith("{"):
            found.append(token.info.split()[0])
        elif token.type in (*_DROPPED, "myst_block_break", "math_block_label", "footnote_open"):
            found.append(token.type)
        found += filter(None, map(_raw_inline, token.children or ()))
    return found


def _raw_inline(token) -> str | None:
    address = str(token.attrGet("href") or token.attrGet("src") or "")
    if token.type == "myst_role":
        return "{" + token.meta["name"] + "}"
    if token.type in ("footnote_ref", "math_inline_double_label", "html_inline"):
        return f"{token.type} {token.content}".strip()
    if token.type == "text" and re.search(r"\[\^\w+\]|\]\[", token.content):
        return f"a reference in {token.content!r}"
    if token.type == "link_open" and not re.match(r"https?://|mailto:", address):
        return f"the link to {address!r}"
    if token.type == "image" and not address.startswith("data:"):
        return f"the image {address!r}"
    return None


def _parse(text: str):
    extensions, env = {"dollarmath", "colon_fence"}, {}
    parser = create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)
    return parser.parse(text, env), env.get("references", {})


def _people(entry: Entry):
    return entry.persons.get("author") or entry.persons.get("editor") or []


def _plain(latex: str) -> str:
    return str(Text.from_latex(latex))


class _Converter:
    def __init__(self, bibliography, cited, chapter_url):
        self.bibliography, self.cited, self.chapter_url = bibliography, cited, chapter_url

    def blocks(self, text: str) -> str:
        lines, out, done = text.split("\n"), [], 0
        for token in _parse(text)[0]:
            if token.map is None or token.level or token.type not in (*_KEPT, *_DROPPED):
                continue
            start, end = token.map
            out.append(self.inline("\n".join(lines[done:start])))
            if token.info.startswith("{"):
                out.append(self.directive(token))
            elif token.type in _KEPT:
                out.append("\n".join(lines[start:end]))
            done = end
        out.append(self.inline("\n".join(lines[done:])))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n")

    def directive(self, token) -> str:
        name, _, title = token.info[1:].partition("}")
        title, body = self.inline(title.strip()), _body(token.content)
        if name == "footbibliography":
            return "\n".join(map(self.bibliography.reference, sorted(set(self.cited))))
        if name == "prf:proof":
            return _quote(f"{self.after('*Proof.*', body)} ∎")
        if name in ("prf:theorem", "prf:lemma"):
            kind = name.removeprefix("prf:").capitalize()
            if not title:
                raise UnknownSyntax(f"this {name} has no title, by which others cite it")
            return _quote(self.after(f"**{kind} ({title}).**", body))
        if name == "dropdown":  # Colab and Jupyter fold it too
            summary = f"<details><summary>{title}</summary>"
            return f"{summary}\n\n{self.blocks(body)}\n\n</details>"
        if name == "admonition":
            stop = "" if title[-1:] in ".?!…:" else "."
            return _quote(f"**{title}{stop}**\n\n{self.blocks(body)}")
        raise UnknownSyntax(f"directive {{{name}}} has no plain Markdown form")

    def after(self, head: str, body: str) -> str:
        """A text that begins on the line of its head, or below it with a list or formula."""
        first = _parse(body)[0][:1]
        same_line = first and first[0].type == "paragraph_open"
        return f"{head}{' ' if same_line else chr(10) * 2}{self.blocks(body)}"

    def inline(self, text: str) -> str:
        return _INLINE.sub(self.span, text)

    def span(self, match: re.Match) -> str:
        if match["math"]:  # some renderers take "<i" for the begin of a tag
            return re.sub(r"<(?=[A-Za-z])", "< ", match["math"])
        if match["role"]:
            return self.role(match["role"], match["content"])
        if match["target"] is not None:
            text, target = self.inline(match["text"]), match["target"]
            url = target if "//" in target else self.chapter_url(target)
            return f"[{text}]({url})" if url else text
        return match[0]

    def role(self, name: str, content: str) -> str:
        if name in ("footcite:t", "footcite:p"):
            keys = [key.strip() for key in content.split(",")]
            self.cited.extend(keys)
            textual = name == "footcite:t"
            text = ", ".join(self.bibliography.cite(key, textual) for key in keys)
            return text if textual else f"({text})"
        if name in ("term", "prf:ref"):  # text <where it leads to>
            text, target = re.fullmatch(r"(.*?)\s*(<[^<>]*>)?", content, re.DOTALL).groups()
            if name == "prf:ref" and not target:
                raise UnknownSyntax(
                    f"{{prf:ref}}`{content}` names no text: `its title <{content}>`"
                )
            return text
        raise UnknownSyntax(f"role {{{name}}} has no plain Markdown form")


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
