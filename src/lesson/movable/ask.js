// A question that the page checks. It keeps nothing and sends nothing.
const number = (typed) => {
  if (!typed.trim()) return null;
  const plain = typed.trim().replace(/[−–]/g, "-").replace(/,(?=\d{3}\b)/g, "");
  const [above, below = 1] = plain.split("/").map((part) => (part.trim() ? Number(part) : NaN));
  return Number.isFinite(above / below) ? above / below : typed;
};

define("ask", class extends Picture {
  controls() {
    const { choices, unit } = this.given;
    if (choices.length) return this.choice("Your answer", "answer", choices);
    const check = () => (this.state = { answer: number(this.input.value) });
    this.input = html("input", {
      class: "number", inputmode: "text", autocomplete: "off", "aria-label": `Your answer ${unit}`,
      onkeydown: (event) => event.key === "Enter" && check(),
    });
    return [html("label", { class: "typed" }, this.input, unit), button("Check", check)];
  }

  compute({ answer }) {
    const { right, wrong, choices, unit, why, atol } = this.given;
    if (answer === null) return { right: null, says: "" };
    const typed = !choices.length, named = show(answer, 6) + (typed && unit ? ` ${unit}` : "");
    if (typed && typeof answer !== "number")
      return { right: false, says: `${answer} is not a number.` };
    const is = (other) =>
      (typed ? Math.abs(answer - other) <= atol + 1e-9 * Math.abs(other) : answer === other);
    if (is(right)) return { right: true, says: `Right: ${named}.${why && " "}${why}` };
    const mistake = wrong.find(([other]) => is(other))?.[1] ?? "Try again.";
    return { right: false, says: `Not ${named}. ${mistake}` };
  }

  says(state, { says }) { return says; }
});
