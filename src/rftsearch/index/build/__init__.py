"""Building an index: read sources, add abstracts, embed, write, publish."""
