"""Dicts and lists: JSON, and lists of one type."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.ownership import JSON, fitting, in_json
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    EMPTY,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, named, symbol
from port_lsp.writing.printer.literals import string


def dictionary(scene: Scene, node: ast.Dict, env: Env) -> Val:
    """`{"key": value}` as JSON."""
    scene.need_json()
    entries: list[tuple[str, b.Expr]] = []
    for key, one in zip(node.keys, node.values, strict=True):
        if key is None:
            raise UntranslatedError("`**` in a dict")
        text = scene.value(key, env).known
        if text is None or not isinstance(text.value, str):
            raise UntranslatedError("a key of a dict that isn't known")
        entries.append((string(text.value), in_json(scene, scene.value(one, env))))
    if not entries:
        return Val(b.Macro(JSON, (b.Lit("{}"),)), VALUE)
    return Val(b.Json(JSON, tuple(entries)), VALUE)


def listed(scene: Scene, node: ast.List, env: Env) -> Val:
    """`[a, b]`: of one type a Vec, else JSON."""
    if not node.elts:
        return Val(b.Call(b.Path(symbol("Vec"), ("new",))), EMPTY)
    if any(isinstance(one, ast.Starred) for one in node.elts):
        raise UntranslatedError("`*` in a list")
    items = [scene.value(one, env) for one in node.elts]
    kinds: set[AnyType] = {_of_item(one) for one in items}
    if len(kinds) == 1 and (kind := next(iter(kinds))) not in (VALUE, without_reference(STR)):
        made = tuple(fitting(scene, one, kind) for one in items)
        return Val(b.Macro(symbol("vec"), made, "[]"), named("Vec", kind))
    scene.need_json()
    written = tuple(in_json(scene, one) for one in items)
    if any(isinstance(one, b.Json) for one in written):
        return Val(b.Json(JSON, items=written), VALUE)
    whole = b.ArrayOf(written)
    return Val(b.Macro(JSON, (whole,)), VALUE)


def _of_item(val: Val) -> AnyType:
    return STRING if val.type == STR else without_reference(val.type)
