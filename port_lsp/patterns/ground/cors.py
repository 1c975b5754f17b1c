"""The function of cors.rs: tower-http's layer that does what Starlette's CORSMiddleware does.

Starlette's middleware/cors.py: with "*" and credentials the caller's own origin is answered, four
headers are always allowed.
"""

from __future__ import annotations

from port_lsp.types.settings import Cors
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, named, symbol
from port_lsp.writing.printer import print_items
from port_lsp.writing.printer.literals import string

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT")
_ALWAYS = ("accept", "accept-language", "content-language", "content-type")


def cors_items(cors: Cors, field: str, *, optional: bool) -> str:
    """The function as text; `field` is the setting with the origins, "" without one, and
    `optional` whether that may be unset."""
    if field:
        allowed: b.Expr = b.Access(b.Name("config"), field)
        if optional:
            allowed = b.Method(b.Method(allowed, "as_deref"), "unwrap_or", (b.Lit('""'),))
        allowed = b.Method(allowed, "split", (b.ArrayOf((b.Lit("';'"), b.Lit("','"))),))
    else:
        allowed = b.Method(_texts(cors.origins or ()), "into_iter")
    layer: b.Expr = b.Call(b.Path(symbol("CorsLayer"), ("new",)))
    layer = b.Method(layer, "allow_origin", (b.Call(b.Name("origins"), (allowed,)),))
    layer = b.Method(layer, "allow_methods", (_methods(cors.methods),))
    layer = b.Method(layer, "allow_headers", (_headers(cors.headers),))
    if cors.exposed:
        layer = b.Method(layer, "expose_headers", (_names(cors.exposed),))
    if cors.credentials:
        layer = b.Method(layer, "allow_credentials", (b.Lit("true"),))
    age = b.Call(b.Path(symbol("Duration"), ("from_secs",)), (b.Lit(str(cors.max_age)),))
    layer = b.Method(layer, "max_age", (age,))
    function = i.Function(
        "cors_layer",
        (i.Param(b.Bind("config" if field else "_config"), Reference(named("Config"))),),
        named("CorsLayer"),
        b.Block((), layer),
        visibility="pub",
    )
    return print_items((function,), lambda one: one.name)


def names_headers(cors: Cors) -> bool:
    """Whether headers are named."""
    return "*" not in cors.headers or bool(cors.exposed)


def _methods(methods: tuple[str, ...]) -> b.Expr:
    if "*" in methods:
        return b.Call(b.Path(symbol("AllowMethods"), ("mirror_request",)))
    known = [one.upper() for one in methods if one.upper() in _METHODS]
    return b.ArrayOf(tuple(b.Path(symbol("Method"), (one,)) for one in known))


def _headers(headers: tuple[str, ...]) -> b.Expr:
    if "*" in headers:
        return b.Call(b.Path(symbol("AllowHeaders"), ("mirror_request",)))
    return _names((*_ALWAYS, *headers))


def _names(headers: tuple[str, ...]) -> b.Expr:
    lower = dict.fromkeys(one.lower() for one in headers)
    return b.Method(_texts(tuple(lower)), "map", (b.Path(symbol("HeaderName"), ("from_static",)),))


def _texts(texts: tuple[str, ...]) -> b.Expr:
    return b.ArrayOf(tuple(b.Lit(string(one)) for one in texts))
