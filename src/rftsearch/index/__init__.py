"""What is kept on disk: the store, the vectors, and the builds that make them."""
