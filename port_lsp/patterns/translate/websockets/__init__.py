"""FastAPI's WebSockets: a handler that is asked to upgrade a connection, and talks on it then."""
