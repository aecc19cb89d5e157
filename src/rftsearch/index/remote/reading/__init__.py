"""Reading an index on Qdrant: the parts of a generation that answer from the server."""
