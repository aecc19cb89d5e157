"""Curated lists in Markdown."""
