// Windows that slide over an image, as `pooling` counts them; pairs are [height, width].
const tuple = ([height, width]) => `(${height}, ${width})`;

// The rows and columns of each window over an image of this size; refuses as `pooling` does.
const windows = (size, kernel, stride, padding, ceil = false) => {
  for (const [name, pair, least] of [
    ["kernel_size", kernel, 1], ["stride", stride, 1], ["padding", padding, 0]])
    if (Math.min(...pair) < least) refuse(`${name} is ${tuple(pair)}; use ${least} or more`);
  const half = kernel.map((k) => Math.floor(k / 2));
  if (padding.some((p, axis) => p > half[axis])) {
    refuse(`padding ${tuple(padding)} per side is over half of ${tuple(kernel)}; `
      + `use at most ${tuple(half)}`);
  }
  return size.map((n, axis) => {
    const k = kernel[axis], s = stride[axis], p = padding[axis];
    const slack = n + 2 * p - k; // how far the window can slide
    if (slack < 0 && !(ceil && slack > -s)) {
      refuse(`kernel_size ${tuple(kernel)} with dilation (1, 1) reaches ${-slack} cells beyond `
        + `the input ${tuple(size)} and its padding; use a smaller window or pad the input`);
    }
    const last = Math.floor(slack / s);
    // ceil_mode adds a window unless it would start in the far padding.
    const more = ceil && slack > last * s && (last + 1) * s < n + p;
    return Array.from({ length: last + (more ? 2 : 1) }, (_, o) =>
      Array.from({ length: k }, (_, i) => o * s - p + i));
  });
};

// One number for each window, from its real cells: pooled(image, windows(…), sum).
const pooled = (image, [rows, columns], of) => rows.map((down) => columns.map((right) => {
  const cells = down.flatMap((i) => right.map((j) => image[i]?.[j])).filter((v) => v !== undefined);
  return of(cells, down, right);
}));
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
