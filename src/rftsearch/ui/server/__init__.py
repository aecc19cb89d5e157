"""The server: what it answers, to the page, to programs and to assistants."""
