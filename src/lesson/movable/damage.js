// Exercise 5: one digit pooled both ways, and what damage does to each.
define("damage", class extends Picture {
  controls() {
    const other = () => this.write("kernel", 6 - this.read("kernel"));
    return [html("p", { class: "says" }, "Tap a cell: once for 16, twice for 0."),
      button("Salt: six cells to 16", () => this.spoil(16)),
      button("Pepper: six cells to 0", () => this.spoil(0)),
      button("Noise on every cell", () => this.noise()),
      button("Windows: 2 × 2 or 4 × 4", other), this.again()];
  }

  // Six cells that the value changes: salt on full ink or pepper on blank paper would change none.
  spoil(value) {
    const { image } = this.state, cells = image.flatMap((row, i) => row.map((_, j) => [i, j]));
    const free = cells.filter(([i, j]) => image[i][j] !== value);
    const six = Array.from({ length: 6 }, () =>
      free.splice(Math.floor(Math.random() * free.length), 1)[0]);
    this.state = { hits: six.map((cell) => [...cell, value]) };
  }

  noise() {
    const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random()))
      * Math.cos(2 * Math.PI * Math.random());
    const add = (value, i, j) => [i, j, value + Math.round(3 * normal())];
    this.state = { hits: this.state.image.flatMap((row, i) => row.map((v, j) => add(v, i, j))) };
  }

  tap(i, j) {
    const { hits } = this.state, last = hits.findLast((hit) => hit[0] === i && hit[1] === j);
    const others = hits.filter((hit) => hit[0] !== i || hit[1] !== j);
    const next = !last ? [[i, j, 16]] : last[2] === 16 ? [[i, j, 0]] : [];
    this.state = { hits: [...others, ...next] };
  }

  compute({ image, hits, kernel }) {
    if (kernel !== 2 && kernel !== 4) refuse(`kernel is ${kernel}; use 2 or 4`);
    this.damaged = image.map((row) => [...row]);
    for (const [row, column, value] of hits) this.damaged[row][column] = value;
    const starts = kernel === 2 ? [0, 2, 4, 6] : [0, 4];
    const cells = (of, i, j) => of.slice(i, i + kernel).flatMap((row) => row.slice(j, j + kernel));
    const pool = (of, one) => starts.map((i) => starts.map((j) => one(cells(of, i, j))));
    const mean = (numbers) => numbers.reduce((sum, number) => sum + number) / numbers.length;
    const both = (one) => [pool(this.damaged, one), pool(image, one)];
    const error = ([after, before]) =>
      Math.sqrt(mean(after.flatMap((row, i) => row.map((v, j) => (v - before[i][j]) ** 2))));
    const average = both(mean), max = both((numbers) => Math.max(...numbers));
    return { average: average[0], max: max[0],
      error_average: error(average), error_max: error(max) };
  }

  draw({ hits, kernel }, { average, max }) {
    const share = (v) => 0.04 + 0.41 * Math.min(1, Math.max(0, v / 16)), size = 20 * kernel;
    const hit = (i, j) => hits.some((each) => each[0] === i && each[1] === j);
    const ink = (v) => `background: color-mix(in srgb, currentColor ${100 * share(v)}%, transparent)`;
    const look = (v, i, j) => ({ class: hit(i, j) ? "lit" : "", style: ink(v) });
    const matrix = (x, name, kind, rows) => [
      text(x + 80, 14, `${name}, ${kernel} × ${kernel}`),
      ...rows.flatMap((row, i) => row.flatMap((v, j) => [
        rect(x + size * j, 22 + size * i, size, size, kind, share(v)),
        text(x + size * (j + 0.5), 27 + size * (i + 0.5), show(v))]))];
    const words = (rows) => rows.map((row) => row.map((v) => show(v)).join(" ")).join(", ");
    return [grid("the digit, damaged", this.damaged, { press: (i, j) => this.tap(i, j), look }),
      drawing(334, 184, `average: ${words(average)}; maximum: ${words(max)}`,
        matrix(0, "average", "average", average), matrix(174, "maximum", "max", max))];
  }

  says({ image }, { error_average: average, error_max: maximum }) {
    const steps = this.damaged.flatMap((row, i) => row.map((v, j) => v - image[i][j]));
    const raised = steps.filter((s) => s > 0).length, lowered = steps.filter((s) => s < 0).length;
    const count = raised + lowered;
    const nearer = `the ${average < maximum ? "average" : "maximum"} is nearer to its clean result`;
    const last = Math.abs(average - maximum) < 1e-9 ? "a draw" : nearer;
    return `${count} of 64 cells ${count === 1 ? "is" : "are"} damaged: `
      + `${raised} raised, ${lowered} lowered. Error of the average ${show(average)}, `
      + `of the maximum ${show(maximum)}: ${last}.`;
  }
});
