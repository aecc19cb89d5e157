"""PDF: the title and the abstract of a paper, from its first pages."""
