// Exercise 3: max-pooling of a 2 × 2 window by 6 and 3 ReLUs, which can be taken out.
const ROWS = {
  p: "a", q: "−a", r: "b − a", s: "c", t: "−c", u: "d − c",
  x: "p − q + r", y: "−p + q − r", z: "−p + q − r + s − t + u", out: "x − y + z",
};
const LABELS = { x: "A", y: "−A", z: "C − A" };
const TERMS = Object.entries(ROWS).map(([name, row]) =>
  [name, row.replaceAll(" ", "").match(/−?\w+/g).map((term) => [term.at(-1), term[1] ? -1 : 1])]);
const UNITS = [..."pqrstuxyz"], CELLS = [..."abcd"];
const AT = { out: [340, 154, 18] }; // middle, and half the width
for (const [names, x, top, step, half] of [["abcd", 20, 58, 64, 18], ["pqrstu", 128, 39, 46, 40], ["xyz", 252, 85, 69, 40]])
  [...names].forEach((name, i) => (AT[name] = [x, top + step * i, half]));

define("network", class extends Picture {
  controls() {
    return [...CELLS.map((name, i) => this.slider(name, `cells.${i}`, -9, 9, 1)),
      this.toggle("no cell is negative: fewer ReLUs", "nonnegative"), this.again()];
  }

  // The output for four cells; the values of all nodes stay in `this.values`.
  run(cells) {
    const values = this.values = {};
    CELLS.forEach((name, i) => (values[name] = cells[i]));
    for (const [name, terms] of TERMS) {
      const sum = terms.reduce((total, [from, sign]) => total + sign * values[from], 0);
      values[name] = name === "out" ? sum : this.kept.has(name) ? Math.max(0, sum) : 0;
    }
    return values.out;
  }

  compute({ cells, off, nonnegative }) {
    const strange = off.find((name) => !UNITS.includes(name));
    if (strange) refuse(`off holds ${strange}; use names of ReLUs: ${UNITS.join(", ")}`);
    // Where no cell is negative, three ReLUs are always 0: the network has none of them.
    this.units = UNITS.filter((name) => !(nonnegative && "qty".includes(name)));
    this.kept = new Set(this.units.filter((name) => !off.includes(name)));
    const choices = nonnegative ? [0, 1, 2, 3] : [0, 1, 2, 3, -1, -2, -3], size = choices.length;
    let wrong = 0, witness = null;
    for (let i = 0; i < size ** 4; i++) {
      const window = [3, 2, 1, 0].map((k) => choices[Math.floor(i / size ** k) % size]);
      if (this.run(window) === Math.max(...window)) continue;
      wrong++;
      witness ??= window;
    }
    const output = this.run(cells), values = this.units.map((name) => this.values[name]);
    const first = nonnegative ? 4 : 6, hidden = [values.slice(0, first), values.slice(first)];
    return { hidden, output, maximum: Math.max(...cells), wrong, witness };
  }

  draw({ cells, off }, { witness }) {
    const seen = [...CELLS, ...this.units, "out"];
    const edges = TERMS.flatMap(([name, terms]) => terms.map(([from, sign]) => {
      if (!seen.includes(name) || !seen.includes(from)) return [];
      const [[x1, y1, half1], [x2, y2, half2]] = [AT[from], AT[name]];
      const edge = line(x1 + half1, y1, x2 - half2, y2, sign > 0 ? "plus" : "minus");
      if (!this.values[from]) edge.style = "opacity: 0.25";
      return edge;
    }));
    const heads = Object.entries({ window: 24, "layer 1": 128, "layer 2": 252, output: 336 });
    const breaks = witness && `${witness}` !== `${cells}` && button("Show a window that breaks",
      () => this.write("cells", witness), { "data-key": "breaks" });
    return [drawing(360, 292, undefined, edges,
      heads.map(([word, x]) => text(x, 10, word, "bold")),
      ...seen.map((name) => this.node(name, off))), breaks || ""];
  }

  node(name, off) {
    const [x, y, half] = AT[name], value = this.values[name], gone = off.includes(name);
    const box = (kind, label) => [rect(x - half, y - 20, 2 * half, 40, kind),
      text(x, y - 4, label), text(x, y + 13, gone ? "×" : show(value), "bold")];
    if (!UNITS.includes(name)) return box("cell", name === "out" ? "" : name);
    const kind = gone ? "cell padding" : value ? "cell top" : "cell";
    const press = () => this.write("off", gone ? off.filter((n) => n !== name) : [...off, name]);
    const said = { "aria-label": `ReLU ${name}, ${show(value)}, out`, "aria-pressed": gone };
    const label = `${name} = [${LABELS[name] ?? ROWS[name]}]`;
    return pressable(svg("g", said, box(kind, label)), name, press);
  }

  says({ off, nonnegative }, { output, maximum, wrong, witness }) {
    const verdict = output === maximum ? "which is the maximum" : `not ${show(maximum)}: wrong`;
    const [count, low] = nonnegative ? [256, 0] : [2401, -3];
    const windows = `${show(count)} windows of whole numbers from ${show(low)} to 3`;
    const gone = this.units.filter((name) => off.includes(name)).join(", ");
    return `Output ${show(output)}, ${verdict}. ` + (wrong
      ? `Without ${gone} it is wrong on ${show(wrong)} of ${windows}, such as (${witness.map((v) => show(v)).join(", ")}).`
      : `The network is right on all ${windows}.`);
  }
});
