"""Papers that a list may want: new papers ranked by how well they belong to it."""
