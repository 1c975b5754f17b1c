"""A Python body as Rust: statement by statement, as far as each is surely right.

`body.py` is the way in. Each kind of statement is a file in `statements/`, each kind of expression
one in `expressions/`; what they have in common is the `Scene`. Whatever raises `UntranslatedError`
becomes a gap, behind which translation goes on, or a hole that ends its block.
"""
