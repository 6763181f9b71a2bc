"""The controls that pictures are made of, all in one picture of their own."""

import pytest

from browser import SCREENS
from lesson.movable._picture import script

STATE = '{"cells": [[1, 2], [3, 9]], "flat": [0, 1, 2, 3], "n": 2, "kind": "max", "on": false}'
OWN = """
define("all", class extends Picture {
  controls() {
    const kinds = { max: "largest", min: "b" };
    return [this.stepper("rows", "n", 1, 3), this.choice("Kind", "kind", kinds),
      this.toggle("Switch", "on"), this.again()];
  }
  compute({ n }) { return n === 3 ? refuse("n is 3; use 2") : { lit: this.lit ?? null, n }; }
  draw({ cells, flat, n }) {
    const light = (i, j) => { this.lit = [i, j]; this.update(); };
    const part = svg("g", { "aria-label": "part" }, svg("rect", { width: 40, height: 40 }));
    return [this.cells("image", "cells", 0, 9, { look: (v) => ({ style: tint("max", v / 9) }) }),
      this.cells("window", "flat", -1, 3, { columns: 2 }),
      grid("output", [[n, 0.5]], { press: light }), grid("shown", [[-1]]),
      drawing(100, 40, undefined, pressable(part, "part", () => this.write("n", 1)))];
  }
  says(state, { n }) { return `n is ${n}.`; }
});
})();"""
HTML = (
    f"<movable-all data-movable=\"all\" data-state='{STATE}'></movable-all>"
    f"<script>{script('pooling').rstrip().removesuffix('})();')}{OWN}</script>"
)
STATE_OF = "document.querySelector('movable-all').state"
ACTIVE = "document.activeElement.shadowRoot.activeElement.dataset.key"


@pytest.fixture
def page(tab):
    return tab.show(HTML)


def cell(page, name, words):
    return page.get_by_role("grid", name=name).get_by_role("gridcell", name=words, exact=True)


def test_a_tap_raises_a_cell_and_after_the_highest_comes_the_lowest(page):
    cell(page, "image", "9").click()
    cell(page, "image", "2").click()
    cell(page, "window", "3").click()
    state = page.evaluate(STATE_OF)
    assert (state["cells"], state["flat"]) == ([[1, 3], [3, 0]], [0, 1, 2, -1])
    assert cell(page, "window", "−1").count() == 1


def test_keys_set_a_cell_and_arrows_go_to_its_neighbours(page):
    page.locator("body").click(position={"x": 1, "y": 1})
    page.keyboard.press("Tab")
    assert page.evaluate(ACTIVE) == "image 0 0"
    for key in ("ArrowUp", "ArrowLeft", "7", "ArrowRight", "-", "-", "-", "ArrowDown", "+"):
        page.keyboard.press(key)
    assert page.evaluate(ACTIVE) == "image 1 1"
    assert page.evaluate(STATE_OF)["cells"] == [[7, 9], [3, 0]]
    page.keyboard.press("Tab")  # one stop for each grid
    assert page.evaluate(ACTIVE) == "window 0 0"
    page.keyboard.press("8")  # beyond its highest
    assert page.evaluate(STATE_OF)["flat"] == [0, 1, 2, 3]
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(ACTIVE) == "image 1 1"


def test_an_output_is_pressed_and_keeps_the_focus(page):
    cell(page, "output", "0.5").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('movable-all').result.lit") == [0, 1]
    assert page.evaluate(ACTIVE) == "output 0 1"


def test_a_part_of_a_drawing_is_a_button(page):
    part = page.get_by_role("button", name="part")
    for press in (part.click, lambda: part.press("Enter"), lambda: part.press(" ")):
        page.evaluate(f"{STATE_OF} = {{n: 2}}")
        press()
        assert page.evaluate(STATE_OF)["n"] == 1
        assert page.evaluate(ACTIVE) == "part"


def test_a_stepper_ends_at_its_limits(page):
    less, more = (page.get_by_role("button", name=f"rows: one {way}") for way in ("less", "more"))
    less.click()
    assert less.get_attribute("aria-disabled") == "true"
    less.press("Enter")
    assert page.evaluate(STATE_OF)["n"] == 1
    assert more.get_attribute("aria-disabled") == "false"


def test_what_is_refused_is_said_and_the_last_drawing_stays(page):
    page.get_by_role("button", name="rows: one more").click()
    assert page.get_by_role("status").inner_text() == "n is 3; use 2"
    assert page.locator("[inert] [role=gridcell]").count() == 10
    page.get_by_role("button", name="Start again").click()
    assert page.get_by_role("status").inner_text() == "n is 2."
    assert page.locator("[inert]").count() == 0


def test_a_mistake_in_a_script_is_not_taken_for_a_refusal(tab):
    tab.show(HTML.replace("n === 3 ?", "missing ?"))
    assert tab.said == ["missing is not defined"]
    tab.said.clear()


def test_choices_and_switches_are_set_and_follow_the_state(page):
    page.get_by_label("b", exact=True).check()
    page.get_by_label("Switch").check()
    assert page.evaluate(STATE_OF) | {"kind": "min", "on": True} == page.evaluate(STATE_OF)
    page.evaluate(f"{STATE_OF} = {{kind: 'max', on: false}}")
    assert (
        page.get_by_label("largest").is_checked() and not page.get_by_label("Switch").is_checked()
    )


def test_what_is_read_is_a_copy(page):
    page.evaluate(f"{STATE_OF}.cells[0][0] = 5")
    assert page.evaluate(STATE_OF)["cells"][0][0] == 1
    page.evaluate(f"{STATE_OF} = {{unknown: 1}}")
    assert "unknown" not in page.evaluate(STATE_OF)


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_axe_finds_nothing(tab, screen):
    width, scheme = screen
    tab.page.set_viewport_size({"width": width, "height": 900})
    tab.page.emulate_media(color_scheme=scheme)
    page = tab.show(HTML)
    assert page.evaluate("eyes.barriers()") == []
    page.get_by_role("button", name="rows: one more").click()
    assert page.evaluate("eyes.barriers()") == []


def test_in_a_sandboxed_frame_and_with_its_script_elsewhere(tab):
    element, rest = HTML.split("<script>")
    inside = f"<script>{rest}<div>{element}</div>".replace("&", "&amp;").replace('"', "&quot;")
    page = tab.show(f'<iframe title="output" sandbox="allow-scripts" srcdoc="{inside}"></iframe>')
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="rows: one less").click()
    assert frame.get_by_role("status").inner_text() == "n is 1."
