"""The function of cors.rs: tower-http's layer, or actix-cors' middleware, that does what
Starlette's CORSMiddleware does.

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
from port_lsp.writing.registering import Framework

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT")
_ALWAYS = ("accept", "accept-language", "content-language", "content-type")


def cors_items(cors: Cors, framework: Framework, field: str, *, optional: bool) -> str:
    """The function as text; `field` is the setting with the origins, "" without one, and
    `optional` whether that may be unset."""
    allowed = _origins(cors, field, optional=optional)
    if framework == "axum":
        name, kind, made = "cors_layer", named("CorsLayer"), _layer(cors, allowed)
    else:
        name, kind, made = "cors", named("Cors"), _middleware(cors, allowed)
    config = i.Param(b.Bind("config" if field else "_config"), Reference(named("Config")))
    function = i.Function(name, (config,), kind, b.Block((), made), visibility="pub")
    return print_items((function,), lambda one: one.name)


def _origins(cors: Cors, field: str, *, optional: bool) -> b.Expr:
    """An iterator over the origins that may call."""
    if not field:
        return b.Method(_texts(cors.origins or ()), "into_iter")
    allowed: b.Expr = b.Access(b.Name("config"), field)
    if optional:
        allowed = b.Method(b.Method(allowed, "as_deref"), "unwrap_or", (b.Lit('""'),))
    return b.Method(allowed, "split", (b.ArrayOf((b.Lit("';'"), b.Lit("','"))),))


def _layer(cors: Cors, allowed: b.Expr) -> b.Expr:
    """tower-http's."""
    layer: b.Expr = b.Call(b.Path(symbol("CorsLayer"), ("new",)))
    layer = b.Method(layer, "allow_origin", (b.Call(b.Name("origins"), (allowed,)),))
    layer = b.Method(layer, "allow_methods", (_methods(cors.methods),))
    layer = b.Method(layer, "allow_headers", (_headers(cors.headers),))
    if cors.exposed:
        layer = b.Method(layer, "expose_headers", (_names(cors.exposed),))
    if cors.credentials:
        layer = b.Method(layer, "allow_credentials", (b.Lit("true"),))
    age = b.Call(b.Path(symbol("Duration"), ("from_secs",)), (b.Lit(str(cors.max_age)),))
    return b.Method(layer, "max_age", (age,))


def _middleware(cors: Cors, allowed: b.Expr) -> b.Expr:
    """actix-cors'."""
    made: b.Expr = b.Call(b.Name("origins"), (allowed,))
    if "*" in cors.methods:
        made = b.Method(made, "allow_any_method")
    else:
        made = b.Method(made, "allowed_methods", (_known(cors.methods),))
    if "*" in cors.headers:
        made = b.Method(made, "allow_any_header")
    else:
        made = b.Method(made, "allowed_headers", (_lower((*_ALWAYS, *cors.headers)),))
    if cors.exposed:
        made = b.Method(made, "expose_headers", (_lower(cors.exposed),))
    if cors.credentials:
        made = b.Method(made, "supports_credentials")
    return b.Method(made, "max_age", (b.Lit(str(cors.max_age)),))


def names_headers(cors: Cors) -> bool:
    """Whether headers are named."""
    return "*" not in cors.headers or bool(cors.exposed)


def _methods(methods: tuple[str, ...]) -> b.Expr:
    if "*" in methods:
        return b.Call(b.Path(symbol("AllowMethods"), ("mirror_request",)))
    return _known(methods)


def _known(methods: tuple[str, ...]) -> b.Expr:
    known = [one.upper() for one in methods if one.upper() in _METHODS]
    return b.ArrayOf(tuple(b.Path(symbol("Method"), (one,)) for one in known))


def _headers(headers: tuple[str, ...]) -> b.Expr:
    if "*" in headers:
        return b.Call(b.Path(symbol("AllowHeaders"), ("mirror_request",)))
    return _names((*_ALWAYS, *headers))


def _names(headers: tuple[str, ...]) -> b.Expr:
    return b.Method(_lower(headers), "map", (b.Path(symbol("HeaderName"), ("from_static",)),))


def _lower(headers: tuple[str, ...]) -> b.Expr:
    return _texts(tuple(dict.fromkeys(one.lower() for one in headers)))


def _texts(texts: tuple[str, ...]) -> b.Expr:
    return b.ArrayOf(tuple(b.Lit(string(one)) for one in texts))
