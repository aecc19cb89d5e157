"""What the page says of itself: in its head, in the tab of a browser and in link previews."""
