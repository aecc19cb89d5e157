"""The SQLite store: records, embeddings and arXiv's answers, from which all else is derived."""
