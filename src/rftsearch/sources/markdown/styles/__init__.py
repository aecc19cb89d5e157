"""Lists of every style, understood by what their parts look like."""
