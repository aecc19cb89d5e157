"""The words of a question as they are searched for: topic, phrases, spelling, language."""
