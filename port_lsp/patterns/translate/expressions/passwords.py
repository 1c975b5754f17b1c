"""Hashes of passwords: bcrypt's own functions, and passlib's context where it has no other scheme.

bcrypt (both packages' docs): twelve rounds unless said, the `2b` format, of which each reads the
other's. It is made to be slow, so it runs where blocking is allowed (tokio's docs,
`spawn_blocking`). What isn't a hash fails: nobody expects that, so it is answered with status 500.
passlib: docs of `passlib.context`.
"""

from __future__ import annotations

import ast
import re

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

_CONTEXT = "passlib.context.CryptContext()"
_SCHEMES = re.compile(r"CryptContext\(([^()]*)\)")
_BCRYPT = re.compile(r"""schemes\s*=\s*[\[(]\s*["']bcrypt["']\s*,?\s*[\])]""")


def password(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """The hash of a password, or whether one fits; None for another call. Raises
    UntranslatedError."""
    hashed = _text(node, "decode")
    if isinstance(hashed, ast.Call) and _is(scene, hashed, env, "bcrypt.hashpw", 2):
        return _hash(scene, _bytes(hashed.args[0]), _rounds(scene, hashed.args[1], env), env)
    if _is(scene, node, env, "bcrypt.checkpw", 2):
        return _verify(scene, _bytes(node.args[0]), _bytes(node.args[1]), env)
    if _is(scene, node, env, f"{_CONTEXT}.hash", 1) and _only_bcrypt(scene):
        return _hash(scene, node.args[0], _default(), env)
    if _is(scene, node, env, f"{_CONTEXT}.verify", 2) and _only_bcrypt(scene):
        return _verify(scene, node.args[0], node.args[1], env)
    return None


def _is(scene: Scene, node: ast.Call, env: Env, name: str, count: int) -> bool:
    meaning = scene.meaning(node.func, env)
    found = isinstance(meaning, m.Outside) and meaning.name == name
    return found and len(node.args) == count and not node.keywords


def _only_bcrypt(scene: Scene) -> bool:
    """Whether every context of the backend has that one scheme, and no more than that is said."""
    found: list[str] = []
    for file in scene.desk.snapshot.backend_files.values():
        if b"CryptContext(" in file.text.data:
            text = file.text.data.decode("utf-8", "replace")
            found += [match[1] for match in _SCHEMES.finditer(text)]
    return bool(found) and all(
        _BCRYPT.search(one) is not None and "rounds" not in one and "__" not in one for one in found
    )


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
    call = b.Call(b.Path(symbol("bcrypt::hash")), (b.Name("password"), cost))
    return Val(_apart(scene, names, call), STRING)


def _verify(scene: Scene, of: ast.expr, hashed: ast.expr, env: Env) -> Val:
    names = (("password", _owned(scene, of, env)), ("hash", _owned(scene, hashed, env)))
    args = (b.Name("password"), b.Unary("&", b.Name("hash")))
    call = b.Call(b.Path(symbol("bcrypt::verify")), args)
    return Val(_apart(scene, names, call), BOOL)


def _owned(scene: Scene, node: ast.expr, env: Env) -> b.Expr:
    val = scene.value(node, env)
    if not is_text(val):
        raise UntranslatedError("a password that isn't a text")
    if val.type == STR:
        return b.Method(val.expr, "to_string")
    return b.Method(val.expr, "clone") if val.place else val.expr


def _apart(scene: Scene, names: tuple[tuple[str, b.Expr], ...], call: b.Expr) -> b.Expr:
    """A call where it may block; both ways in which it may fail are failures."""
    scene.needs.depend("bcrypt", "0.17")
    scene.needs.depend("tokio", "1", "rt")
    kept = tuple(b.Let(b.Bind(name), value) for name, value in names)
    closure = b.Closure((), call, move=True)
    work = b.Block(kept, closure)
    spawned = b.Await(b.Call(b.Path(symbol("tokio::task::spawn_blocking")), (work,)))
    otherwise = b.Closure((b.Wild(),), unsaid(scene, "ValueError"))
    done = b.Try(b.Method(spawned, "map_err", (otherwise,)))
    return b.Try(b.Method(done, "map_err", (otherwise,)))
