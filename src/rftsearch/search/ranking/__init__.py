"""Ranking: candidates, scores, recommendations."""
