// How the search ranks: as Sphinx does, but a chapter comes before the glossary's entry.
var Scorer = {
  score: ([page, , , , score]) => (page === "chapters/glossary" ? score / 100 : score),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
