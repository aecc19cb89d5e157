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
    "as “CVPR papers”, and “with code” or “survey of”. “Without …” is searched for as words.",
  unknown: "No paper mentions {words}.",
  absent: "{id} is not in this list.",
  copied: "Copied: {name}",
  ask: "Type / to write a question and ? for all keys.",
  tabs: [["", "List"], ["map", "Map"], ["timeline", "Timeline"]],
  compact: ["Compact", "Cards"],
  basket: {
    title: "Basket", clear: "Clear", undo: "Undo", recommend: "Recommend", download: "Download",
    because: "because of {name}", remove: "Remove {name} from the basket", open: "Open the basket",
  },
  download: "Download these {number}",
  keys: [
    ["/", "write a question"], ["j, k", "next or previous paper"], ["o", "open the paper"],
    ["c", "copy its reference"], ["m", "more like this"], ["+, −", "into the basket"],
    ["?", "show these keys"],
  ],
};
