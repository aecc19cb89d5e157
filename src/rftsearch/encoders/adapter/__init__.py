"""The adapter that comes with rftsearch: a small change of the weights of its base model."""
