"""Hashes of passwords: bcrypt's own functions, and contexts of bcrypt and Argon2.

bcrypt (both packages' docs): twelve rounds unless said, the `2b` format, of which each reads the
other's. It is made to be slow, so it runs where blocking is allowed (tokio's docs,
`spawn_blocking`). What isn't a hash fails: nobody expects that, so it is answered with status 500.
Of argon2-cffi's own hasher only `hash` is known: its `verify` raises where others give False.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from port_lsp.patterns.translate.expressions.argon2 import hashing, verifying
from port_lsp.patterns.translate.expressions.hashschemes import CONTEXTS, schemes
from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    STR,
    STRING,
    UntranslatedError,
    Val,
    is_text,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol


def password(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """The hash of a password, or whether one fits; None for another call. Raises
    UntranslatedError."""
    hashed = _text(node, "decode")
    if isinstance(hashed, ast.Call) and _is(scene, hashed, env, "bcrypt.hashpw", 2):
        return _hash(scene, _bytes(hashed.args[0]), _rounds(scene, hashed.args[1], env), env)
    if _is(scene, node, env, "bcrypt.checkpw", 2):
        return _verify(scene, _bytes(node.args[0]), _bytes(node.args[1]), env)
    meaning = scene.meaning(node.func, env)
    of, _, word = meaning.name.rpartition(".") if isinstance(meaning, m.Outside) else ("", "", "")
    if of not in CONTEXTS or node.keywords or len(node.args) != _ASKED.get(word):
        return None
    found = schemes(scene, CONTEXTS[of])
    if not found:
        return None
    if word == "hash":
        return _HASHES[found[0]](scene, node.args[0], env)
    if CONTEXTS[of] == "PasswordHasher":
        return None
    return _verified(scene, node.args[0], node.args[1], found, env)


_ASKED = {"hash": 1, "verify": 2}


def _is(scene: Scene, node: ast.Call, env: Env, name: str, count: int) -> bool:
    meaning = scene.meaning(node.func, env)
    found = isinstance(meaning, m.Outside) and meaning.name == name
    return found and len(node.args) == count and not node.keywords


def _text(node: ast.expr, method: str) -> ast.expr | None:
    """What `.encode()` or `.decode()` is called of, in UTF-8."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.keywords:
        return None
    utf8 = [isinstance(one, ast.Constant) and str(one.value).lower() in _UTF8 for one in node.args]
    return node.func.value if node.func.attr == method and all(utf8) else None


_UTF8 = ("utf-8", "utf8")


def _bytes(node: ast.expr) -> ast.expr:
    found = _text(node, "encode")
    if found is None:
        raise UntranslatedError("bytes that aren't a text's")
    return found


def _rounds(scene: Scene, node: ast.expr, env: Env) -> b.Expr:
    """The cost that `bcrypt.gensalt(…)` says."""
    meaning = scene.meaning(node.func, env) if isinstance(node, ast.Call) else None
    if meaning != m.Outside("bcrypt.gensalt") or not isinstance(node, ast.Call):
        raise UntranslatedError("a salt")
    given = [*node.args, *(one.value for one in node.keywords if one.arg == "rounds")]
    if not given and not node.keywords:
        return _default()
    rounds = scene.value(given[0], env).known if len(given) == 1 else None
    if rounds is None or not isinstance(rounds.value, int) or not 4 <= rounds.value <= 31:
        raise UntranslatedError("a salt")
    return b.Lit(str(rounds.value))


def _default() -> b.Expr:
    return b.Path(symbol("bcrypt::DEFAULT_COST"))


def _hash(scene: Scene, of: ast.expr, cost: b.Expr, env: Env) -> Val:
    names = (("password", _owned(scene, of, env)),)
    scene.needs.depend("bcrypt", "0.17")
    call = b.Call(b.Path(symbol("bcrypt::hash")), (b.Name("password"), cost))
    return Val(_apart(scene, names, call), STRING)


def _argon2(scene: Scene, of: ast.expr, env: Env) -> Val:
    names = (("password", _owned(scene, of, env)),)
    call = b.Call(b.Path(hashing(scene)), (b.Unary("&", b.Name("password")),))
    return Val(_apart(scene, names, call), STRING)


_HASHES: dict[str, Callable[[Scene, ast.expr, Env], Val]] = {
    "argon2": _argon2,
    "bcrypt": lambda scene, of, env: _hash(scene, of, _default(), env),
}


def _verify(scene: Scene, of: ast.expr, hashed: ast.expr, env: Env) -> Val:
    return _verified(scene, of, hashed, ("bcrypt",), env)


def _verified(
    scene: Scene, of: ast.expr, hashed: ast.expr, known: tuple[str, ...], env: Env
) -> Val:
    """Whether a hash fits, which was made by one of some schemes."""
    names = (("password", _owned(scene, of, env)), ("hash", _owned(scene, hashed, env)))
    password, hash_ = b.Name("password"), b.Unary("&", b.Name("hash"))
    calls: dict[str, b.Expr] = {}
    if "argon2" in known:
        calls["argon2"] = b.Call(b.Path(verifying(scene)), (b.Unary("&", password), hash_))
    if "bcrypt" in known:
        calls["bcrypt"] = b.Call(b.Path(symbol("bcrypt::verify")), (password, hash_))
        scene.needs.depend("bcrypt", "0.17")
    if len(calls) == 1:
        return Val(_apart(scene, names, *calls.values()), BOOL)
    # Their errors are of two types, of which nothing is told.
    first, second = (
        b.Block(tail=b.Method(one, "map_err", (b.Closure((b.Wild(),), b.TupleOf()),)))
        for one in calls.values()
    )
    asked = b.Method(b.Name("hash"), "starts_with", (b.Lit('"$argon2"'),))
    return Val(_apart(scene, names, b.If(asked, first, second)), BOOL)


def _owned(scene: Scene, node: ast.expr, env: Env) -> b.Expr:
    val = scene.value(node, env)
    if not is_text(val):
        raise UntranslatedError("a password that isn't a text")
    if val.type == STR:
        return b.Method(val.expr, "to_string")
    return b.Method(val.expr, "clone") if val.place else val.expr


def _apart(scene: Scene, names: tuple[tuple[str, b.Expr], ...], call: b.Expr) -> b.Expr:
    """A call where it may block; both ways in which it may fail are failures."""
    scene.needs.depend("tokio", "1", "rt")
    kept = tuple(b.Let(b.Bind(name), value) for name, value in names)
    closure = b.Closure((), call, move=True)
    work = b.Block(kept, closure)
    spawned = b.Await(b.Call(b.Path(symbol("tokio::task::spawn_blocking")), (work,)))
    otherwise = b.Closure((b.Wild(),), unsaid(scene, "ValueError"))
    done = b.Try(b.Method(spawned, "map_err", (otherwise,)))
    return b.Try(b.Method(done, "map_err", (otherwise,)))
