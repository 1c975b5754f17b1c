"""Requests to other servers: `requests`, `httpx` and `aiohttp` as reqwest."""
