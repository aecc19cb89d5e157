"""Embedding models: texts in, unit vectors out."""
