"""The commands that keep a list up to date."""
