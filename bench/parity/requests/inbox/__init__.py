"""Endpoints that say what they were given: `bench/requests_parity.py` asks them on both sides.

The line before an endpoint names what it is there for.
"""
