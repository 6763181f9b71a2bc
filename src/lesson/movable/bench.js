// Exercise 1: one image, three poolings; an output lights the window that it comes from.
const POOLS = { average: "average", max: "maximum", min: "minimum" };

define("bench", class extends Picture {
  lit = [0, 0];

  controls() {
    return [this.stepper("window", "kernel.0", 1, 6), this.stepper("stride", "stride.0", 1, 6),
      this.stepper("padding", "padding.0", 0, 3),
      this.toggle("padding counts in the average", "count_include_pad"),
      this.toggle("one group for each channel", "grouped"), this.again()];
  }

  // Here height and width go together.
  write(path, value) {
    const [name] = path.split(".");
    if (name in { kernel: 0, stride: 0, padding: 0 }) this.state = { [name]: [value, value] };
    else super.write(path, value);
  }

  compute({ image, kernel, stride, padding, count_include_pad: counts, grouped }) {
    this.windows = windows([6, 6], kernel, stride, padding);
    const area = kernel[0] * kernel[1];
    const average = pooled(image, this.windows, (c) => sum(c) / (counts ? area : c.length));
    const times = (factor) => average.map((row) => row.map((value) => factor * value));
    return {
      average,
      max: pooled(image, this.windows, (cells) => Math.max(...cells)),
      min: pooled(image, this.windows, (cells) => Math.min(...cells)),
      channels: grouped ? [1, 10, 100].map(times) : [times(111)],
    };
  }

  // Rows and columns of the lit output's window; the first one, where it is gone.
  seen() {
    const [rows, columns] = this.windows;
    if (!rows[this.lit[0]] || !columns[this.lit[1]]) this.lit = [0, 0];
    return [rows[this.lit[0]], columns[this.lit[1]]];
  }

  draw(state, result) {
    const [rows, columns] = this.seen();
    const lit = (on) => (on ? { class: "lit" } : {});
    const image = this.cells("image", "image", 0, 9,
      { look: (value, i, j) => lit(rows.includes(i) && columns.includes(j)) });
    const outputs = Object.entries(POOLS).map(([kind, word]) => grid(word, result[kind], {
      press: (i, j) => { this.lit = [i, j]; this.update(); },
      look: (value, i, j) => ({ style: "font-size: 0.9em", ...lit(i === this.lit[0] && j === this.lit[1]) }),
    }));
    return [image, ...outputs];
  }

  says({ image, count_include_pad: counts, grouped }, result) {
    const [rows, columns] = this.seen(), [i, j] = this.lit;
    const cells = rows.flatMap((r) => columns.map((c) => image[r]?.[c] ?? (counts ? 0 : undefined)))
      .filter((cell) => cell !== undefined);
    const [average, most, least] = Object.keys(POOLS).map((kind) => show(result[kind][i][j]));
    const channels = result.channels.map((channel) => show(channel[i][j])).join(", ");
    const which = i || j ? `Output in row ${i + 1}, column ${j + 1}` : "First output";
    return `${which}: (${cells.join(" + ")}) / ${cells.length} = ${average} on average, `
      + `at most ${most}, at least ${least}. Three channels, the image times 1, 10 and `
      + `100, one group ${grouped ? "each" : "for all"}: ${channels}.`;
  }
});
