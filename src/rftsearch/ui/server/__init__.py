"""The server: endpoints, login, headers."""
