"""Sentence models of BERT's own form, exported from their files without torch."""
