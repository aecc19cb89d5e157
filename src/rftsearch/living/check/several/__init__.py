"""What is wrong between several lists that are checked together."""
