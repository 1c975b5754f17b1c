"""How a backend finds out who is asking: what its own dependencies do."""

from __future__ import annotations

from port_lsp.facts.source import Record


class Gate(Record, frozen=True):
    """A dependency that lets in some callers.

    Those have one of `roles` and every one of `flags` (columns that must be true); who doesn't is
    answered `status` with `detail`. `by_token` is whether it reads the backend's token; of one
    that does something else, `source` is its Python.
    """

    name: str
    by_token: bool
    roles: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    status: int = 403
    detail: str = "Forbidden"
    source: tuple[str, ...] = ()


class Auth(Record, frozen=True):
    """The backend's token and its gates.

    `secret` is the name in code of what the token is signed with, `secret_text` that itself where
    the code has it; `subject` the claim that says who it is. Besides a bearer token it may come in
    `cookies` or `headers`; what begins with `key_prefix` is an API key.
    """

    gates: tuple[Gate, ...]
    secret: str = ""
    secret_text: str | None = None
    algorithm: str = "HS256"
    subject: str = "sub"
    cookies: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    key_prefix: str = ""
