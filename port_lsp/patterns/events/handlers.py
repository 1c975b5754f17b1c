"""Handlers of events: what they take, and a body that is a hole.

socketioxide: docs of `extract` (what sends an acknowledgement takes no part of the message, what
can't be read as data keeps a handler from being called) and of `handler::disconnect`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from port_lsp.facts.items import Event
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.parts import snake
from port_lsp.patterns.endpoints.rusttypes import VALUE
from port_lsp.patterns.endpoints.written import symbol_of, type_of
from port_lsp.patterns.events.python import Argument, PythonEvent
from port_lsp.patterns.events.siblings import Sibling
from port_lsp.patterns.port import CannotPortError
from port_lsp.rust.typetable import head
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import AnyType, Reference, Tuple, Type, named, symbol

REASON = "not ported yet"
_SOCKET = named("socketioxide::extract::SocketRef")
_DATA = symbol("socketioxide::extract::Data")
_STATE = symbol("socketioxide::extract::State")
_TRY_DATA = symbol("socketioxide::extract::TryData")
ACK = named("socketioxide::extract::AckSender")
_REASON = named("socketioxide::socket::DisconnectReason")
# What a handler of another event has for its own data.
_OWN = frozenset(("SocketRef", "Data", "TryData", "AckSender", "Event", "DisconnectReason"))
_SELF = re.compile(r"\(\s*(?P<self>&\s*(?:'\w+\s+)?(?:mut\s+)?self|(?:mut\s+)?self)\b")
STR = Reference(named("str"))


def socket_params(event: Event, python: PythonEvent) -> list[i.Param]:
    """What a handler of socketioxide's takes, beside a state and what answers the client."""
    found = [i.Param(b.Bind("socket"), _SOCKET)]
    taken = {"socket"}
    arguments = python.arguments
    if event.event == "disconnect":
        found += [i.Param(b.Bind(_free(one.name, taken)), _REASON) for one in arguments[:1]]
        return found
    if event.event == "connect":
        # A client that sends no authentication is let in by Python's handler, which then sees None.
        found += [_data(Argument(one.name, optional=True), taken) for one in arguments[:1]]
        return found
    if len(arguments) == 1:
        found.append(_data(arguments[0], taken))
    elif arguments:
        names = tuple(b.Bind(_free(one.name, taken)) for one in arguments)
        kinds = Tuple((VALUE,) * len(arguments))
        found.append(i.Param(b.TuplePattern(_DATA, (b.TuplePattern(None, names),)),
                             Type(_DATA, (kinds,))))  # fmt: skip
    return found


def state_param(kind: AnyType, params: Sequence[i.Param]) -> i.Param:
    """What takes the application's state, of a type, beside other parameters."""
    name = _free("state", {one for param in params for one in bound(param.pattern)})
    return i.Param(b.TuplePattern(_STATE, (b.Bind(name),)), Type(_STATE, (kind,)))


def is_state(param: i.Param) -> bool:
    """Whether a parameter takes the application's state."""
    return isinstance(param.type, Type) and param.type.head.name == "State"


def extra_params(desk: Desk, sibling: Sibling) -> list[i.Param]:
    """What a sibling takes beside the socket and its data: a state."""
    if sibling.item is None:
        return []
    file = sibling.event.key.partition("::")[0]
    found: list[i.Param] = []
    for pattern, kind in sibling.item.params:
        written = type_of(desk.workshop.scopes, file, kind)
        if written is None or head(kind).rpartition("::")[2] in _OWN:
            continue
        found.append(i.Param(_pattern(desk, file, pattern), written))
    return found


def same_params(desk: Desk, sibling: Sibling) -> list[i.Param]:
    """What a sibling takes, whose call is written once more. Raises CannotPortError."""
    assert sibling.item is not None
    file = sibling.event.key.partition("::")[0]
    found: list[i.Param] = []
    for pattern, kind in sibling.item.params:
        if pattern == "self":
            found.append(i.Param(b.Bind(_self(desk, sibling))))
            continue
        written = type_of(desk.workshop.scopes, file, kind)
        if written is None:
            raise CannotPortError(f"{sibling.event.handler} takes {kind}, which can't be repeated")
        found.append(i.Param(_pattern(desk, file, pattern), written))
    return found


def handler(
    name: str,
    params: Sequence[i.Param],
    python: PythonEvent,
    *,
    returns: AnyType | None = None,
    first: Sequence[b.Statement] = (),
    visibility: i.Visibility = "",
    is_async: bool = True,
) -> i.Function:
    """The function; `first` are statements before its hole."""
    touched = [one for param in params for one in bound(param.pattern)]
    hole = b.Hole(python.text.body, REASON, tuple(one for one in touched if "self" not in one))
    return i.Function(
        name, tuple(params), returns, b.Block((*first, hole)), is_async=is_async,
        visibility=visibility, docs=python.text.docs,
    )  # fmt: skip


def note_left_out(needs: Needs, event: Event, python: PythonEvent) -> None:
    """Says where a message without a value that Python has a default for finds no handler:
    socketioxide reads several values as a tuple, which must be whole."""
    optional = [one.name for one in python.arguments if one.optional]
    if event.event not in ("connect", "disconnect") and len(python.arguments) > 1 and optional:
        needs.note(f"clients that leave out {', '.join(optional)} aren't answered")
    for one in python.arguments:
        if one.many:
            needs.note(f"of the values that {one.name} stands for only the first one is read")


def need_socketioxide(needs: Needs, *features: str) -> None:
    """The packages that socketioxide's handlers name."""
    # Of 0.18 the earlier ones take a socketioxide-parser-common that they don't compile with, and
    # beside a lock file cargo chooses one of them, if it may.
    needs.depend("socketioxide", "0.18.9", *features)
    needs.depend("serde_json", "1")


def _data(one: Argument, taken: set[str]) -> i.Param:
    of = _TRY_DATA if one.optional else _DATA
    bind = b.Bind(_free(one.name, taken))
    return i.Param(b.TuplePattern(of, (bind,)), Type(of, (VALUE,)))


def _free(name: str, taken: set[str]) -> str:
    found = snake(name)
    while found in taken:
        found += "_"
    taken.add(found)
    return found


def _pattern(desk: Desk, file: str, pattern: str) -> b.Pattern:
    """A binding as it is written; one that is a whole pattern is bound by its type alone."""
    outer, bracket, inside = pattern.partition("(")
    name = (inside.rstrip(") ,") if bracket else outer).strip().removeprefix("mut ").lstrip("_")
    if not name.isidentifier():
        return b.Bind("value")
    if not bracket:
        return b.Bind(name)
    path = symbol_of(desk.workshop.scopes, file, outer.strip())
    return b.TuplePattern(path, (b.Bind(name),))


def _self(desk: Desk, sibling: Sibling) -> str:
    """How a method takes itself."""
    place = sibling.event.place
    file = desk.workshop.files[place.file]
    start = file.span(place).start
    text = file.text.data[start : start + 400].decode("utf-8", "replace")
    found = _SELF.search(text)
    return " ".join(found["self"].split()) if found is not None else "&self"
