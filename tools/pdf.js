// Put all pages into this one. Names of places are kept apart by their page's name; a link
// to a page of the book becomes one to its place in the book.
pages => {
  const book = document.querySelector("article.bd-article");
  const contents = document.createElement("nav");
  const list = document.createElement("ol");
  contents.append("Contents", list);
  contents.className = "book-contents";
  const names = pages.map(([name]) => name);
  const parts = pages.map(([name, text, short]) => {
    const other = new DOMParser().parseFromString(text, "text/html");
    const part = document.createElement("section");
    const styles = other.querySelector("#MJX-CHTML-styles");
    if (styles) part.append(styles);
    part.append(...other.querySelector("article.bd-article").childNodes);
    part.className = "chapter";
    part.querySelectorAll("[id]").forEach(e => { e.id = `${name}--${e.id}` });
    part.querySelectorAll("a[href]").forEach(link => {
      const [page, place] = link.getAttribute("href").split("#");
      const to = page ? page.replace(/[.]html$/, "") : name;
      if (names.includes(to)) link.setAttribute("href", "#" + to + (place ? "--" + place : ""));
      else if (!link.href.startsWith("http")) link.removeAttribute("href"); // a file of the site
    });
    // Folded code is in the notebooks; what is folded for another reader is printed.
    part.querySelectorAll("details.hide").forEach(e => e.remove());
    part.querySelectorAll("details").forEach(e => { e.open = true });
    part.querySelectorAll(".headerlink, .copybtn, script").forEach(e => e.remove());
    part.querySelectorAll("img").forEach(e => { e.loading = "eager" });
    part.id = name;
    if (short) part.querySelector("h1").textContent = short;  // with its number
    const entry = document.createElement("li");
    entry.innerHTML = `<a href="#${name}"></a><span class="page"></span>`;
    entry.firstChild.textContent = part.querySelector("h1").textContent.trim();  // its # is gone
    list.append(entry);
    return part;
  });
  parts[0].querySelector(".landing").after(contents);
  book.replaceChildren(...parts);
  document.documentElement.dataset.theme = "light";
}
