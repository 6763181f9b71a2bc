"""MyST to plain Markdown."""

import pytest

from book.markdown import Bibliography, UnknownSyntax, raw_syntax, to_commonmark


@pytest.fixture
def convert(finished):
    bibliography = Bibliography(finished / "chapters" / "references.bib")

    def run(text, cited=None):
        page = {"01-mean.md": "https://colab.example/01-mean.ipynb"}
        return to_commonmark(text, bibliography, [] if cited is None else cited, page.get)

    return run


def test_a_theorem_becomes_a_quote_with_a_bold_title(convert):
    text = "```{prf:theorem} One kernel\n:label: thm-one\n:nonumber:\nIt is unique.\n```"
    assert convert(text) == "> **Theorem (One kernel).** It is unique."


def test_a_proof_is_quoted_and_ends_with_a_mark(convert):
    text = "Before.\n\n```{prf:proof}\nClear.\n```\n\nAfter."
    assert convert(text) == "Before.\n\n> *Proof.* Clear. ∎\n\nAfter."


def test_an_admonition_keeps_its_title(convert):
    text = "```{admonition} Short answer\n:class: tip\nYes.\n```"
    assert convert(text) == "> **Short answer.**\n>\n> Yes."


def test_a_fold_stays_a_fold_and_one_may_hold_another(convert):
    text = "````{dropdown} Hint 1\n*Look.*\n```{dropdown} Hint 2\nDeep.\n```\n````"
    inner = "<details><summary>Hint 2</summary>\n\nDeep.\n\n</details>"
    whole = f"<details><summary>Hint 1</summary>\n\n*Look.*\n{inner}\n\n</details>"
    assert convert(text) == whole


def test_a_formula_in_a_quote_goes_on_one_line(convert):
    text = "```{prf:proof}\nSee\n\n$$\na =\nb\n$$\n\nDone.\n```"
    assert "> $$a = b$$\n" in convert(text)


@pytest.mark.parametrize("text", ["$$\na = [b](c)\n$$", "So $[a](b) = c$.", "Code: `[a](b)`."])
def test_a_formula_and_code_are_untouched(convert, text):
    assert convert(text) == text
    assert raw_syntax(text) == []


def test_a_citation_becomes_author_and_year_with_a_link(convert):
    cited = []
    text = "{footcite:t}`crow1984` did it {footcite:p}`crow1984`."
    link = "https://doi.org/10.1145/800031.808600"
    expected = f"[Crow (1984)]({link}) did it ([Crow 1984]({link}))."
    assert convert(text, cited) == expected
    assert cited == ["crow1984", "crow1984"]


def test_the_list_of_sources_holds_each_cited_source_once(convert):
    line = convert("```{footbibliography}\n```", ["crow1984", "crow1984"])
    assert line.startswith("- Franklin C. Crow (1984). [Summed-area tables](https://doi.org/")
    assert "\n" not in line


def test_a_link_to_a_chapter_opens_its_notebook_and_one_to_a_heading_is_text(convert):
    text = "[one](01-mean.md), [two](#heading), [three](https://example.org), `[x](01-mean.md)`"
    expected = (
        "[one](https://colab.example/01-mean.ipynb), two, [three](https://example.org), "
        "`[x](01-mean.md)`"
    )
    assert convert(text) == expected


def test_targets_and_comments_go(convert):
    assert convert("(here)=\n## Head\n\n% a comment\n\nText.") == "## Head\n\nText."


def test_code_that_shows_a_directive_is_kept(convert):
    text = "````\n```{note}\nx\n```\n````"
    assert convert(text) == text


def test_a_theorem_that_begins_with_a_list_or_a_formula_keeps_it(convert):
    text = "```{prf:lemma} Two\n1. One\n2. Two\n```"
    assert convert(text) == "> **Lemma (Two).**\n>\n> 1. One\n> 2. Two"
    text = "```{prf:proof}\n$$\na\n$$\n```"
    assert convert(text) == "> *Proof.*\n>\n> $$a$$ ∎"


def test_a_term_and_a_cited_theorem_become_their_text(convert):
    text = "A {term}`window`, two {term}`windows <window>`, {prf:ref}`the lemma <lem-two>`."
    assert convert(text) == "A window, two windows, the lemma."


def test_a_role_in_code_is_code(convert):
    text = "Write ``{term}`x` `` or ```` {doc}`y` ````."
    assert convert(text) == text


def test_no_renderer_takes_a_comparison_for_a_tag(convert):
    assert convert("Over $j<i$ and\n\n$$\na<b\n$$") == "Over $j< i$ and\n\n$$\na< b\n$$"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A claim.[^1]\n\n[^1]: A note.", "footnote"),
        ("A claim.[^1]", "a reference in"),
        ("$$\na\n$$ (label)", "math_block_label"),
        ("See [that].\n\n[that]: https://example.org", "[that]: a link's address"),
        ("See [that][it].", "a reference in"),
        ("See [an [inner] one](02-x.md).", "the link to '02-x.md'"),
        ("![a picture](images/x.png)", "the image 'images/x.png'"),
        ("a <b>bold</b> word", "html_inline <b>"),
    ],
)
def test_what_colab_shows_raw_or_cannot_follow_is_reported(convert, text, said):
    assert any(found.startswith(said) for found in raw_syntax(text))
    with pytest.raises(UnknownSyntax):
        convert(text)


@pytest.mark.parametrize(
    "text",
    [
        "```{mermaid}\nx\n```",
        ":::{mermaid}\nx\n:::",
        "See {doc}`index`.",
        "- item\n\n  ```{note}\n  nested in a list\n  ```",
        "{footcite:t}`nobody2000` said so.",
        "```{prf:theorem}\nIt has no name.\n```",
        "By {prf:ref}`thm-one`.",
    ],
)
def test_what_has_no_plain_form_is_refused(convert, text):
    with pytest.raises(UnknownSyntax):
        convert(text)
