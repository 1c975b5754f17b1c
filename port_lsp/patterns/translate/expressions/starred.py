"""`[a, *b]` (Python's reference, "List displays"): a list of its own, of what is written and of all
that others give, in their order.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.expressions.sources import Source, of_value, source
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.queries.results import iterated
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    COPIED,
    EMPTY,
    STR,
    STRING,
    UntranslatedError,
    Val,
    is_none,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, named, symbol

_ANY = named("_")
Part = Source | list[Val]
"""What a `*` gives, or the values between two of them."""


def spread(scene: Scene, elements: list[ast.expr], env: Env) -> Val:
    """The list: an iterator of each part behind the one before, all in a Vec. Raises
    UntranslatedError where they aren't all of one type, as what is in a list of JSON's may be."""
    parts: list[Part] = []
    for one in elements:
        if isinstance(one, ast.Starred):
            rows = iterated(scene, one.value, env)
            given = of_value(scene, rows) if rows is not None else None
            parts.append(given or source(scene, one.value, env))
        elif parts and isinstance(parts[-1], list):
            parts[-1].append(scene.value(one, env))
        else:
            parts.append([scene.value(one, env)])
    kinds = {kind for part in parts for kind in _kinds(part)}
    if len(kinds) != 1:
        raise UntranslatedError("`*` in a list of several types")
    (kind,) = kinds
    first, *rest = parts
    made = _each(scene, first, kind)
    if not _is_iterator(made):
        made = b.Method(made, "into_iter")
    for part in rest:
        made = b.Method(made, "chain", (_each(scene, part, kind),))
    return Val(b.Method(made, "collect", (), (named("Vec", _ANY),)), named("Vec", kind))


def _kinds(part: Part) -> set[AnyType]:
    if isinstance(part, Source):
        if isinstance(part.item, tuple):
            raise UntranslatedError("`*` of tuples")
        return {_kind(part.item)}
    if any(one.type == EMPTY or is_none(one) for one in part):
        raise UntranslatedError("`*` in a list of what isn't known")
    return {_kind(one.type) for one in part}


def _kind(kind: AnyType) -> AnyType:
    return STRING if kind == STR else without_reference(kind)


def _each(scene: Scene, part: Part, kind: AnyType) -> b.Expr:
    """What gives the values of a part for good: an iterator, or what becomes one."""
    if isinstance(part, list):
        return b.ArrayOf(tuple(fitting(scene, one, kind) for one in part))
    if part.item == STR:
        return b.Method(part.iter, "map", (b.Path(symbol("str"), ("to_string",)),))
    if isinstance(part.item, Reference):
        if kind not in COPIED and not scene.shapes.has(kind, "Clone"):
            raise UntranslatedError("a list of what can't be cloned")
        return b.Method(part.iter, "cloned")
    made = part.over
    if isinstance(made, b.Method) and made.name == "collect":
        return made.receiver  # nobody else wants that list
    return made


def _is_iterator(expr: b.Expr) -> bool:
    """Whether a part is no list or array but goes through one already."""
    if isinstance(expr, b.Binary):  # a range
        return True
    return isinstance(expr, b.Method) and expr.name in ("cloned", "copied", "map", "rev", "zip")
