"""Wire types: how each side's annotations lower to them, how they compare."""
