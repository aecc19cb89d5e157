"""The tab "New": what may belong to the list and what changed, for whoever keeps the list."""
