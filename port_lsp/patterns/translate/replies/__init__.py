"""Answers that are no JSON of a model: Starlette's responses, and what is set on them.

`calls.py` reads what Python makes, `building.py` writes it for either framework.
"""
