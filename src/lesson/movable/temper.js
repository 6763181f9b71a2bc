// Exercise 7: softmax pooling of one window, its sharpness, and the scale of its input.
define("temper", class extends Picture {
  controls() {
    const cell = (n, i) => this.slider(`x${n}`, `cells.${i}`, 0, 6, 0.25);
    return [this.slider("β", "beta", 0, 8, 0.1), this.slider("scale", "scale", 0.1, 5, 0.1),
      [..."₁₂₃₄"].map(cell), this.again()];
  }

  compute({ cells, beta, scale }) {
    if (cells.length !== 4) refuse(`cells are ${cells.length} numbers; use four`);
    const x = cells.map((cell) => scale * cell), maximum = Math.max(...x);
    const powers = x.map((value) => Math.exp(beta * (value - maximum)));
    const sum = (values) => values.reduce((a, b) => a + b);
    const weights = powers.map((power) => power / sum(powers));
    const softmax = sum(weights.map((weight, i) => weight * x[i]));
    this.x = x;
    return { weights, softmax, average: sum(x) / 4, maximum };
  }

  draw(state, result) {
    const x = this.x, low = Math.min(...x), range = result.maximum - low;
    const columns = x.flatMap((cell, i) => {
      const middle = 45 + 90 * i, weight = result.weights[i], height = 90 * weight;
      return [rect(middle - 20, 126 - height, 40, height, "softmax"),
        text(middle, 120 - height, show(weight)),
        rect(middle - 32, 132, 64, 30, cell === result.maximum ? "cell top" : "cell"),
        text(middle, 152, show(cell), "bold")];
    });
    const marks = ["average", "softmax", "maximum"].flatMap((name, i) => {
      const value = result[name], kind = name === "maximum" ? "max" : name;
      const share = range > 0 ? (value - low) / range : 0.5;
      return [rect(15 + 320 * share, name === "softmax" ? 219 : 199, 10, 18, kind),
        rect(120 * i + 4, 252, 12, 12, kind),
        text(120 * i + 20, 263, `${name} ${show(value)}`, "left")];
    });
    return drawing(360, 268, "", text(0, 12, "weights", "left bold"),
      text(0, 182, "cells, times the scale", "left"), columns, marks,
      line(0, 126, 360, 126, "axis"), line(20, 218, 340, 218, "axis"));
  }

  says({ beta, scale }, { weights, softmax, average, maximum }) {
    const list = (values) => values.map((value) => show(value)).join(", ");
    return `The cells ${list(this.x)} weigh ${list(weights)}. Softmax pooling gives `
      + `${show(softmax)}, between the average, ${show(average)}, and the maximum, `
      + `${show(maximum)}. For the weights only β × scale counts: ${show(beta * scale)}.`;
  }
});
