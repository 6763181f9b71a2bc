// What a page does beside showing itself. Without it, no text is missing.
"use strict";

// Copied text keeps its formulas, as the TeX that they were written in.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  const box = document.createElement("div");
  for (let i = 0; i < selection.rangeCount; i++) {
    const range = selection.getRangeAt(i).cloneRange();
    const formula = (node) => (node.closest ? node : node.parentElement).closest("[data-tex]");
    const [first, last] = [formula(range.startContainer), formula(range.endContainer)];
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    box.append(range.cloneContents());
  }
  const formulas = box.querySelectorAll("[data-tex]");
  if (!formulas.length) return;
  for (const formula of formulas) {
    const mark = formula.localName === "div" ? "$$" : "$";
    formula.replaceChildren(mark + formula.dataset.tex + mark);
  }
  box.className = "copied"; // beside the page: only what is laid out has lines
  document.body.append(box);
  event.clipboardData.setData("text/plain", box.innerText);
  event.clipboardData.setData("text/html", box.innerHTML);
  box.remove();
  event.preventDefault();
});

// A place that is no longer on a chapter's page has moved to its depth.
const follow = () => {
  const place = decodeURIComponent(location.hash.slice(1));
  const depth = document.querySelector(".times a")?.href;
  if (place && depth && !document.getElementById(place)) location.replace(depth + location.hash);
};
addEventListener("hashchange", follow);
follow();

// On a phone, each row of a table is a block that repeats the heads of its columns.
for (const table of document.querySelectorAll(".bd-article table")) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
  for (const row of table.tBodies[0]?.rows ?? [])
    [...row.cells].forEach((cell, i) => heads[i] && (cell.dataset.label = heads[i]));
}

// What unfolds a chapter's depth in the sidebar says so to a screen reader too.
for (const fold of document.querySelectorAll(".toctree-toggle"))
  fold.parentElement.setAttribute("aria-label", `More on ${fold.closest("li").querySelector("a").textContent.trim()}`);

// The search shows prose: no buttons, no code, and formulas as they were written.
// Right after Sphinx's script, for the index that comes next sets it off.
document.querySelector("script[src*=searchtools]")?.addEventListener("load", () => {
  const textOf = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const furniture = ".bd-header-article, #jb-print-docs-body, .prev-next-footer, .times, .launch, pre";
    for (const element of page.querySelectorAll(furniture)) element.remove();
    for (const formula of page.querySelectorAll("[data-tex]"))
      formula.replaceChildren(formula.dataset.tex);
    return textOf(page.documentElement.outerHTML, anchor);
  };
});
