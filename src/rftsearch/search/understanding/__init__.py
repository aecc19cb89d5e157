"""Reads what a question asks besides its topic: dates, people, what to leave out, and more."""
