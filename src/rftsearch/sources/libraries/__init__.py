"""Libraries of reference managers as sources: BibTeX, RIS and CSL-JSON."""
