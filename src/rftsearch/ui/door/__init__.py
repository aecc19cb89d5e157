"""What every request must pass before it is answered: connections, names, logins, routes."""
