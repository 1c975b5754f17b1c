"""JSON Web Tokens that are read: PyJWT's `jwt.decode` and python-jose's, as `jsonwebtoken::decode`.

PyJWT: docs, "API Reference", `decode`, and jwt/api_jwt.py: a token that says so mustn't be expired
or not valid yet, nor be meant for an audience; `sub` and `jti` are texts. python-jose: jose/jwt.py,
the same but for the second in which it expires, and `iat`. What is wrong with a token is said by
the classes of PyJWT, whose texts aren't the same: they may be logged, and else nobody may read
them (`Scene.vague`).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.expressions.tokens import JWT, algorithm_of
from port_lsp.patterns.translate.expressions.tokentimes import (
    EXPIRED,
    IMMATURE,
    UNREADABLE,
    untimely,
)
from port_lsp.patterns.translate.failing import broken, or_broken, unsaid
from port_lsp.patterns.translate.libraries.making import rust
from port_lsp.patterns.translate.ownership import as_str
from port_lsp.patterns.translate.raising import TOKENS
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    OBJECT,
    STR,
    STRING,
    UntranslatedError,
    Val,
    is_text,
    waits,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, Slice, Symbol, named, symbol
from port_lsp.writing.printer.literals import string

_DECODE = {"jwt.decode": "PyJWT", "jose.jwt.decode": "python-jose"}
_TEXTS = ("sub", "jti")
_KINDS = {
    "ExpiredSignature": EXPIRED,
    "InvalidSignature": "InvalidSignatureError",
    "ImmatureSignature": IMMATURE,
    "InvalidAudience": "InvalidAudienceError",
    "InvalidAlgorithm": "InvalidAlgorithmError",
}
_FILE = "tokens.py"  # beside the models
_ALGORITHMS = Slice(named(f"{JWT}::Algorithm"))


def claims(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """What a token says; None for another call. Raises UntranslatedError."""
    meaning = scene.meaning(node.func, env)
    library = _DECODE.get(meaning.name) if isinstance(meaning, m.Outside) else None
    if library is None:
        return None
    given = dict(zip(("token", "key", "algorithms"), node.args, strict=False))
    given |= {
        "token" if one.arg in ("jwt", "token") else one.arg: one.value
        for one in node.keywords
        if one.arg is not None
    }
    if set(given) != {"token", "key", "algorithms"}:
        raise UntranslatedError("a token that is read with more than its key and algorithms")
    several = given["algorithms"]
    named_ = several.elts if isinstance(several, (ast.List, ast.Tuple)) else [several]
    if not named_ or any(isinstance(one, ast.Starred) for one in named_):
        raise UntranslatedError("a token of algorithms that aren't known")
    algorithms = tuple(algorithm_of(scene, one, env) for one in named_)
    texts = [scene.value(given[one], env) for one in ("token", "key")]
    if any(not is_text(one) or waits(one.expr) for one in texts):
        raise UntranslatedError("a token or a key that isn't surely a text")
    if scene.is_read and not scene.is_trying:
        raise UntranslatedError("what another library raises, which somebody else may read")
    scene.vague |= TOKENS
    args = (*map(as_str, texts), b.Unary("&", b.ArrayOf(algorithms)))
    return Val(b.Try(b.Call(b.Path(_decoding(scene, library)), args)), OBJECT)


def claimed_names(scene: Scene, nodes: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that what a token says is bound to, and nothing else."""
    found: dict[str, int] = {}
    for one in walked(*nodes):
        target = one.targets[0] if isinstance(one, ast.Assign) and len(one.targets) == 1 else None
        if isinstance(one, ast.Assign) and isinstance(target, ast.Name):
            call = one.value
            meaning = scene.meaning(call.func, Env({}, ())) if isinstance(call, ast.Call) else None
            if isinstance(meaning, m.Outside) and meaning.name in _DECODE:
                found[target.id] = found.get(target.id, 0) + 1
    binds = [one for node in nodes for one in _bindings(node)] if found else []
    return frozenset(name for name, count in found.items() if binds.count(name) == count)


def claim_text(scene: Scene, of: ast.expr, key: Val, val: Val) -> Val | None:
    """`claims["sub"]`, which is a text; None for another part. Raises UntranslatedError."""
    found = _claim(scene, of, key, val)
    if found is None or key.known is None:
        return None
    made = or_broken(scene, found, "KeyError", repr(key.known.value))
    return Val(made, STR, place=True, root=val.root)


def claim_asked(scene: Scene, of: ast.expr, key: Val, val: Val) -> Val | None:
    """`claims.get("sub")`, which is a text or nothing; None for another part."""
    found = _claim(scene, of, key, val)
    if found is None:
        return None
    text = b.Method(found, "map", (b.Path(symbol("str"), ("to_string",)),))
    return Val(text, named("Option", STRING))


def _claim(scene: Scene, of: ast.expr, key: Val, val: Val) -> b.Expr | None:
    name = key.known.value if key.known is not None else None
    if not isinstance(of, ast.Name) or of.id not in scene.claimed or name not in _TEXTS:
        return None
    there = b.Method(val.expr, "get", (as_str(key),))
    return b.Method(there, "and_then", (b.Path(symbol("serde_json::Value"), ("as_str",)),))


def _bindings(node: ast.AST) -> list[str]:
    """The names that something binds, each as often as it does."""
    names = [one.id for one in walked(node) if isinstance(one, ast.Name) and _is_bound(one)]
    return [*names, *(stored(node) - set(names))]


def _is_bound(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _decoding(scene: Scene, library: str) -> Symbol:
    """The function that reads a token."""
    if scene.functions is None or scene.result is None:
        raise UntranslatedError("a token in a handler that can't fail")
    if not scene.needs.has(JWT):
        scene.needs.depend(JWT, "9.3")
    scene.need_json()
    result = around(scene.result, OBJECT)
    docs = f"What a token says, if it is good: checked as {library}'s `decode` does it."
    whole = _body(scene, library)
    params = (
        i.Param(b.Bind("token"), Reference(named("str"))),
        i.Param(b.Bind("secret"), Reference(named("str"))),
        i.Param(b.Bind("algorithms"), Reference(_ALGORITHMS)),
    )
    return scene.functions.helper(
        docs, _FILE, "decode_token", docs, scene.needs,
        lambda name: i.Function(name, params, result, whole, visibility="pub", docs=(docs,)),
    )  # fmt: skip


def _body(scene: Scene, library: str) -> b.Block:
    pyjwt = library == "PyJWT"
    kind = symbol(f"{JWT}::errors::ErrorKind")
    arms = tuple(
        b.Arm(b.PathPattern(kind, (name,)), b.Lit(string(of))) for name, of in _KINDS.items()
    )
    named_ = b.Match(
        b.Method(b.Name("error"), "kind"), (*arms, b.Arm(b.Wild(), b.Lit(string(UNREADABLE))))
    )
    failed = _failed(scene, named_)
    decoded = b.Call(
        b.Path(symbol(f"{JWT}::decode"), (), (OBJECT,)),
        (b.Name("token"), b.Unary("&", b.Name("key")), b.Unary("&", b.Name("rules"))),
    )
    told = b.Bind("error") if mentions("error", failed) else b.Wild()
    found = b.Try(b.Method(decoded, "map_err", (b.Closure((told,), failed),)))
    texts = '["sub", "jti"].iter().any(|name| claims.get(*name).is_some_and(|of| !of.is_string()))'
    checks: list[b.Statement] = [
        b.Let(b.Bind("now"), rust(f"{JWT}::get_current_timestamp() as i64")),
        *(
            b.Do(b.If(test, b.Block((_refused(scene, raised),))))
            for test, raised in untimely(scene, pyjwt=pyjwt)
        ),
        b.Do(b.If(rust(texts), b.Block((_refused(scene, "InvalidTokenError"),)))),
    ]

    def rule(name: str, value: str) -> b.Statement:
        return b.Assign(b.Access(b.Name("rules"), name), rust(value))

    return b.Block(
        (
            b.Let(b.Bind("rules", "mut "), rust(f"{JWT}::Validation::default()")),
            rule("algorithms", "algorithms.to_vec()"),
            b.Do(rust("rules.required_spec_claims.clear()")),
            rule("leeway", "0"),
            *((rule("reject_tokens_expiring_in_less_than", "1"),) if pyjwt else ()),
            rule("validate_nbf", "true"),
            b.Let(b.Bind("key"), rust(f"{JWT}::DecodingKey::from_secret(secret.as_bytes())")),
            b.Let(b.Bind("claims"), b.Access(found, "claims")),
            *checks,
        ),
        rust("Ok(claims)"),
    )


def _refused(scene: Scene, of: str) -> b.Statement:
    return b.Do(b.Jump("return", b.Call(b.Path(symbol("Err")), (unsaid(scene, of),))))


def _failed(scene: Scene, kind: b.Expr) -> b.Expr:
    """The error for a token that isn't good; a crate whose errors don't name classes has one."""
    if scene.errors is None or not scene.errors.exception:
        return unsaid(scene, UNREADABLE)
    made = broken(scene, UNREADABLE, Val(b.Method(b.Name("error"), "to_string"), STRING))
    assert isinstance(made, b.Call)
    return b.Call(made.function, (kind, *made.args[1:]))
