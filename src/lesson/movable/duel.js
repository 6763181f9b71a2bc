// Exercise 2: one convolution against the maximum, on the windows x, −x and 0.
const X = [3, 1, -2, 0];
const NAMES = ["x", "−x", "0"], SIGNS = [1, -1, 0];

define("duel", class extends Picture {
  controls() {
    const slider = (n, i) => this.slider(`w${n}`, `weights.${i}`, -1, 1, 0.05);
    const closest = { weights: [0.25, 0.25, 0.25, 0.25], bias: 1.25 };
    return [[..."₁₂₃₄"].map(slider), this.slider("bias b", "bias", -3, 3, 0.05),
      button("Show the closest", () => (this.state = closest)), this.again()];
  }

  compute({ weights, bias }) {
    if (weights.length !== 4) refuse(`weights are ${weights.length} numbers; use four`);
    this.maxima = SIGNS.map((sign) => Math.max(...X.map((cell) => sign * cell)));
    const weighted = (sign) => X.reduce((sum, cell, i) => sum + weights[i] * sign * cell, bias);
    this.outputs = SIGNS.map(weighted);
    const errors = this.outputs.map((output, i) => output - this.maxima[i]);
    const worst = Math.max(...errors.map(Math.abs));
    return { errors, worst, defect: errors[0] + errors[1] - 2 * errors[2] };
  }

  draw(state, { errors }) {
    const parts = errors.flatMap((error, i) => {
      const middle = 60 + 120 * i, cells = X.map((cell) => SIGNS[i] * cell);
      const top = cells.indexOf(this.maxima[i]);
      return [
        text(middle, 14, `window ${NAMES[i]}`, "bold"),
        ...cells.flatMap((cell, k) => {
          const x = middle - 28 + 28 * (k % 2), y = 22 + 28 * (k >> 1);
          return [rect(x, y, 28, 28, k === top ? "cell top" : "cell"),
            text(x + 14, y + 19, show(cell))];
        }),
        ...this.bar(middle - 34, this.maxima[i], "max"),
        ...this.bar(middle + 4, this.outputs[i], "average"),
        text(middle, 252, `off by ${show(Math.abs(error))}`, "bold"),
      ];
    });
    const legend = [rect(92, 274, 12, 12, "max"), text(110, 285, "maximum", "left"),
      rect(192, 274, 12, 12, "average"), text(210, 285, "convolution", "left")];
    return drawing(360, 292, "", line(8, 160, 352, 160, "axis"), ...parts, ...legend);
  }

  bar(x, value, kind) {
    const length = 12 * Math.min(5, Math.abs(value)); // a longer one ends at the frame
    const y = value < 0 ? 160 : 160 - length;
    return [rect(x, y, 30, length, kind),
      text(x + 15, value < 0 ? y + length + 15 : y - 5, show(value))];
  }

  says(state, { errors, worst, defect }) {
    const [plus, minus, zero] = errors.map((error) => show(error));
    const best = "the smallest that any convolution reaches";
    return `Convolution minus maximum: ${plus} on x, ${minus} on −x, ${zero} on the zero window. `
      + `The largest is ${show(worst)}, ${worst < 1.25 + 1e-9 ? best : "more than 1.25"}. `
      + `error(x) + error(−x) − 2 error(0) = ${show(defect)}, whatever you set.`;
  }
});
