"""Papers, filters and answers: the records that everything else passes around."""
