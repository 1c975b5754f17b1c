"""What functions of the backend take and give where their annotations don't say it.

What is read off the backend's text (`inferring/`) comes first; else a parameter is of the type that
the call has for it. What a function gives is read off its returns: rows of a query, objects of its
classes, what another function gives. It is the translation of the body that must agree: where it
doesn't, its `return` stays a hole.

Who asks for a function by itself gets it also where that isn't known: what doesn't show its type
is JSON of any kind then, and a note says so.
"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.calls import JSON, OPAQUE, is_unsaid, is_unsaid_result
from port_lsp.patterns.translate.inferring.inferred import Inferred
from port_lsp.patterns.translate.inferring.kinds import is_request
from port_lsp.patterns.translate.queries.links import is_called_so
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    Val,
    inside,
    is_text,
    option_of,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.types.wire import Wire, ref
from port_lsp.writing.ir.types import AnyType

_PLAIN: dict[AnyType, Wire] = {I64: Wire("int"), F64: Wire("float"), BOOL: Wire("bool")}


def with_types(scene: Scene, meaning: m.Callable, node: ast.Call, env: Env) -> m.Callable:
    """A function with the types that the backend's text, a call and its own body say of it. Raises
    UntranslatedError."""
    given = dict(zip((one.name for one in meaning.params), node.args, strict=False))
    given |= {one.arg: one.value for one in node.keywords if one.arg is not None}
    inferred = scene.desk.shares(Inferred)
    meaning = inferred.typed(meaning)
    params: list[m.Given] = []
    for one in meaning.params:
        wire = None
        if is_unsaid(one.wire) and one.name in given and not is_called_so(one.name):
            wire = wire_of(scene, scene.value(given[one.name], env))
        params.append(replace(one, wire=wire) if wire is not None else one)
    typed = replace(meaning, params=tuple(params))
    if typed.returns is not None:
        return typed
    shown = inferred.returns(typed) or (inferred.given_by(typed) if typed != meaning else None)
    return replace(typed, returns=shown)


def as_shown(desk: Desk, meaning: m.Callable) -> m.Callable:
    """A function with the types of what it takes and gives, where the backend's text shows them."""
    inferred = desk.shares(Inferred)
    typed = inferred.typed(meaning)
    return replace(typed, returns=typed.returns or inferred.returns(typed))


def loosened(desk: Desk, meaning: m.Callable) -> tuple[m.Callable, tuple[str, ...]]:
    """As `as_shown`, with JSON of any kind for what doesn't show its type; what became of it, as
    notes."""
    shown = as_shown(desk, meaning)
    inferred, notes = desk.shares(Inferred), list[str]()
    params: list[m.Given] = []
    for one in shown.params:
        wire = one.wire
        if is_request(wire) and not inferred.asks_state_only(meaning.key, one.name):
            notes.append(f"`{one.name}` is the request: it was left out")
            wire = replace(wire, args=(JSON,))
        elif not one.star and is_unsaid(wire) and not is_called_so(one.name):
            wire = _as_json(wire)
            if not inferred.may_be_json(meaning.key, one):
                wire = OPAQUE
            notes.append(f"`{one.name}` doesn't say its type: it became serde_json::Value")
        params.append(replace(one, wire=wire))
    returns = shown.returns
    if returns is None or is_unsaid_result(returns):
        notes.append("it doesn't say what it gives: that became serde_json::Value")
        returns = JSON
    return replace(shown, params=tuple(params), returns=returns), tuple(notes)


def _as_json(wire: Wire) -> Wire:
    """JSON in the place of what isn't said."""
    if wire.kind == "list" and wire.args:
        return Wire("list", (_as_json(wire.args[0]),))
    return JSON if is_unsaid(wire) else wire


def wire_of(scene: Scene, val: Val) -> Wire | None:
    """The type of an argument as an annotation would say it; None where none would."""
    kind = without_reference(val.type)
    if is_text(val):
        return Wire("str")
    held, item = option_of(kind), inside(kind, "Vec")
    for name, inner in (("optional", held), ("list", item)):
        if inner is not None:
            found = wire_of(scene, Val(val.expr, inner))
            return Wire(name, (found,)) if found is not None else None  # pyright: ignore[reportArgumentType] (both are kinds)
    shape = scene.shapes.of(kind)
    if shape is not None and shape.key and scene.needs.type(ref(shape.key), "held") == kind:
        return ref(shape.key)
    return _PLAIN.get(kind)
