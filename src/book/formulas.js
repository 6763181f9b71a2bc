// What book.formulas runs before MathJax's own files, and after them.
// A macro that nobody defined is an error, not a red word.
var MathJax = {
  loader: {load: []},
  startup: {typeset: false, input: ["tex"], output: "chtml", adaptor: "liteAdaptor",
            handler: "HTMLHandler", ready() {}},
  tex: {packages: {"[-]": ["noundefined"]}},
  chtml: {fontURL: "FONTS"},
};
// start
MathJax.startup.getComponents();
MathJax.startup.makeMethods();
const html = (node) => MathJax.startup.adaptor.outerHTML(node);
const lines = (tex) => `\\begin{split}${tex}\\end{split}`;
const typeset = (tex, display) =>
  html(MathJax.tex2chtml(display && tex.includes("\\\\") ? lines(tex) : tex, {display}));
const styles = () => {
  const text = html(MathJax.chtmlStylesheet());
  MathJax.startup.output.clearCache();  // the next page has its own
  return text;
};
