"""Integration tests of a port: what each endpoint must answer, as far as the backend says it."""
