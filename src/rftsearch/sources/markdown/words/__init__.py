"""What short texts in lists are - labels, venues, dates, people - by how they are written."""
