"""Generations: one published state of an index, written whole or not at all."""
