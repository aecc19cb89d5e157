"""What a build reads: its sources, what arXiv says of their papers, and an account of both."""
