"""Search: the engine and everything that turns a query into an answer."""
