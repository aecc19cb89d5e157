"""Check a list: the linter that knows papers.

`check` reads a list and runs the rules, one module for each subject: `papers`, `titles`,
`addresses`, `labels`, `abstracts`, `sections`, `dead_links`. A rule is a function that takes a
`Subject` and yields findings; `rules` names all of them. `mend` writes the harmless
corrections back.
"""
