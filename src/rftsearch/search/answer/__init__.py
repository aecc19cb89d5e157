"""From scored candidates to an answer: order, counts, explanations."""
