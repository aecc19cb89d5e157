"""What a check reads: lists, libraries and tables, of a file, a folder, or the web."""
