"""Text: LaTeX, words, sentences, plurals."""
