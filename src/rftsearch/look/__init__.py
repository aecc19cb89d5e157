"""What the page looks like and says, whoever serves it: styles, scripts, templates, texts."""
