"""Where papers come from: Markdown lists, the shipped catalogue, arXiv."""
