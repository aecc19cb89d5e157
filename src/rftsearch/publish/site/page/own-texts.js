// What only the page without a server says; all other words come from `texts.json`.

export const OWN = {
  loading: "The index is being loaded…",
  words:
    "Answered by words alone; the table for meaning is being loaded, and then the order changes.",
  onlyWords: "This page compares words alone, not meaning.",
  failed: "The table for meaning could not be loaded: words alone answer. Reload to try again.",
  stale: "This page was published again while you read it. Reload it.",
  foot:
    "This page searches in your browser: what you type goes nowhere. It understands names, ids, " +
    "topics, acronyms, “phrases”, -words, authors, dates such as “last three months”, places such " +
    "as “CVPR papers”, “with code” or “survey of”, and what a question leaves out: “without labels”.",
  unknown: "No paper mentions {words}.",
  absent: "{id} is not in this list.",
  copied: "Copied: {name}",
  ask: "Type / to write a question and ? for all keys.",
  tabs: [["", "List"], ["map", "Map"], ["timeline", "Timeline"]],
  likeText:
    "Papers are ordered by score. The score is a sum: how close they are in meaning to your text as a " +
    "whole and to its closest sentences, how many distinctive words they share with it, and the words " +
    "that they share with the best results. Compare scores within one result list only.",
  authorOf: "author of {papers}",
  download: "Download these {number}",
};
