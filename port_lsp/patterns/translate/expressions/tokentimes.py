"""The times that a token says of itself: PyJWT and python-jose take `int` of them, whatever they
are (jwt/api_jwt.py, jose/jwt.py), so also a text of digits, which jsonwebtoken passes over."""

from __future__ import annotations

from port_lsp.patterns.translate.expressions.pythonic import ALSO, FILE
from port_lsp.patterns.translate.libraries.making import rust
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import I64, NONE, VALUE, UntranslatedError
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, named

EXPIRED, IMMATURE, UNREADABLE = "ExpiredSignatureError", "ImmatureSignatureError", "DecodeError"
_READ = {
    "Bool": "Some(i64::from(*one))",
    "Number": "one.as_i64().or_else(|| one.as_f64().map(|one| one as i64))",
    "String": "one.trim().parse().ok()",
}


def untimely(scene: Scene, *, pyjwt: bool) -> list[tuple[b.Expr, str]]:
    """When a token isn't good for its times, with the classes that Python raises then, in order;
    beside it are its `claims` and what time it is `now`."""
    seconds = {"seconds": _seconds(scene)}
    every = '["exp", "nbf", "iat"].iter()'
    read = "claims.get(*name).and_then(seconds)"
    early = '["iat", "nbf"].iter()' if pyjwt else '["nbf"].iter()'
    late = "<=" if pyjwt else "<"  # to PyJWT it is expired in the very second
    return [
        (rust(test, seconds), raised)
        for test, raised in (
            (
                f"{every}.any(|name| claims.get(*name).is_some_and(|at| seconds(at).is_none()))",
                UNREADABLE,
            ),
            (
                f"{early}.any(|name| {read}.is_some_and(|at| at > now))",
                IMMATURE,
            ),
            (f'claims.get("exp").and_then(seconds).is_some_and(|at| at {late} now)', EXPIRED),
        )
    ]


def _seconds(scene: Scene) -> b.Expr:
    """The function that reads a time."""
    if scene.functions is None:
        raise UntranslatedError("a token in a handler that can't fail")
    docs = "What Python's `int` makes of a time in a token; None where that is no number."

    def make(name: str) -> i.Function:
        arms = [
            b.Arm(b.TuplePattern(VALUE.head, (b.Bind("one"),), (kind,)), rust(read))
            for kind, read in _READ.items()
        ]
        arms.append(b.Arm(b.Wild(), b.Path(NONE)))
        whole = b.Block(tail=b.Match(b.Name("time"), tuple(arms)))
        time = i.Param(b.Bind("time"), Reference(VALUE))
        gives = named("Option", I64)
        return i.Function(name, (time,), gives, whole, visibility="pub", docs=(docs,))

    name = "seconds_of"
    return b.Path(scene.functions.helper(f"{ALSO}: {name}", FILE, name, docs, scene.needs, make))
