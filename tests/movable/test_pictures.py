"""Every movable picture, in a real browser: it finds what torch finds, whoever moves it."""

import random
import re
from collections import Counter
from urllib.parse import unquote

import pytest

from browser import SCREENS
from lesson import movable
from movable.harness import SET

# All that can be seen and heard of a picture, to tell whether something changed.
SEEN = "document.querySelector('[data-movable]').shadowRoot.innerHTML"

# The texts of the live picture, one by one.
TEXTS = """() => {
  const root = document.querySelector("[data-movable]").shadowRoot;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode.data.trim());
  return texts;
}"""

# What the focus is on, and how the keyboard moves such a thing.
FOCUS = """() => {
  const node = document.activeElement?.shadowRoot?.activeElement;
  if (!node) return null;
  const outline = getComputedStyle(node.type === "radio" ? node.nextElementSibling : node);
  return {
    kind: node.type === "button" ? node.getAttribute("role") ?? "button" : node.type ?? "part",
    words: node.getAttribute("aria-label") ?? node.textContent,
    stuck: node.getAttribute("aria-disabled") === "true",
    ring: outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) >= 2,
  };
}"""
AT = "document.activeElement.shadowRoot.activeElement.dataset.key"
# What no press can change: a button at its limit, the choice that is made already.
STUCK = """node => node.checked && node.type === "radio" || node.ariaDisabled === "true"
  || node.textContent === 'Start again'"""
KEYS = {
    "range": ["ArrowLeft", "ArrowRight"],
    "radio": ["ArrowRight"],
    "checkbox": [" "],
    "gridcell": ["+", "Enter"],
}

CONTROLS = ":is(button, input, [role=button])"

# Controls that a finger would miss.
SMALL = """nodes => nodes.map(node => [node.outerHTML.slice(0, 90), node.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""

# The controls that are tried: of the cells of a grid, which are alike, the first and the last.
TRIED = """nodes => nodes.flatMap((node, i) => {
  const alike = [...node.closest("[role=grid]")?.querySelectorAll("button") ?? [node]];
  return node === alike[0] || node === alike.at(-1) ? [i] : [];
})"""

# Letters that a phone shows too small, in pixels.
TINY = """() => {
  const root = document.querySelector("[data-movable]").shadowRoot;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const size = parseFloat(getComputedStyle(parent).fontSize) * (parent.getScreenCTM?.().a ?? 1);
    if (size < 11 && parent.localName !== "style") found.push([walker.currentNode.data, size]);
  }
  return found;
}"""


def test_a_random_state_gives_what_torch_finds_and_says_so(tab, case):
    page = tab.show(case.html)
    assert case.disagreements(page) == []
    assert "[object" not in page.evaluate(SEEN)  # all that is drawn is nodes and words


def test_a_wrong_formula_is_seen(tab, case):
    right, wrong = case.case.WRONG
    assert case.html.count(right) == 1
    assert case.disagreements(tab.show(case.html.replace(right, wrong)), 20)


def test_an_illegal_state_is_refused_in_the_words_of_python(tab, case):
    if not case.case.ILLEGAL:
        return
    page = tab.show(case.html)
    words = case.python.compute(case.shown.state | case.case.ILLEGAL)["error"]
    ((_, result, says),) = page.evaluate(SET, [case.case.ILLEGAL])
    assert (result, says) == ({"error": words}, words)
    page.get_by_role("button", name="Start again").click()
    assert page.evaluate(SET, [{}])[0][2] == case.shown.says


def still_texts(html: str) -> Counter:
    return Counter(re.findall(r"<text[^>]*>([^<]+)<", unquote(html)))


def test_the_still_picture_shows_nothing_that_the_live_one_does_not(tab, case):
    still = still_texts(case.html.split("<script>")[0])
    assert still
    assert still - Counter(tab.show(case.html).evaluate(TEXTS)) == Counter()


def test_a_number_that_only_the_still_picture_shows_is_seen(tab, case):
    element, script = case.html.split("<script>")
    number = next(text for text in still_texts(element) if re.search(r"\d", text))
    element = element.replace(f"%3E{number}%3C", "%3E123.45%3C", 1)
    live = Counter(tab.show(f"{element}<script>{script}").evaluate(TEXTS))
    assert still_texts(element) - live == Counter(["123.45"])


def test_the_keyboard_moves_everything_and_takes_it_back(tab, case):
    page, seen = tab.show(case.html), []
    state = case.case.random_state(random.Random(0))
    page.keyboard.press("Tab")
    while focus := page.evaluate(FOCUS):
        assert focus["ring"], f"no ring is seen around {focus}"
        assert len(seen) < 100, "the focus is caught"
        seen.append(focus["words"])
        if focus["words"] == "Start again":
            page.evaluate(SET, [state])
        before = page.evaluate(SEEN)
        for key in KEYS.get(focus["kind"], ["Enter"]):
            if not focus["stuck"] and page.evaluate(SEEN) == before:
                page.keyboard.press(key)
        assert focus["stuck"] or page.evaluate(SEEN) != before, f"{focus} changes nothing"
        assert page.evaluate(FOCUS), f"{focus} loses the focus"
        if focus["kind"] == "gridcell":
            at = page.evaluate(AT)
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowDown")
            assert page.evaluate(AT) != at
        if focus["words"] == "Start again":
            assert page.evaluate(SET, [{}])[0][0] == case.shown.state
        page.evaluate(SET, [case.shown.state])
        page.keyboard.press("Tab")
    assert seen.count("Start again") == 1 and len(seen) > 1


def test_a_finger_moves_everything_on_a_phone(phone, case):
    page = phone.show(case.html)
    controls = page.locator(f"[data-movable] {CONTROLS}")
    assert controls.evaluate_all(SMALL) == []
    assert page.evaluate(TINY) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for i in controls.evaluate_all(TRIED):
        control = controls.nth(i)
        box, state = control.bounding_box(), control.evaluate(STUCK)
        before = page.evaluate(SEEN)
        for share in (0.1, 0.9):  # a slider may be there already
            if not state and page.evaluate(SEEN) == before:
                control.tap(position={"x": box["width"] * share, "y": box["height"] / 2})
        assert state or page.evaluate(SEEN) != before, control.evaluate("node => node.outerHTML")
        page.evaluate(SET, [case.shown.state])


@pytest.mark.parametrize("screen", SCREENS[::2], ids=str)
def test_axe_finds_nothing(tab, case, screen):
    width, scheme = screen
    tab.page.set_viewport_size({"width": width, "height": 900})
    tab.page.emulate_media(color_scheme=scheme)
    page = tab.show(case.html)
    assert page.evaluate("eyes.barriers()") == []
    page.evaluate(SET, [case.case.random_state(random.Random(0)), case.case.ILLEGAL or {}])
    assert page.evaluate("eyes.barriers()") == []


def test_axe_looks_into_the_picture(tab, case):
    page = tab.show(case.html)
    page.evaluate(
        "document.querySelector('[data-movable]').shadowRoot.append(document.createElement('input'))"
    )
    assert any("label" in barrier for barrier in page.evaluate("eyes.barriers()"))


def test_print_shows_what_was_set_and_no_controls(tab, case):
    page = tab.show(case.html)
    says = page.evaluate(SET, [case.case.random_state(random.Random(0))])[0][2]
    page.emulate_media(media="print")
    assert page.locator("[data-movable] .drawn").bounding_box()["height"] > 50
    assert page.locator("[data-movable]").get_by_text(says).is_visible()
    controls = page.locator(f"[data-movable] .controls {CONTROLS}:not([type=radio])")
    assert not any(control.is_visible() for control in controls.all())


def test_without_script_the_first_state_is_there(without_script, case):
    page = without_script.show(case.html)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        image = page.locator("[data-movable] img")
        assert image.is_visible() and image.evaluate("image => image.naturalWidth") > 100
        assert image.get_attribute("alt") == case.shown.says
        for words in (case.shown.task, case.shown.says):
            assert page.locator("[data-movable]").get_by_text(words, exact=True).is_visible()


def test_two_on_one_page_and_a_move_keep_to_themselves(tab, case):
    page = tab.show(case.html, case.html, movable.ask("2 + 2?", right=4)._repr_html_())
    state = case.case.random_state(random.Random(0))
    page.evaluate(SET, [state])
    page.evaluate("document.body.append(document.querySelector('[data-movable]'))")
    states = page.locator(f"[data-movable={case.name}]").evaluate_all(
        "all => all.map(e => e.state)"
    )
    assert states == [case.shown.state, case.shown.state | state]
    page.evaluate("document.querySelectorAll('[data-movable]').forEach(e => e.remove())")


def test_nothing_moves_by_itself_for_those_who_do_not_want_it(tab, case):
    page = tab.show(case.html)
    page.evaluate(SET, [case.case.random_state(random.Random(0))])
    moving = "document.querySelector('[data-movable]').shadowRoot.getAnimations().length"
    assert page.evaluate(moving) == 0
