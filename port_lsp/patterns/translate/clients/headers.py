"""The headers of a request: a dict that is written out, in which some may stand under a condition
(`**({…} if key else {})`).
"""

from __future__ import annotations

import ast
import re

from port_lsp.patterns.translate.clients.kinds import Kind
from port_lsp.patterns.translate.expressions.narrowing import narrowed
from port_lsp.patterns.translate.expressions.opposites import negated
from port_lsp.patterns.translate.expressions.truth import looked_at, truth
from port_lsp.patterns.translate.libraries.making import rust
from port_lsp.patterns.translate.ownership import as_str
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import SOME, UntranslatedError, Val, is_text, waits
from port_lsp.writing.ir import body as b
from port_lsp.writing.printer.literals import string

# What can't be encoded becomes a sign that no header may have: sending it fails, as encoding does.
_ENCODED = {
    "requests": "u8::try_from(one).unwrap_or_default()",
    "httpx": "u8::try_from(one).ok().filter(|byte| byte.is_ascii()).unwrap_or_default()",
}
_PRINTABLE = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")


def with_headers(scene: Scene, kind: Kind, made: b.Expr, node: ast.expr | None, env: Env) -> b.Expr:
    """A request with its headers."""
    plain, others = _parted(node)
    names = [*_names(scene, node, env)]
    if len({name.lower() for name in names}) != len(names):
        raise UntranslatedError("headers of a request that stand there twice")
    before: tuple[b.Statement, ...] = ()
    if isinstance(made, b.Block) and made.tail is not None:
        before, made = made.statements, made.tail
    made = _added(kind, made, pairs(scene, plain, env, "headers"))
    if not others:
        return b.Block(before, made) if before else made
    rust_name = env.free("request")
    request = b.Name(rust_name)
    asked = [b.Do(_asked(scene, kind, request, one, env)) for one in others]
    return b.Block((*before, b.Let(b.Bind(rust_name, "mut "), made), *asked), request)


def then(made: b.Expr, name: str, arg: b.Expr) -> b.Expr:
    """A request with more, also one that several statements make."""
    if isinstance(made, b.Block) and made.tail is not None:
        return b.Block(made.statements, then(made.tail, name, arg))
    return b.Method(made, name, (arg,))


def pairs(scene: Scene, node: ast.expr | None, env: Env, what: str) -> list[tuple[str, Val]]:
    """The entries of a dict that is written out."""
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return []
    if not isinstance(node, ast.Dict):
        raise UntranslatedError(f"{what} of a request that aren't written out")
    found: list[tuple[str, Val]] = []
    for key, one in zip(node.keys, node.values, strict=True):
        name = scene.value(key, env).known if key is not None else None
        if name is None or not isinstance(name.value, str):
            raise UntranslatedError(f"{what} of a request that aren't written out")
        found.append((name.value, scene.value(one, env)))
    if len({name.lower() for name, _ in found}) != len(found):
        raise UntranslatedError(f"{what} of a request that stand there twice")
    return found


def _parted(node: ast.expr | None) -> tuple[ast.expr | None, list[ast.IfExp]]:
    """A dict without those parts of it that stand under a condition, and these."""
    if not isinstance(node, ast.Dict):
        return node, []
    each = list(zip(node.keys, node.values, strict=True))
    others = [one for key, one in each if key is None and isinstance(one, ast.IfExp)]
    left = [(key, one) for key, one in each if one not in others]
    return ast.Dict([key for key, _ in left], [one for _, one in left]), others


def _names(scene: Scene, node: ast.expr | None, env: Env) -> list[str]:
    """All names that a dict may have."""
    found: list[str] = []
    for one in ast.walk(node) if node is not None else ():
        for key in one.keys if isinstance(one, ast.Dict) else ():
            name = scene.value(key, env).known if key is not None else None
            found += [name.value] if name is not None and isinstance(name.value, str) else []
    return found


def _asked(scene: Scene, kind: Kind, request: b.Name, node: ast.IfExp, env: Env) -> b.If:
    """`if key { request = request.header(…) }`."""

    def put(part: ast.expr, known: Env) -> b.Block:
        added = pairs(scene, part, known, "headers")
        whole = b.Assign(request, _added(kind, request, added))
        return b.Block((whole,) if added else ())

    found = narrowed(scene, node.test, env)
    none = b.Block()
    if found is not None and found.some:
        there = put(node.body, found.owned(env) if found.copied else found.borrowed(env))
        if mentions(found.rust, there):
            other = put(node.orelse, env)
            some = b.TuplePattern(SOME, (b.Bind(found.rust),))
            return b.If(looked_at(scene, found), there, None if other == none else other, some)
    test, there, other = truth(scene, node.test, env), put(node.body, env), put(node.orelse, env)
    if isinstance(test, b.Lit):
        raise UntranslatedError("headers of a request under a condition that is decided")
    if there == none:
        test, there, other = negated(test), other, there
    return b.If(test, there, None if other == none else other)


def _added(kind: Kind, made: b.Expr, several: list[tuple[str, Val]]) -> b.Expr:
    for name, value in several:
        made = b.Method(made, "header", (b.Lit(string(name)), _header(kind, value)))
    return made


def _header(kind: Kind, val: Val) -> b.Expr:
    """A header's value, encoded as Python's library does."""
    if not is_text(val) or waits(val.expr):
        raise UntranslatedError("a header of a request that is no text")
    if val.known is not None and isinstance(val.known.value, str):
        if not _PRINTABLE.fullmatch(val.known.value):
            raise UntranslatedError("a header of a request that isn't printable")
        return val.expr
    if kind.name == "aiohttp":  # UTF-8, as reqwest
        return as_str(val) if val.place else val.expr
    text = f"text.chars().map(|one| {_ENCODED[kind.name]}).collect::<Vec<u8>>()"
    return rust(text, {"text": val.expr})
