"""What a question was taken to mean: frozen records."""
