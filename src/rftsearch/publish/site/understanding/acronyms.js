// Acronyms and their long forms in a question, of which a paper may have either.

/** Return the acronyms that a question names, as the texts of the collection define them. */
export function readAcronyms(reading) {
  return reading.index.acronyms.mentions(reading.query).map(({ start, end, concept }) =>
    reading.part("acronyms", "expansion", start, end, `${concept.acronym} = ${concept.longs[0]}`, {
      acronym: concept.acronym, instead: null,
    }));
}
