"""Peewee's queries (its docs, "Querying" and "Query operators") as sqlx's: what runs them, and what
they write. Their conditions are SQLAlchemy's where both mean the same."""
