"""What `scripts/fuzz_server.py` sends, and how it judges the answers."""
