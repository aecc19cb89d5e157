"""One issue on GitHub with the candidates of a discovery: written, and its ticks read back."""
