"""A question that the page checks, with what the likely mistakes are."""

from html import escape

from ._picture import Shown, show


def ask(question: str, *, right, wrong=None, unit="", choices=(), why="", atol=0.0) -> Shown:
    """Ask for a number, or with `choices` for one of them; without scripts, a fold answers.

    Args:
        question: plain text.
        right: the answer, computed by the cell; a number, or a str from `choices`.
        wrong: what to say to a wrong answer about the likely mistake, {answer: sentence}.
        unit: stands behind the number.
        why: a sentence that explains the right answer.
        atol: how far off a number may be that still counts, for right and wrong ones.
    Raises:
        ValueError: an answer is wrong and right, or not among the choices.

    >>> ask("How many 2 × 2 windows has a 4 × 4 image at stride 1?", right=9, unit="windows")
    How many 2 × 2 windows has a 4 × 4 image at stride 1?
    The answer: 9 windows.
    """
    answers = [right, *(wrong or {})]
    if len(set(answers)) < len(answers):
        raise ValueError(f"wrong has {right!r}, which is right; take it out")
    for answer in answers:
        if choices and answer not in choices:
            raise ValueError(f"{answer!r} is not a choice; use one of {list(choices)}")
    given = {
        "right": right,
        "wrong": [list(pair) for pair in (wrong or {}).items()],
        "unit": unit,
        "choices": list(choices),
        "why": why,
        "atol": atol,
    }
    answer = f"{named(right, given)}.{why and ' '}{why}"
    still = f"<p>Choose: {escape('; '.join(choices))}.</p>\n" if choices else ""
    still += (
        f'<details slot="fold"><summary>Show the answer</summary><p>{escape(answer)}</p></details>'
    )
    return Shown("ask", {"answer": None}, question, still, f"The answer: {answer}", (), given)


def named(answer, given: dict) -> str:
    unit = given["unit"] and f" {given['unit']}"
    return answer if given["choices"] else show(answer, 6) + unit
