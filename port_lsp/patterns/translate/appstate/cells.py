"""The crate's fields for attributes of the application's state: those that are there, known by
their line of documentation, and those that a draft adds.

A field is a `Slot` of `Shared`, as a new crate's ground lays them (`shared.rs`): who reads it gets
a copy, so that no lock is held over an await; one without a value fails as Python's attribute does,
and one whose first value isn't ported says that.
"""

from __future__ import annotations

import ast
import re
from typing import cast

import msgspec
from msgspec.structs import replace

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.appstate.kinds import Kinds
from port_lsp.patterns.translate.appstate.struct import Shared, shared_at
from port_lsp.patterns.translate.appstate.uses import Place, Write
from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.calls import State
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.values import (
    UNCHANGING,
    UntranslatedError,
    escapes,
    inside,
    option_of,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Type
from port_lsp.writing.printer.literals import string

WHAT = "what the application's state holds"
_STATE, _CONFIG = "its.state", "config"
_LINES = 6  # of Python that a comment shows


class Cell(Record, frozen=True):
    """A field: the expression of it, and the type of what it holds."""

    expr: b.Expr
    kind: AnyType


def cell(scene: Scene, place: Place) -> Cell:
    """The field of an attribute. Raises UntranslatedError where there is none and its type
    isn't known, or the crate has no place for it."""
    shared = shared_at(scene.desk)
    of = _of(scene, shared) if shared is not None else None
    if shared is None or of is None or scene.functions is None:
        raise UntranslatedError(WHAT)
    there = shared.field(place.python)
    if there is not None:
        kind = inside(there[1], shared.slot.name) if there[1] is not None else None
        if kind is None:
            raise UntranslatedError(WHAT)
        return Cell(b.Access(of, there[0]), kind)
    kind = _kind(scene, place)
    if place.name in (one[0] for one in shared.fields):
        raise UntranslatedError(WHAT)  # somebody else's
    cells = scene.functions.cells
    if place.path not in cells.new:
        first, comments = _first(scene, place, kind, shared)
        docs, slot = (f"`{place.python}`",), Type(shared.slot, (kind,))
        cells.new[place.path] = i.Field(place.name, slot, docs=docs, comments=comments), first
    return Cell(b.Access(of, place.name), kind)


def _of(scene: Scene, shared: Shared) -> b.Expr | None:
    """How a body's state has them."""
    state = scene.state
    own = scene.shapes.of(inside(state.type, "Arc") or state.type) if state is not None else None
    for _, name, kind in own.fields if own is not None and state is not None else ():
        if state is not None and (inside(kind, "Arc") or kind) == Type(shared.symbol):
            return b.Access(b.Name(state.name), name)
    return None


def _kind(scene: Scene, place: Place) -> AnyType:
    wire = scene.desk.shares(Kinds).of(place)
    if wire is None or _is_read_by_itself(scene, place):
        raise UntranslatedError(WHAT)
    kind = scene.needs.type(wire, "held")
    if not scene.shapes.has(kind, "Clone"):
        raise UntranslatedError(WHAT)
    return kind


def _is_read_by_itself(scene: Scene, place: Place) -> bool:
    """Whether the object that an attribute is of speaks of it in its own methods."""
    made = place.base.value if place.base is not None else None
    if place.owner or place.base is None:
        return not place.owner
    name = dotted(made.func) if isinstance(made, ast.Call) else ""
    meaning = scene.desk.backend.meaning(place.base.file, name) if name else None
    if not isinstance(meaning, m.Kind):
        return True
    source = scene.desk.snapshot.backend_files.get(meaning.key.partition("::")[0])
    own = re.compile(rf"\b(?:self|cls)\.{re.escape(place.path[-1])}\b".encode())
    return source is None or own.search(source.text.data) is not None


def _first(
    scene: Scene, place: Place, kind: AnyType, shared: Shared
) -> tuple[b.Expr, tuple[str, ...]]:
    """The value that it starts with, and lines that show the Python of what isn't ported."""
    slot = shared.slot
    if place.unset:
        text = f"'{place.owner}' object has no attribute '{place.path[-1]}'"
        return b.Call(b.Path(slot, ("unset",)), (b.Lit(string(text)),)), ()
    plain = (option_of(kind) or kind) in UNCHANGING
    if place.first is not None and (plain or not place.handed):
        try:
            value = _value(scene, place.first, kind, shared)
        except UntranslatedError:
            pass
        else:
            return b.Call(b.Path(slot, ("new",)), (value,)), ()
    made = b.Call(b.Path(slot, ("unported",)), (b.Lit(string(place.python)),))
    return made, _python(place)


def _value(scene: Scene, write: Write, kind: AnyType, shared: Shared) -> b.Expr:
    node = write.value
    if node is None or scene.state is None:
        raise UntranslatedError(WHAT)
    local: set[str] = set()
    for one in write.mention.inside:
        local |= stored(ast.Module(list(one.body), [])) | {
            each.arg for each in ast.walk(one.args) if isinstance(each, ast.arg)
        }
    if any(isinstance(one, ast.Name) and one.id in local for one in ast.walk(node)):
        raise UntranslatedError(WHAT)
    there = scene.elsewhere(write.file)
    there.state = State(_STATE, scene.state.type)
    there.functions = there.result = None
    made = _of_config(fitting(there, there.value(node, Env({}, ())), kind))
    if escapes(made) or _names(made, _STATE):
        raise UntranslatedError(WHAT)
    if _names(made, _CONFIG) and not shared.has_settings:
        raise UntranslatedError(WHAT)
    return made


def _of_config(part: b.Expr) -> b.Expr:
    """With the settings taken of the configuration, and not of the state, which isn't made yet."""
    return cast("b.Expr", _replaced(part))


def _replaced(part: object) -> object:
    if part == b.Access(b.Name(_STATE), _CONFIG):
        return b.Name(_CONFIG)
    if isinstance(part, tuple):
        return tuple(_replaced(one) for one in cast("tuple[object, ...]", part))
    if not isinstance(part, msgspec.Struct):
        return part
    return replace(
        part, **{name: _replaced(getattr(part, name)) for name in part.__struct_fields__}
    )


def _names(part: object, name: str) -> bool:
    if isinstance(part, tuple):
        return any(_names(one, name) for one in cast("tuple[object, ...]", part))
    if isinstance(part, b.Name):
        return part.name == name
    return isinstance(part, msgspec.Struct) and any(
        _names(getattr(part, one), name) for one in part.__struct_fields__
    )


def _python(place: Place) -> tuple[str, ...]:
    """The Python that gives the first value, where requests don't."""
    own = [one for one in place.writes if one.when == "start"]
    own = own or [one for one in place.writes if one.when == "other"]
    lines = [line.rstrip() for one in own for line in one.mention.text.splitlines()]
    shown = lines[:_LINES] if len(lines) <= _LINES else [*lines[: _LINES - 1], "…"]
    return ("Not ported yet:", *(f"    {one}" for one in shown)) if shown else ("Not ported yet.",)
