"""Understanding a query: checks, names and ids in it, and its vector."""
