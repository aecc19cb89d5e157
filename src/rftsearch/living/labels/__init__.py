"""Labels for papers that nobody labelled: the likely categories of a list, with a reason."""
