"""Whether generated models answer as Pydantic's do: payloads, and the two sides they go to."""
