"""From an entry of a list to the record of its paper."""
