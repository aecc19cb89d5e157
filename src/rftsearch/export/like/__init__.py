"""Write papers into a list in its own style: `writer` adds them, everything else stays as it is.

`forms` takes an entry of the list apart into what is fixed and what is of its paper, with
`spans` to find titles and names, `dates` and `links` for these. `habits` collects how the list
writes labels and separators. `fill` writes another paper in the form of an entry, and `order`
finds where it belongs.
"""
