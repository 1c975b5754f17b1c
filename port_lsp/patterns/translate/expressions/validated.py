"""`Model.model_validate(row)`: a model of a row, made by its `From` or by a function that is
written for both (`conversions.py`)."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.expressions.conversions import maker
from port_lsp.patterns.translate.expressions.modelfields import refused
from port_lsp.patterns.translate.ownership import owned
from port_lsp.patterns.translate.queries.results import iterated
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    UntranslatedError,
    Val,
    inside,
    option_of,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b

_NAMES = ("model_validate", "from_orm")


def validated(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """A model of a row; None for another call. Raises UntranslatedError."""
    key = _model(scene, node.func, env)
    if key is None or len(node.args) != 1 or node.keywords:
        return None
    val = scene.value(node.args[0], env)
    kind = without_reference(val.type)
    optional = option_of(kind)
    row = without_reference(optional) if optional is not None else kind
    made = maker(scene, key, row)
    if optional is None:
        return made.of(scene, val)
    # None is no instance of anything.
    given = b.Method(val.expr, "as_ref") if made.borrows else owned(scene, val)
    there = b.Method(given, "ok_or_else", (b.Closure((), refused(scene)),))
    if made.waits:
        return made.of(scene, Val(b.Try(there), row))
    if made.path is not None:
        there = b.Method(there, "and_then" if made.fails else "map", (made.path,))
    return Val(b.Try(there), made.model)


def validated_each(scene: Scene, node: ast.ListComp, env: Env) -> Val:
    """`[Model.model_validate(row) for row in rows]`."""
    (one,) = node.generators if len(node.generators) == 1 else (None,)
    element = node.elt
    key = _model(scene, element.func, env) if isinstance(element, ast.Call) else None
    if one is None or key is None or not isinstance(element, ast.Call):
        raise UntranslatedError("ListComp")
    same = len(element.args) == 1 and ast.dump(element.args[0]) == ast.dump(
        ast.Name(one.target.id, ast.Load()) if isinstance(one.target, ast.Name) else node.elt
    )
    if not same or element.keywords or one.ifs or one.is_async:
        raise UntranslatedError("ListComp")
    val = iterated(scene, one.iter, env) or scene.value(one.iter, env)
    row = inside(without_reference(val.type), "Vec")
    if row is None:
        raise UntranslatedError("ListComp")
    return maker(scene, key, row).of_each(scene, val)


def _model(scene: Scene, node: ast.expr, env: Env) -> str | None:
    """The model whose method it is."""
    if not isinstance(node, ast.Attribute) or node.attr not in _NAMES:
        return None
    meaning = scene.meaning(node.value, env)
    return meaning.key if isinstance(meaning, m.Kind) else None
