"""Tables of papers: CSV, YAML and JSON with the columns that people use."""
