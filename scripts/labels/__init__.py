"""What the evaluations of labels and discoveries share."""
