"""A backend, ported by itself and nothing else, held against what it was ported from: both run, and
are asked the same."""
