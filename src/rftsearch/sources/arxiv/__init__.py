"""arXiv: its API and its metadata snapshot."""
