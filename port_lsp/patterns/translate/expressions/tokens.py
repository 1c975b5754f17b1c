"""JSON Web Tokens that are made: PyJWT's `jwt.encode` and python-jose's, as `jsonwebtoken::encode`.

PyJWT: docs, "API Reference", `encode`; the algorithm is HS256 where none is said. Only secrets that
are shared are signed with: keys of the other algorithms are read otherwise.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.ownership import as_json
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import STRING, UntranslatedError, Val, is_text, waits
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol

_ENCODE = ("jwt.encode", "jose.jwt.encode")
_SHARED = ("HS256", "HS384", "HS512")
_JWT = "jsonwebtoken"


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
    algorithm = scene.value(given["algorithm"], env).known if "algorithm" in given else None
    said = algorithm.value if algorithm is not None else None
    said = said if "algorithm" in given else "HS256"
    if said not in _SHARED:
        raise UntranslatedError("a token of another algorithm")
    claims, key = scene.value(given[names[0]], env), scene.value(given["key"], env)
    if not is_text(key) or waits(key.expr):
        raise UntranslatedError("a token whose key isn't a text")
    if not scene.needs.has(_JWT):
        scene.needs.depend(_JWT, "9.3")
    header = b.Call(
        b.Path(symbol(f"{_JWT}::Header"), ("new",)),
        (b.Path(symbol(f"{_JWT}::Algorithm"), (str(said),)),),
    )
    secret = b.Call(
        b.Path(symbol(f"{_JWT}::EncodingKey"), ("from_secret",)),
        (b.Method(key.expr, "as_bytes"),),
    )
    args = (b.Unary("&", header), b.Unary("&", as_json(scene, claims)), b.Unary("&", secret))
    made = b.Call(b.Path(symbol(f"{_JWT}::encode")), args)
    otherwise = b.Closure((b.Wild(),), unsaid(scene, "Exception"))
    return Val(b.Try(b.Method(made, "map_err", (otherwise,))), STRING)
