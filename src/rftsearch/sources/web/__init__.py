"""Lists that live at a web address, on GitHub above all."""
