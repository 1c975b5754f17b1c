"""The types that are read off Python's text, as wire types."""

from __future__ import annotations

import json
from collections.abc import Iterable

from port_lsp.patterns.translate.calls import is_unsaid
from port_lsp.patterns.translate.values import BOOL, F64, I64, OBJECT, STR, STRING, VALUE, inside
from port_lsp.types.wire import BOOL as IS_BOOL
from port_lsp.types.wire import FLOAT, INT, NULL, TIMEDELTA, Wire, array, optional, ref
from port_lsp.types.wire import OBJECT as DICT
from port_lsp.types.wire import STR as TEXT
from port_lsp.writing.ir.types import AnyType, Reference, named

SAME = Wire("unknown", name="same")
"""What a variable is that is asked for while it is found out: nothing that it isn't already."""
_PLAIN: dict[AnyType, Wire] = {
    STRING: TEXT, STR: TEXT, I64: INT, F64: FLOAT, BOOL: IS_BOOL, OBJECT: DICT,
    named("chrono::TimeDelta"): TIMEDELTA,
}  # fmt: skip
_CONSTANTS: dict[type, Wire] = {str: TEXT, bool: IS_BOOL, int: INT, float: FLOAT}
REQUESTS = frozenset(
    f"{module}.{name}"
    for module in (
        "fastapi", "fastapi.requests", "starlette.requests",
        "fastapi.websockets", "starlette.websockets",
    )
    for name in ("Request", "HTTPConnection", "WebSocket")
)  # fmt: skip
REQUEST = ref("starlette.requests.Request")


def is_request(wire: Wire) -> bool:
    """Whether a type is Starlette's of a request."""
    return wire.kind == "ref" and wire.name in REQUESTS


def of_constant(value: object) -> Wire | None:
    """The type of a literal's value."""
    return NULL if value is None else _CONSTANTS.get(type(value))


def of_json(text: str) -> Wire | None:
    """As `of_constant`, of a constant as JSON."""
    return of_constant(json.loads(text))


def of_rust(kind: AnyType) -> Wire | None:
    """The type that a row of a library says; None where no annotation says that."""
    if isinstance(kind, Reference):
        return of_rust(STR if kind == STR else kind.inner)
    item, held = inside(kind, "Vec"), inside(kind, "Option")
    if held is not None or item is not None:
        found = of_rust(held or item or VALUE)
        return None if found is None else optional(found) if held is not None else array(found)
    return _PLAIN.get(kind)


def together(found: Iterable[Wire | None]) -> Wire | None:
    """The type of several values; None where they are of several."""
    every = list(found)
    if not every or any(one is None for one in every):
        return None
    known = {_named_once(one) for one in every if one is not None and one != SAME}
    if not known:
        return None
    bare = {one.args[0] if one.kind == "optional" else one for one in known} - {NULL}
    if not bare:
        return NULL
    bare = _lists(bare)
    if len(bare) > 1:
        return None
    (only,) = bare
    is_optional = NULL in known or any(one.kind == "optional" for one in known)
    return Wire("optional", (only,)) if is_optional else only


def _named_once(wire: Wire) -> Wire:
    """A request has one name here."""
    return REQUEST if is_request(wire) else wire


def _lists(kinds: set[Wire]) -> set[Wire]:
    """Without the type of an empty list where there is a list of something."""
    empty = {one for one in kinds if one.kind == "list" and one.args == (SAME,)}
    return kinds - empty if any(one.kind == "list" for one in kinds - empty) else kinds


def said(wire: Wire | None) -> Wire | None:
    """A type that says all that there is to be known; None for another one."""
    if (
        wire is None
        or wire == SAME
        or is_unsaid(wire)
        or any(said(one) is None for one in wire.args[:1])
    ):
        return None
    return wire
