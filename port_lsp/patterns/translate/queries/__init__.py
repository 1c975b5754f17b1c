"""Database queries as sqlx's runtime queries (the guide's pattern 3): values are always bound."""
