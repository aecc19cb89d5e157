"""Keeping a list alive: guess the category of a paper that has none."""
