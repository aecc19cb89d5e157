"""`rftsearch app` and `rftsearch mcp`: serve people, programs and assistants."""
