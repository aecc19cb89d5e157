// A question without the words that merely ask for papers.

const ASKING = String.raw`(?:(?:could|can|would) you (?:please )?(?:recommend|suggest|find|show|give|point|direct|tell)(?: me| us)?(?: to(?:wards)?)?|(?:are|is|were) there|do you know(?: of)?|have there been|(?:i am|i'm|we are) looking for|i (?:want|need)(?: to (?:find|read))?|(?:please )?(?:find|show|give|list|recommend|suggest)(?: me| us)?|what|which|where can i find)`;
const PAPERS = "(?:papers?|stud(?:y|ies)|works?|research|articles?|publications?|literature)";
const FILLING =
  "(?:(?:any|some|a|an|the|recent|existing|prior|previous|other|good|relevant|scholarly) )*";
const LETTER = String.raw`[\p{L}\p{N}_]`;
const DOING = [
  "(?:(?:that|which|who|has|have|is|are|been|done|conducted|on|about|for|into|regarding|of|in",
  `|investigat${LETTER}+|explor${LETTER}+|examin${LETTER}+|stud(?:y|ies|ied)|propos${LETTER}+`,
  `|present${LETTER}*|introduc${LETTER}+|discuss${LETTER}*|focus${LETTER}*|address${LETTER}*`,
  `|describ${LETTER}+|analy[sz]${LETTER}+|deal${LETTER}* with|to|how) )*`,
].join("");
const REQUEST = new RegExp(`^(?:${ASKING} )?${FILLING}(?:research )?${PAPERS} ${DOING}`, "iu");

/** Return the question without such words; all of it if little were left. */
export function subjectOf(query) {
  const rest = query.replace(REQUEST, "").replace(/[ ?.!]+$/, "");
  return rest.split(/\s+/u).filter(Boolean).length > 1 ? rest : query;
}
