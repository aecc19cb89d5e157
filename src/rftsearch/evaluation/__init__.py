"""Evaluation of answers: judged queries, measures, and systems to compare with."""
