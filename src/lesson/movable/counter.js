// Exercise 4: the windows on a padded image, and what pooling them takes.
define("counter", class extends Picture {
  lit = [0, 1];

  controls() {
    return [this.stepper("image", "image.0", 1, 8), this.stepper("window", "kernel.0", 1, 5),
      this.stepper("stride", "stride.0", 1, 5), this.stepper("padding", "padding.0", 0, 4),
      this.stepper("channels", "channels", 1, 9),
      this.toggle("padding is on each side, as in torch", "per_side"),
      this.toggle("round up (ceil_mode)", "ceil_mode"), this.again()];
  }

  // Here height and width go together.
  write(path, value) {
    const [name, axis] = path.split(".");
    if (axis) this.state = { [name]: [value, value] };
    else super.write(path, value);
  }

  compute({ image, kernel, stride, padding, per_side: each, ceil_mode: ceil, channels }) {
    const sides = padding.map((p) => (each ? [p, p] : [Math.ceil(p / 2), Math.floor(p / 2)]));
    const by = each ? [0, 0] : padding; // by hand
    const found = windows(image.map((n, axis) => n + by[axis]), kernel, stride, each ? padding : [0, 0], ceil);
    // ceil_mode adds no window that starts in the far padding.
    const axes = found.map((all, axis) => {
      const n = image[axis], [before, after] = sides[axis];
      const moved = each ? all : all.map((cells) => cells.map((at) => at - before));
      return moved.filter((cells) => cells[0] < n || cells.at(-1) < n + after);
    });
    const real = axes.map((all, axis) =>
      all.map((cells) => cells.filter((at) => at >= 0 && at < image[axis]).length));
    this.sides = sides;
    this.axes = axes;
    this.cells = real[0].map((high) => real[1].map((wide) => high * wide));
    const work = channels * sum(this.costs().flat());
    const [rows, columns] = real.map((all) => all.length);
    return { output: [channels, rows, columns], comparisons: work, additions: work, divisions: channels * rows * columns };
  }

  costs() { return this.cells.map((row) => row.map((real) => Math.max(0, real - 1))); }

  // The lit output; the first one, where it is gone.
  seen() {
    const [i, j] = this.lit;
    return this.cells[i]?.[j] === undefined ? [0, 0] : this.lit;
  }

  draw({ image: [high, wide] }, { output: [, , columns] }) {
    const [i, j] = this.seen(), down = this.axes[0][i], right = this.axes[1][j];
    const [[top, bottom], [left, after]] = this.sides;
    const x = 180 - 12 * (left + wide + after), parts = [text(180, 12, "padded image, one channel", "bold")];
    for (let r = -top; r < high + bottom; r++) {
      for (let c = -left; c < wide + after; c++) {
        const real = r >= 0 && r < high && c >= 0 && c < wide;
        const lit = down.includes(r) && right.includes(c);
        parts.push(rect(x + 24 * (c + left), 22 + 24 * (r + top), 23, 23, real ? "average" : "max", lit ? 0.75 : 0.25));
      }
    }
    const below = 22 + 24 * (top + high + bottom);
    for (const [at, kind, word] of [[110, "average", "real"], [190, "max", "padding"]])
      parts.push(rect(at, below + 10, 12, 12, kind, 0.5), text(at + 18, below + 21, word, "left"));
    const width = Math.min(32, 320 / columns);
    const outputs = grid("comparisons for each output", this.costs(), {
      press: (...at) => { this.lit = at; this.update(); },
      look: (cost, r, c) => ({
        class: r === i && c === j ? "lit" : "",
        style: `width: ${width}px; height: ${width}px; font-size: 0.9em; `
          + (this.cells[r][c] ? "" : tint("max", 1)),
      }),
    });
    return [drawing(360, below + 26, "", parts), outputs];
  }

  formula({ image, kernel, stride, ceil_mode: ceil }, axis, count) {
    const n = image[axis], k = kernel[axis], s = stride[axis], total = sum(this.sides[axis]);
    const less = ceil ? " − 1".repeat(Math.ceil((n + total - k) / s) + 1 - count) : "";
    return `${ceil ? "⌈" : "⌊"}(${n} + ${total} − ${k}) / ${s}${ceil ? "⌉" : "⌋"} + 1${less} = ${count}`;
  }

  says(state, { output: [channels, rows, columns], comparisons, additions, divisions }) {
    const [i, j] = this.seen(), real = this.cells[i][j], area = state.kernel[0] * state.kernel[1];
    const empty = this.cells.flat().filter((count) => count === 0).length;
    return `${this.formula(state, 0, rows)} rows of windows, ${this.formula(state, 1, columns)} columns. `
      + `Row ${i + 1}, column ${j + 1}: ${real} of ${area} cells ${real === 1 ? "is" : "are"} real, `
      + `so ${show(this.costs()[i][j])} comparisons. ${channels} channel${channels > 1 ? "s" : ""}: `
      + `${show(comparisons)} comparisons, at most ${channels} · ${rows} · ${columns} · (${area} − 1) = `
      + `${show(channels * rows * columns * (area - 1))}; for averages ${show(additions)} additions and `
      + `${show(divisions)} divisions.`
      + (empty ? ` In ${empty} of the windows there is only padding: maximum −∞.` : "");
  }
});
