"""What is learned while an index is built."""
