"""Tables of numbers, one row a paper: attributes, terms, the map."""
