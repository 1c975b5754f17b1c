"""`request.headers`: the request's headers, of which a handler takes all
(`endpoints/parameters.py`).

Starlette's `Headers` (starlette/datastructures.py): names in any case, values in latin-1, of
several headers of one name the first; http's `HeaderMap` gives that, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.ownership import as_str, fitting
from port_lsp.patterns.translate.replies.headers import header_value
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.values import (
    STRING,
    UntranslatedError,
    Val,
    is_none,
    is_text,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import Reference, Symbol, Type, named

_TEXT = "header_text"
_DOCS = "What a header of the request says, in latin-1 as Starlette reads it."


def headers_in(params: Iterable[i.Param]) -> b.Expr | None:
    """All headers, of the parameter of a handler that takes them; None where none does."""
    for one in params:
        names = bound(one.pattern)
        path = one.type.head.path if isinstance(one.type, Type) else ()
        if len(names) == 1 and path == ("axum", "http", "HeaderMap"):
            return b.Name(names[0])
        if len(names) == 1 and path == ("actix_web", "HttpRequest"):
            return b.Method(b.Name(names[0]), "headers")
    return None


def is_headers(scene: Scene, node: ast.expr, env: Env) -> bool:
    """Whether an expression is the request's headers."""
    known = scene.request and scene.request not in env.names and scene.headers is not None
    return bool(known) and dotted(node) == f"{scene.request}.headers"


def header_asked(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """`request.headers.get(name)`, with a default; None for another call."""
    func = node.func
    if not isinstance(func, ast.Attribute) or not is_headers(scene, func.value, env):
        return None
    if func.attr != "get" or node.keywords or len(node.args) not in (1, 2):
        raise UntranslatedError(f"the method {func.attr} of headers")
    found = b.Method(_found(scene, node.args[0], env), "map", (b.Path(_text(scene)),))
    default = scene.value(node.args[1], env) if len(node.args) > 1 else None
    if default is None or is_none(default):
        return Val(found, named("Option", STRING))
    if not is_text(default):
        raise UntranslatedError("a header's default that is no text")
    otherwise = b.Closure((), fitting(scene, default, STRING))
    return Val(b.Method(found, "unwrap_or_else", (otherwise,)), STRING)


def header_part(scene: Scene, node: ast.Subscript, env: Env) -> Val | None:
    """`request.headers[name]`, which fails where there is none; None for another subscript."""
    if not is_headers(scene, node.value, env):
        return None
    key = scene.value(node.slice, env)
    if key.known is None:
        raise UntranslatedError("a key that isn't known")
    found = b.Method(_found(scene, node.slice, env), "map", (b.Path(_text(scene)),))
    return Val(or_broken(scene, found, "KeyError", repr(key.known.value)), STRING)


def header_there(scene: Scene, name: Val) -> b.Expr:
    """`name in request.headers`."""
    assert scene.headers is not None
    if not is_text(name):
        raise UntranslatedError("a header whose name is no text")
    return b.Method(scene.headers, "contains_key", (as_str(name),))


def _found(scene: Scene, node: ast.expr, env: Env) -> b.Expr:
    assert scene.headers is not None
    name = scene.value(node, env)
    if not is_text(name):
        raise UntranslatedError("a header whose name is no text")
    return b.Method(scene.headers, "get", (as_str(name),))


def _text(scene: Scene) -> Symbol:
    """The function that reads a header's value."""
    if scene.functions is None:
        raise UntranslatedError("a header in a handler that can't fail")
    kind = header_value(scene)
    of = b.Method(b.Method(b.Method(b.Name("value"), "as_bytes"), "iter"), "copied")
    made = b.Method(b.Method(of, "map", (b.Path(Symbol(("char",)), ("from",)),)), "collect")
    return scene.functions.helper(
        _TEXT, f"{scene.backend_file}::", _TEXT, _DOCS, scene.needs,
        lambda claimed: i.Function(
            claimed, (i.Param(b.Bind("value"), Reference(kind)),), STRING, b.Block(tail=made),
            visibility="pub", docs=(_DOCS,),
        ),
    )  # fmt: skip
