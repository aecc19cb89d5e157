"""How good the answers are: judged queries, measures, and what to compare with."""
