"""Methods of dicts (Python's docs, "Mapping Types"): of maps whose type is known, of JSON."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.expressions.decoding import claim_asked
from port_lsp.patterns.translate.expressions.subscripts import as_str, value_type
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.ownership import as_json, fitting, owned
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    VALUE,
    UntranslatedError,
    Val,
    is_none,
    is_text,
    waits,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, named

_NULL = b.Path(VALUE.head, ("Null",))


def is_mapping(of: Val) -> bool:
    """Whether a value may be a dict."""
    return value_type(without_reference(of.type)) is not None


def mapping_method(scene: Scene, of: Val, node: ast.Call, env: Env) -> Val:
    """A method of a dict."""
    assert isinstance(node.func, ast.Attribute)
    kind = without_reference(of.type)
    if node.func.attr == "copy" and not node.args and not node.keywords and kind != VALUE:
        return Val(owned(scene, of), kind)
    if node.func.attr != "get" or not 1 <= len(node.args) <= 2 or node.keywords:
        raise UntranslatedError(f"the method {node.func.attr}")
    key = scene.value(node.args[0], env)
    held = value_type(without_reference(of.type))
    if not is_text(key) or held is None:
        raise UntranslatedError("a part by what is no text")
    default = scene.value(node.args[1], env) if len(node.args) > 1 else None
    found = b.Method(as_object(scene, of, "get"), "get", (as_str(key),))
    borrowed = of.place or isinstance(of.type, Reference)
    missing = default is None or is_none(default)
    claim = claim_asked(scene, node.func.value, key, of) if missing else None
    if claim is not None:
        return claim
    if held != VALUE:
        return _typed(scene, of, found, held, None if missing else default, borrowed=borrowed)
    if missing and borrowed:
        null = b.Unary("&", _NULL)
        return Val(b.Method(found, "unwrap_or", (null,)), Reference(VALUE), True, of.root)
    own = b.Method(found, "cloned")
    if missing or default is None:
        return Val(b.Method(own, "unwrap_or_default"), VALUE)
    return Val(_otherwise(own, as_json(scene, default)), VALUE)


def as_object(scene: Scene, of: Val, name: str) -> b.Expr:
    """A dict as Rust has it: of JSON the object that it is, or there is no such method."""
    if without_reference(of.type) != VALUE:
        return of.expr
    text = f"object has no attribute '{name}'"
    return or_broken(scene, b.Method(of.expr, "as_object"), "AttributeError", text)


def _typed(
    scene: Scene, of: Val, found: b.Expr, held: AnyType, default: Val | None, *, borrowed: bool
) -> Val:
    if default is None and borrowed:
        return Val(found, named("Option", Reference(held)), False, of.root)
    own = b.Method(found, "cloned")
    if default is None:
        return Val(own, named("Option", held))
    return Val(_otherwise(own, fitting(scene, default, held)), held)


def _otherwise(option: b.Expr, default: b.Expr) -> b.Expr:
    """What an Option holds, or a default, which has no effects."""
    if waits(default):
        raise UntranslatedError("a default that may fail")
    if isinstance(default, b.Lit):
        return b.Method(option, "unwrap_or", (default,))
    return b.Method(option, "unwrap_or_else", (b.Closure((), default),))
