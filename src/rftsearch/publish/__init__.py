"""A search without a server: the page, the papers and the index as a folder of static files."""
