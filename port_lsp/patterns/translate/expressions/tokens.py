"""JSON Web Tokens that are made: PyJWT's `jwt.encode` and python-jose's, as `jsonwebtoken::encode`.

PyJWT: docs, "API Reference", `encode`; the algorithm is HS256 where none is said. Only secrets that
are shared are signed with: keys of the other algorithms are read otherwise, and where one of those
is set from outside, the server refuses to sign. Both write times as whole seconds (PyJWT: docs,
"Usage", "Registered Claim Names"), so a dict that only becomes a token holds them so.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.expressions.times import seconds_of
from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.ownership import as_json
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    OBJECT,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    is_text,
    known,
    waits,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference, Type, symbol

_ENCODE = ("jwt.encode", "jose.jwt.encode")
_SHARED = ("HS256", "HS384", "HS512")
JWT = "jsonwebtoken"
_TIMES = ("exp", "iat", "nbf")


def token(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """A token; None for another call. Raises UntranslatedError."""
    meaning = scene.meaning(node.func, env)
    if not isinstance(meaning, m.Outside) or meaning.name not in _ENCODE:
        return None
    names = ("claims" if meaning.name.startswith("jose") else "payload", "key", "algorithm")
    given = dict(zip(names, node.args, strict=False))
    given |= {one.arg: one.value for one in node.keywords if one.arg is not None}
    if set(given) - set(names) or not set(names[:2]) <= set(given):
        raise UntranslatedError("a token with more than claims, key and algorithm")
    algorithm = algorithm_of(scene, given.get("algorithm"), env)
    scene.claiming = isinstance(given[names[0]], ast.Dict)
    claims, key = scene.value(given[names[0]], env), scene.value(given["key"], env)
    if not is_text(key) or waits(key.expr):
        raise UntranslatedError("a token whose key isn't a text")
    if not scene.needs.has(JWT):
        scene.needs.depend(JWT, "9.3")
    header = b.Call(
        b.Path(symbol(f"{JWT}::Header"), ("new",)),
        (algorithm,),
    )
    secret = b.Call(
        b.Path(symbol(f"{JWT}::EncodingKey"), ("from_secret",)),
        (b.Method(key.expr, "as_bytes"),),
    )
    args = (b.Unary("&", header), _written(scene, claims), b.Unary("&", secret))
    made = b.Call(b.Path(symbol(f"{JWT}::encode")), args)
    otherwise = b.Closure((b.Wild(),), unsaid(scene, "Exception"))
    return Val(b.Try(b.Method(made, "map_err", (otherwise,))), STRING)


def _written(scene: Scene, claims: Val) -> b.Expr:
    """Claims, borrowed."""
    if claims.place and without_reference(claims.type) in (OBJECT, VALUE) and not claims.wrapped:
        return claims.expr if isinstance(claims.type, Reference) else b.Unary("&", claims.expr)
    return b.Unary("&", as_json(scene, claims))


def algorithm_of(scene: Scene, node: ast.expr | None, env: Env) -> b.Expr:
    """The algorithm; one that is set from outside is read as the server runs."""
    val = scene.value(node, env) if node is not None else known("HS256")
    of = symbol(f"{JWT}::Algorithm")
    if val.known is not None:
        if val.known.value not in _SHARED:
            raise UntranslatedError("a token of another algorithm")
        return b.Path(of, (str(val.known.value),))
    if not is_text(val) or waits(val.expr):
        raise UntranslatedError("a token of another algorithm")
    read = b.Method(val.expr, "parse", (), (Type(of),))
    return b.Try(b.Method(read, "map_err", (b.Closure((b.Wild(),), unsaid(scene, "Exception")),)))


def claim(scene: Scene, key: Val, val: Val) -> Val:
    """What a dict that becomes a token holds by a key."""
    name = key.known.value if key.known is not None else None
    time = seconds_of(val) if name in _TIMES else None
    return time if time is not None else val


def claim_names(scene: Scene, nodes: Sequence[ast.stmt]) -> frozenset[str]:
    """The names of dicts that are filled, and become tokens, and nothing else."""
    inside = walked(*nodes)
    places: set[int] = set()
    found: set[str] = set()
    for one in inside:
        if isinstance(one, ast.Call) and one.args and isinstance(one.args[0], ast.Name):
            meaning = scene.meaning(one.func, Env({}, ()))
            if isinstance(meaning, m.Outside) and meaning.name in _ENCODE:
                places.add(id(one.args[0]))
                found.add(one.args[0].id)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            places |= {id(one.func.value)} if one.func.attr == "update" else set()
        if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store):
            places.add(id(one.value))
    return frozenset(found) - {
        one.id for one in inside
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and id(one) not in places
    }  # fmt: skip
