"""Keeping a list up to date: the likely category of a new paper."""
