// Exercise 6: a dark thread pooled four ways, and where the minimum's two minus signs can go.
const POOLS = { negmaxneg: "−max(−x)", min: "minimum", average: "average", max: "maximum" };
const STEPS = ["Two minus signs stand around the maximum.",
  "The second sign is in the weight −0.5 now.",
  "Both signs are in the weights now: a max-pooling is left.",
  "The first sign is stuck: ReLU(−t) is not −ReLU(t)."];
const largest = (cells) => Math.max(...cells), smallest = (cells) => Math.min(...cells);
const mean = (cells) => cells.reduce((sum, cell) => sum + cell) / 4;
const even = (_, i) => i % 2 === 0;
const pool2 = (rows, of) => rows.filter(even).map((row, i) => row.filter(even).map((cell, j) =>
  of([cell, row[2 * j + 1], ...rows[2 * i + 1].slice(2 * j, 2 * j + 2)])));

define("signs", class extends Picture {
  controls() {
    return [this.choice("Pooling", "pool", POOLS), this.stepper("minus signs moved", "step", 0, 2),
      this.toggle("a ReLU before the pooling", "relu"), this.again()];
  }

  // Whoever pushes signs wants to see them.
  write(path, value) {
    if (path === "step") this.state = { pool: "negmaxneg", step: value };
    else super.write(path, value);
  }

  compute({ image, pool, relu, step }) {
    const signed = pool === "negmaxneg", sign = (minus) => (minus ? -1 : 1);
    const behind = signed && step > 0, before = signed && step > 1 && !relu;
    const weights = { W: 2 * sign(before), b: -200 * sign(before), V: 0.5 * sign(behind), c: 100 };
    const [inner, outer] = this.kept = [signed && !before, signed && !behind];
    const of = { min: smallest, average: mean }[pool] ?? largest;
    const floor = relu ? 0 : -Infinity;
    const z = image.map((row) => row.map((x) =>
      sign(inner) * Math.max(floor, weights.W * x + weights.b)));
    const pooled = pool2(z, (cells) => weights.V * sign(outer) * of(cells) + weights.c);
    const least = pool2(image, (cells) => Math.max(smallest(cells), 100 + floor)).flat();
    const count = (good) => pooled.flat().filter(good).length;
    const [dark, same] = [count((v) => v < 150), count((v, i) => v === least[i])];
    return { pooled, absorbed: before && behind, weights, dark, same };
  }

  draw({ image, pool, relu }, { pooled, weights: { W, b, V, c } }) {
    const [inner, outer] = this.kept, minus = ["−", "top"], lit = (gone) => (gone ? "lit" : "");
    const boxes = [
      [`${show(W)}x ${b > 0 ? "+" : "−"} 200`, lit(W < 0)], relu && ["ReLU"], inner && minus,
      [{ negmaxneg: "max" }[pool] ?? pool], outer && minus, [`${show(V)}y + ${c}`, lit(V < 0)],
    ].filter(Boolean);
    let x = 8;
    const strip = boxes.flatMap(([words, kind], i) => {
      const left = x, width = 12 + 7.2 * words.length;
      x += width + 14;
      return [i ? line(left - 14, 211, left, 211, "axis") : "",
        rect(left, 196, width, 30, `cell ${kind}`), text(left + width / 2, 216, words)];
    });
    return drawing(360, 230, `The network: ${boxes.map(([words]) => words).join(", then ")}.`,
      ...this.field(8, `image, ${image.flat().length} cells`, image),
      ...this.field(192, POOLS[pool], pooled), ...strip);
  }

  field(left, name, rows) {
    const width = 160 / rows[0].length;
    const cell = (v, i, j) => svg("rect", { x: left + width * j, y: 24 + width * i, width,
      height: width, style: `fill: rgb(${[v, v, v]})`, "shape-rendering": "crispEdges" });
    return [...rows.flatMap((row, i) => row.map((v, j) => cell(v, i, j))),
      text(left + 80, 14, name, "bold")];
  }

  says({ pool, relu, step }, { pooled, dark, same }) {
    return `Pooled by ${POOLS[pool]}: ${dark} of ${pooled.flat().length} outputs dark (below 150), `
      + `${same} equal to minimum pooling. `
      + (pool === "negmaxneg" ? STEPS[relu && step > 1 ? 3 : step] : "");
  }
});
