"""What answers: ranking, and the engine that puts it to work."""
