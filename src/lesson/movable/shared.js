// What every movable picture shares. Python puts this before the picture's own script, both
// inside one function, so that nothing is global and one page can hold many pictures.
const create = (node, attributes, inside) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...inside.flat(2).filter((part) => part !== undefined));
  return node;
};
const SVG = "http://www.w3.org/2000/svg";
const html = (tag, names = {}, ...inside) => create(document.createElement(tag), names, inside);
const svg = (tag, names = {}, ...inside) =>
  create(document.createElementNS(SVG, tag), names, inside);
// A drawing as wide as there is room. Named, it is one image to a screen reader; without a name
// its parts speak for themselves, and a drawing that the text beside it tells in full is "".
const drawing = (width, height, name, ...inside) => {
  const role = name ? { role: "img", "aria-label": name } : name === "" && { "aria-hidden": true };
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, ...role }, inside);
};
const text = (x, y, words, kind) => svg("text", { x, y, class: kind }, `${words}`);
const rect = (x, y, width, height, kind, share) =>
  svg("rect", { x, y, width, height, class: kind, "fill-opacity": share });
const line = (x1, y1, x2, y2, kind) => svg("line", { x1, y1, x2, y2, class: kind });

// Numbers as Python's `show` writes them: 2,401 and −0.5, never −0.
const show = (value, digits = 2) => {
  if (typeof value !== "number" || !Number.isFinite(value)) return `${value}`;
  const [whole, part = ""] = Math.abs(value).toFixed(digits).split(".");
  const shown = [whole.replace(/\B(?=(\d{3})+$)/g, ","), part.replace(/0+$/, "")];
  const size = shown.filter((piece) => piece !== "").join(".");
  return value < 0 && size !== "0" ? `−${size}` : size;
};

// What makes a state illegal; shown to the reader, so in the words of pooling's own errors.
class Refusal extends Error {}
const refuse = (words) => { throw new Refusal(words); };

// Any part of a drawing may be a button: Enter and space press it, and by `key` the focus finds it
// again when the picture is drawn anew.
const pressable = (node, key, press) => {
  const onkeydown = (event) => {
    if (event.key === "Enter" || event.key === " ") press(event.preventDefault());
  };
  const more = { "data-key": key, tabindex: 0, role: "button", onclick: press, onkeydown };
  return create(node, more, []);
};
const button = (words, press, more) =>
  html("button", { type: "button", onclick: press, ...more }, words);

// A matrix of numbers. With `press(row, column)` its cells are buttons that share one stop of the
// tab key, and arrows move between them; `type(key, row, column)` takes other keys, true if used.
// `look(value, row, column)` adds attributes to a cell: {class: "lit", style: tint("max", 0.5)}.
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const grid = (name, rows, { press, type, look } = {}) => {
  const cell = (value, i, j) => {
    const more = look?.(value, i, j);
    if (!press) return html("span", { role: "cell", ...more }, show(value));
    const onkeydown = (event) => {
      const [down, right] = ARROWS[event.key] ?? [0, 0];
      if (down || right) table.children[i + down]?.children[j + right]?.focus();
      if (down || right || type?.(event.key, i, j)) event.preventDefault();
    };
    const own = { role: "gridcell", tabindex: i || j ? -1 : 0, "data-key": `${name} ${i} ${j}` };
    return button(show(value), () => press(i, j), { onkeydown, ...own, ...more });
  };
  const lines = rows.map((row, i) =>
    html("div", { role: "row" }, row.map((value, j) => cell(value, i, j))));
  const onfocusin = ({ target }) =>
    table.querySelectorAll("button").forEach((each) => (each.tabIndex = each === target ? 0 : -1));
  const role = press ? "grid" : "table";
  const table = html("div", { role, "aria-label": name, onfocusin }, lines);
  return html("div", { class: "grid" }, html("span", { "aria-hidden": true }, name), table);
};
const tint = (kind, share) =>
  `background: color-mix(in srgb, var(--${kind}) ${Math.round(45 * share)}%, transparent)`;

// A picture is a state, what follows from it, and what is seen of both.
class Picture extends HTMLElement {
  #first; #state; #result = {}; #controls = [];
  #drawn = html("div", { class: "drawn" });
  #says = html("p", { class: "says", role: "status" });

  // What a picture overrides:
  controls() { return []; } // sliders, steppers, buttons: made once
  compute(state) { return {}; } // the result, or refuse("words")
  draw(state, result) { return []; } // nodes, anew after every change
  says(state, result) { return ""; } // one or two sentences with the numbers

  connectedCallback() {
    if (this.shadowRoot) return; // only moved to another place
    this.#first = JSON.parse(this.dataset.state);
    this.#state = structuredClone(this.#first);
    const controls = html("div", { class: "controls" }, this.controls());
    const body = html("div", { class: "body" }, this.#drawn, controls);
    const [task, fold] = ["task", "fold"].map((name) => html("slot", { name }));
    const root = this.attachShadow({ mode: "open" });
    root.append(html("style", {}, CSS), task, body, this.#says, fold);
    this.update();
  }

  get state() { return structuredClone(this.#state); }
  set state(part) {
    for (const [name, value] of Object.entries(structuredClone(part)))
      if (name in this.#first) this.#state[name] = value;
    this.update();
  }
  get result() { return structuredClone(this.#result); }
  get given() { return JSON.parse(this.dataset.given); } // what never changes

  // One number deep in the state: read("weights.0"), write("weights.0", 0.25).
  read(path) { return path.split(".").reduce((part, key) => part?.[key], this.#state); }
  write(path, value) {
    const keys = path.split("."), last = keys.pop();
    (keys.length ? this.read(keys.join(".")) : this.#state)[last] = value;
    this.update();
  }

  // Compute and draw anew; the state's setters do it, and so may what is not of the state.
  update() {
    try {
      this.#result = this.compute(this.#state);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#result = { error: error.message };
    }
    const { error } = this.#result, key = this.shadowRoot.activeElement?.dataset.key;
    this.#controls.forEach((control) => control());
    this.#drawn.inert = error !== undefined; // the last legal drawing stays, in grey
    if (!error) this.#drawn.replaceChildren(...[this.draw(this.#state, this.#result)].flat());
    if (key) this.#drawn.querySelector(`[data-key="${key}"]`)?.focus();
    this.#says.textContent = error ?? this.says(this.#state, this.#result);
  }

  slider(name, path, min, max, step) {
    const oninput = () => this.write(path, +input.value);
    const input = html("input", { type: "range", min, max, step, oninput });
    const value = html("span", { class: "value", "aria-hidden": true }); // the input tells it
    this.#controls.push(() => {
      input.value = this.read(path);
      value.textContent = show(this.read(path));
      input.setAttribute("aria-valuetext", value.textContent);
    });
    return html("label", { class: "slider" }, html("span", {}, name), input, value);
  }

  stepper(name, path, min, max) {
    const value = html("span", { class: "value" });
    const by = (step, sign, word) => {
      const to = () => Math.min(max, Math.max(min, this.read(path) + step));
      const node = button(sign, () => this.write(path, to()), { "aria-label": `${name}: ${word}` });
      this.#controls.push(() => node.setAttribute("aria-disabled", to() === this.read(path)));
      return node;
    };
    this.#controls.push(() => (value.textContent = show(this.read(path))));
    return html("div", { class: "stepper", role: "group", "aria-label": name },
      html("span", {}, name), by(-1, "−", "one less"), value, by(1, "+", "one more"));
  }

  // One of a few: choice("Pooling", "pool", {max: "maximum", min: "minimum"}), or a list of words.
  choice(name, path, words) {
    const one = ([value, word]) => {
      const onchange = () => this.write(path, value);
      const input = html("input", { type: "radio", name: path, value, onchange });
      this.#controls.push(() => (input.checked = this.read(path) === value));
      return html("label", {}, input, html("span", {}, word));
    };
    const pairs = words.map?.((word) => [word, word]) ?? Object.entries(words);
    return html("fieldset", { class: "choice" }, html("legend", {}, name), pairs.map(one));
  }
  toggle(name, path) {
    const onchange = () => this.write(path, input.checked);
    const input = html("input", { type: "checkbox", onchange });
    this.#controls.push(() => input.toggleAttribute("checked", (input.checked = this.read(path))));
    return html("label", { class: "toggle" }, input, html("span", {}, name));
  }

  again() { return button("Start again", () => (this.state = this.#first)); }

  // A grid of whole numbers of the state: a tap or + raises one, from the highest to the lowest;
  // - lowers it; a digit sets it. A flat list is laid out in `columns`.
  cells(name, path, min, max, { look, columns } = {}) {
    const held = this.read(path);
    const chunk = (_, k) => (k % columns ? [] : [held.slice(k, k + columns)]);
    const rows = columns ? held.flatMap(chunk) : held;
    const at = (i, j) => (columns ? `${path}.${columns * i + j}` : `${path}.${i}.${j}`);
    const raise = (i, j, by) => {
      const to = this.read(at(i, j)) + by;
      this.write(at(i, j), to > max ? min : to < min ? max : to);
    };
    const type = (key, i, j) => {
      if (key === "+" || key === "-") raise(i, j, Number(`${key}1`));
      if (/^\d$/.test(key) && key >= min && key <= max) this.write(at(i, j), Number(key));
      return /^[-+\d]$/.test(key);
    };
    return grid(name, rows, { press: (i, j) => raise(i, j, 1), type, look });
  }
}

const define = (name, picture) => customElements.define(`movable-${name}`, picture);
