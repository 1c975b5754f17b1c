"""How a gate is taken from a request: axum's FromRequestParts, actix-web's FromRequest.

axum asks a handler's extractors one after another; actix-web polls them together and answers the
first that refuses (actix-web 4, `FromRequest` for tuples): so there a gate decides by the ground's
`first`, for which its other extractors wait before they refuse.
"""

from __future__ import annotations

from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import uses
from port_lsp.writing.ir.types import Reference, named, symbol
from port_lsp.writing.registering import Framework

_REQUEST = b.Unary("&", b.Name("request"))


def other(framework: Framework, name: str) -> b.Expr:
    """Another gate's extractor, asked of the same request."""
    if framework == "axum":
        args: tuple[b.Expr, ...] = (b.Name("parts"), b.Name("state"))
        return b.Try(b.Await(b.Call(b.Path(symbol(name), ("from_request_parts",)), args)))
    return b.Try(b.Await(b.Call(b.Path(symbol(name), ("extract",)), (_REQUEST,))))


def extracting(framework: Framework, name: str, body: b.Block) -> i.Impl:
    """The impl of an extractor whose body looks at `asked` and `state`."""
    statements = body.statements
    if uses("asked", body):
        given = b.Name("parts") if framework == "axum" else _REQUEST
        asked = b.Call(b.Path(symbol("Asked"), ("of",)), (given,))
        statements = (b.Let(b.Bind("asked"), asked), *statements)
    whole = b.Block(statements, body.tail)
    return _axum(name, whole) if framework == "axum" else _actix(name, whole)


def _axum(name: str, body: b.Block) -> i.Impl:
    parts = "parts" if uses("parts", body) else "_parts"
    state = "state" if uses("state", body) else "_state"
    extract = i.Function(
        "from_request_parts",
        (
            i.Param(b.Bind(parts), Reference(named("Parts"), mutable=True)),
            i.Param(b.Bind(state), Reference(named("AppState"))),
        ),
        named("AppResult", named("Self")),
        body,
        is_async=True,
    )
    rejection = i.Alias("Rejection", named("AppError"))
    trait = named("FromRequestParts", named("AppState"))
    return i.Impl(named(name), (rejection, extract), trait=trait)


def _actix(name: str, body: b.Block) -> i.Impl:
    statements: list[b.Statement] = [*body.statements]
    if uses("state", body):
        state = b.Try(b.Call(b.Name("state_of"), (_REQUEST,)))
        statements.insert(0, b.Let(b.Bind("state"), state))
    asks = uses("request", statements, body.tail)
    request: b.Pattern = b.Bind("request") if asks else b.Wild()
    future = b.Block(tuple(statements), body.tail, "async move")
    decided = b.Call(b.Name("first"), (b.Name("request"), b.Closure((request,), future)))
    extract = i.Function(
        "from_request",
        (
            i.Param(b.Bind("request"), Reference(named("HttpRequest"))),
            i.Param(b.Wild(), Reference(named("Payload"), mutable=True)),
        ),
        named("Self::Future"),
        b.Block((), decided),
    )
    error = i.Alias("Error", named("AppError"))
    kind = i.Alias("Future", named("Boxed", named("Self")))
    return i.Impl(named(name), (error, kind, extract), trait=named("FromRequest"))
