"""Every movable picture, in a real browser: it finds what torch finds, whoever moves it."""

from movable.harness import SET


def test_a_random_state_gives_what_torch_finds_and_says_so(tab, case):
    assert case.disagreements(tab.show(case.html)) == []


def test_a_wrong_formula_is_seen(tab, case):
    right, wrong = case.case.WRONG
    assert case.html.count(right) == 1
    assert case.disagreements(tab.show(case.html.replace(right, wrong)))


def test_an_illegal_state_is_refused_in_the_words_of_python(tab, case):
    if not case.case.ILLEGAL:
        return
    page = tab.show(case.html)
    state = case.shown.state | case.case.ILLEGAL
    words = case.python.compute(state)["error"]
    ((_, result, says),) = page.evaluate(SET, [case.case.ILLEGAL])
    assert (result, says) == ({"error": words}, words)
    page.get_by_role("button", name="Start again").click()
    assert page.evaluate(SET, [{}])[0][2] == case.shown.says
