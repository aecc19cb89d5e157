"""What the training of the default model's adapter is made of."""
