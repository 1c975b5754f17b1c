"""Tokens: PyJWT's, python-jose's and authlib's `jwt.decode` (their docs)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from port_lsp.python.gates.values import SYMBOLIC, Const, Known, Object
from port_lsp.types import auth as t

_SYMMETRIC = ("HS256", "HS384", "HS512")


def claims_of(
    name: str,
    args: Sequence[Known],
    words: Mapping[str, Known],
    default: Callable[[str], str | None],
) -> t.Claims | None:
    """What `jwt.decode(token, secret, algorithms=[…])` gives; None for another function (by its
    dotted name), or where its secret or algorithm isn't known. `default` says what a setting (its
    variable) is where nothing sets it.

    A secret that is shared is never taken for the key of an algorithm that isn't said: by a public
    key anybody could sign then."""
    if name.rpartition(".")[2] != "decode" or name.partition(".")[0] not in ("jwt", "jose"):
        return None

    def given(at: int, *names: str) -> Known | None:
        found = next((words[one] for one in names if one in words), None)
        return found or (args[at] if len(args) > at else None)

    token, secret = given(0, "token", "jwt"), given(1, "key")
    if isinstance(secret, Const) and isinstance(secret.value, str):
        secret = t.Text(secret.value)
    asked = given(2, "algorithms")
    if isinstance(asked, Object) and len(asked.parts) == 1:  # a list of what isn't written out
        asked = asked.parts[0][1]
    outside = asked if isinstance(asked, t.Setting) else None
    algorithms = asked.value if isinstance(asked, Const) else ()
    if asked is None:
        algorithms = _SYMMETRIC[:1]
    elif outside is not None:
        algorithms = default(outside.env)
    listed = algorithms if isinstance(algorithms, tuple) else (algorithms,)
    known = tuple(one for one in listed if isinstance(one, str) and one in _SYMMETRIC)
    if not isinstance(token, SYMBOLIC) or not isinstance(secret, (t.Setting, t.Text)):
        return None
    if not known and outside is None:
        return None
    options = words.get("options")
    switches = dict(options.parts) if isinstance(options, Object) else {}
    if switches.get("verify_signature") == Const(value=False):
        return None
    return t.Claims(
        token,
        secret,
        known,
        _text(words.get("audience")),
        _text(words.get("issuer")),
        switches.get("verify_exp") != Const(value=False),
        switches.get("verify_aud") != Const(value=False),
        outside,
    )


def _text(value: Known | None) -> str:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else ""
