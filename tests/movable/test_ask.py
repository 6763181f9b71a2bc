"""Questions that the page checks: typed and chosen, right and wrong, with and without a script."""

import pytest

from browser import SCREENS
from lesson import movable
from movable.harness import SET

WRONG = {432: "Those are cells.", 600.5: "The padding counts too."}
NUMBER = movable.ask(
    "How many <comparisons>?", right=2357, wrong=WRONG, unit="comparisons", why="3 × 119."
)
CHOICE = movable.ask(
    "Which?", right="the mean", wrong={"the sum": "It grows."}, choices=["the sum", "the mean", "0"]
)
FIELD, SAYS = "[data-movable=ask] input", "[data-movable=ask] [role=status]"
RESULT = "document.querySelector('[data-movable]').result"


@pytest.mark.parametrize(
    ("typed", "right", "says"),
    [
        ("2357", True, "Right: 2,357 comparisons. 3 × 119."),
        (" 2,357 ", True, "Right: 2,357 comparisons. 3 × 119."),
        ("4714/2", True, "Right: 2,357 comparisons. 3 × 119."),
        ("432", False, "Not 432 comparisons. Those are cells."),
        ("600.5", False, "Not 600.5 comparisons. The padding counts too."),
        ("−2357", False, "Not −2,357 comparisons. Try again."),
        ("0", False, "Not 0 comparisons. Try again."),
        ("many", False, "many is not a number."),
        ("2,3", False, "2,3 is not a number."),
        ("1/0", False, "1/0 is not a number."),
        ("", None, ""),
    ],
)
def test_a_typed_answer_is_checked_and_the_mistake_named(tab, typed, right, says):
    page = tab.show(NUMBER._repr_html_())
    page.locator(FIELD).fill(typed)
    page.keyboard.press("Enter")
    assert page.evaluate(RESULT) == {"right": right, "says": says}
    assert page.locator(SAYS).inner_text() == says
    page.locator(FIELD).fill("7")
    page.get_by_role("button", name="Check").click()
    assert page.locator(SAYS).inner_text() == "Not 7 comparisons. Try again."


def test_a_choice_is_checked_by_finger_and_by_key(phone):
    page = phone.show(CHOICE._repr_html_())
    assert page.locator("label").all_inner_texts() == ["the sum", "the mean", "0"]
    page.get_by_label("the sum").tap()
    assert page.evaluate(RESULT) == {"right": False, "says": "Not the sum. It grows."}
    page.keyboard.press("ArrowRight")
    assert page.evaluate(RESULT) == {"right": True, "says": "Right: the mean."}
    page.get_by_label("0").check()
    assert page.locator(SAYS).inner_text() == "Not 0. Try again."


def test_a_number_may_be_as_far_off_as_is_said(tab):
    question = movable.ask("Pi?", right=3.14159, wrong={2.718: "That is e."}, atol=0.01)
    page = tab.show(question._repr_html_())
    answers = [3.14, 3.15, 3.2, 2.71, "3.14"]
    found = [
        result["right"] for _, result, _ in page.evaluate(SET, [{"answer": a} for a in answers])
    ]
    assert found == [True, True, False, False, False]
    assert "That is e." in page.evaluate(SET, [{"answer": 2.71}])[0][2]


@pytest.mark.parametrize("shown", [NUMBER, CHOICE], ids=["number", "choice"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_answer_is_in_a_fold(tab, without_script, shown, script):
    page = (tab if script else without_script).show(shown._repr_html_())
    answer = page.locator("details p")
    assert page.get_by_text(shown.task).is_visible() and not answer.is_visible()
    page.get_by_text("Show the answer").click()
    assert answer.is_visible() and f"The answer: {answer.inner_text()}" == shown.says
    choices = page.get_by_text("Choose: the sum; the mean; 0.", exact=True)
    assert choices.is_visible() is (shown is CHOICE and not script)
    assert page.locator(FIELD).count() == script * (3 if shown is CHOICE else 1)


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_axe_finds_nothing(tab, screen):
    width, scheme = screen
    tab.page.set_viewport_size({"width": width, "height": 900})
    tab.page.emulate_media(color_scheme=scheme)
    page = tab.show(NUMBER._repr_html_(), CHOICE._repr_html_())
    page.evaluate("document.querySelectorAll('[data-movable]').forEach(e => e.state = {answer: 1})")
    assert page.evaluate("eyes.barriers()") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"right": 4, "wrong": {4: "no"}}, "wrong has 4, which is right"),
        ({"right": "a", "choices": ["b"]}, "'a' is not a choice"),
        ({"right": "a", "wrong": {"c": ""}, "choices": ["a", "b"]}, "'c' is not a choice"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        movable.ask("Which?", **settings)
