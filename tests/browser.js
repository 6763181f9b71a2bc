// What browser.py asks of a page that it has opened.
window.eyes = {
  // The theme follows a change of the screen a moment later.
  async until(holds) {
    for (let i = 0; i < 20 && !holds(); i++) await new Promise(go => setTimeout(go, 50));
    return holds();
  },

  // Wrong on every screen.
  async faults() {
    const found = [];
    const heading = document.querySelector("h1").innerText.replace(/#$/, "").trim();
    if (!heading || !document.title.includes(heading))
      found.push(`the title '${document.title}' lacks the heading '${heading}'`);
    const unset = document.querySelectorAll(".math:not(:has(mjx-container))").length;
    if (unset) found.push(`${unset} formulas are not typeset`);
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const { data, parentElement } = words.currentNode;
      if (data.includes("$") && !parentElement.closest("pre, code, script, style"))
        found.push(`a dollar sign is left in: ${data.trim().slice(0, 50)}`);
    }
    if (document.querySelector("mjx-merror, [data-mjx-error]"))
      found.push("a formula has an error");
    for (const image of document.querySelectorAll("article img")) {
      const name = image.getAttribute("src");
      image.loading = "eager";
      await image.decode().catch(() => found.push(`the image ${name} is not drawn`));
      if (!image.alt) found.push(`the image ${name} has no words`);
    }
    return found;
  },

  // Wrong on this screen.
  async misfits([width, scheme]) {
    const found = [];
    const inScheme = () => {
      const colors = [document.body, document.documentElement]
        .map(e => getComputedStyle(e).backgroundColor.match(/[\d.]+/g).map(Number));
      const [red, green, blue] = colors.find(c => c.length < 4 || c[3] > 0) ?? [255, 255, 255];
      return (red + green + blue > 382) === (scheme === "light");
    };
    if (!await eyes.until(inScheme)) found.push(`the page is not ${scheme} at ${width}`);
    const wide = document.documentElement.scrollWidth;
    if (wide > width) found.push(`the page is ${wide} pixels wide on a screen of ${width}`);
    for (const formula of document.querySelectorAll("mjx-container:not([display])")) {
      const around = formula.closest("p, li, dd, figcaption, h1, h2, h3, article");
      const over = formula.getBoundingClientRect().right - around.getBoundingClientRect().right;
      if (over > 1 && !formula.closest("table"))
        found.push(`a formula is cut off at ${width}: ${formula.textContent.slice(0, 50)}`);
    }
    return found;
  },

  // axe looks at what lies behind every element, which takes its time. A formula has
  // nothing for its rules, and one token of code stands for all that are drawn alike.
  thinOut() {
    document.querySelectorAll("mjx-math").forEach(e => e.replaceChildren());
    document.querySelectorAll("mjx-container math").forEach(e => {
      e.textContent = e.textContent;
    });
    const seen = new Set();
    const path = e => (e ? `${path(e.parentElement)} ${e.localName}.${e.className}` : "");
    document.querySelectorAll("pre span[class]").forEach(token => {
      const drawn = path(token);
      if (seen.has(drawn)) token.replaceWith(...token.childNodes);
      seen.add(drawn);
    });
  },

  leaveTheFrame() {
    document.querySelectorAll("article").forEach(
      e => e.replaceChildren(...e.querySelectorAll("h1"))
    );
  },

  // What axe-core finds against WCAG 2.2, levels A and AA.
  async barriers() {
    const boxes = [...document.querySelectorAll("pre")];
    await eyes.until(() => boxes.every(e => e.tabIndex >= 0 || e.scrollWidth <= e.clientWidth));
    const { violations } = await axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      rules: { "target-size": { enabled: true } }, // the one of 2.2, off unless asked for
      resultTypes: ["violations"],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`)
    );
  },

  // What can be clicked here, counted; what the focus has not come to since.
  watchTheFocus() {
    const all = [...document.querySelectorAll("a[href], button, summary, input")];
    eyes.unreached = new Set(
      all.filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled)
    );
    document.addEventListener("focusin", event => eyes.unreached.delete(event.target));
    return eyes.unreached.size;
  },
  missed() {
    return [...eyes.unreached].map(e => e.outerHTML.slice(0, 200));
  },

  // Bytes of the page and what it asked for, as packed by the server.
  weight() {
    return ["navigation", "resource"]
      .flatMap(kind => performance.getEntriesByType(kind))
      .reduce((sum, e) => sum + e.encodedBodySize, 0);
  },
};
