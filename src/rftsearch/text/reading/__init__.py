"""Reading prose: acronyms with their long forms, negation, and which language it is."""
