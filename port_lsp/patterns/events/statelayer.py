"""Where Socket.IO's layer is made with the application's state, so that handlers of events have it.

axum's `State` is known where the router is given it: so the layer is put around the router there.
Handlers get it by socketioxide's own extractor (its docs: `extract::State`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from port_lsp.facts.source import Place, Record, SourceFile
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.anchors import anchors
from port_lsp.patterns.endpoints.places import symbol_in
from port_lsp.patterns.endpoints.survey import survey_of
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.patterns.translate.calls import state_of
from port_lsp.rust.declared import FnItem
from port_lsp.rust.stategiven import GivenState, given_states
from port_lsp.text import Span
from port_lsp.writing.ir.types import AnyType, Symbol
from port_lsp.writing.registering import BEFORE_LAYERS

_LAYER = re.compile(r"(?:\w+::)*SocketIoLayer(?:<.*>)?")


class StateLayer(Record, frozen=True):
    """The type of the state, the call beside which the layer is put, what it is made with."""

    type: AnyType
    place: Place
    argument: str


def state_layer(desk: Desk, backend_file: str) -> StateLayer | None:
    """The place, for the handlers of a backend's file; None where the crate's handlers take no
    state, or it isn't known where that is given to the router that is served."""
    state = state_of(survey_of(desk).conventions(backend_file).state())
    if state is None or desk.framework != "axum":
        return None
    outer = {(one.place.file, one.place.chunk) for one in anchors(desk) if not one.trail}
    found: list[StateLayer] = []
    for path, file in sorted(desk.snapshot.crate_files.items()):
        for place, one in _given(path, file):
            served = one.serves or (place.file, place.chunk) in outer
            if served and type_of(desk.workshop.scopes, path, one.type) == state.type:
                found.append(StateLayer(state.type, place, f"{one.variable}.clone()"))
    return found[0] if len(found) == 1 else None


def layered_state(desk: Desk) -> AnyType | None:
    """The state of the layer that the crate has: what the function takes that makes it."""
    found = {
        type_of(desk.workshop.scopes, path, item.params[0][1])
        for path, item in layer_makers(desk)
        if len(item.params) == 1
    }
    return found.pop() if len(found) == 1 else None


def layer_makers(desk: Desk) -> Iterator[tuple[str, FnItem]]:
    """The crate's functions that make Socket.IO's layer, with their files."""
    for path, file in desk.snapshot.crate_files.items():
        if b"SocketIoLayer" not in file.text.data:
            continue
        for _, item in desk.workshop.declared(path):
            if isinstance(item, FnItem) and _LAYER.fullmatch(item.returns or ""):
                yield path, item


def seen_from(desk: Desk, file: str, home: str, name: str) -> Symbol:
    """The symbol of an item of the file `home`, as another file names it: a program its package's
    library by that one's name."""
    scopes = desk.workshop.scopes
    found, package = symbol_in(scopes, home, name), scopes.package_of(file)
    own = scopes.root_of(file) == scopes.root_of(home)
    if own or package is None or package != scopes.package_of(home) or found.path[0] != "crate":
        return found
    return Symbol((package.library, *found.path[1:]))


def _given(path: str, file: SourceFile) -> list[tuple[Place, GivenState]]:
    found: list[tuple[Place, GivenState]] = []
    if b".with_state(" not in file.text.data:
        return found
    for chunk in file.chunks:
        for one in given_states(file.chunk_bytes(chunk)):
            at = _beside(one)
            found.append((Place(path, chunk.id, Span(at, at + 1)), one))
    return found


def _beside(one: GivenState) -> int:
    """The last of the calls that add to the router; else the one that gives the state."""
    last = next(link.name_at for link in one.gives.links if link.name == "with_state")
    for link in one.made.links:
        if link.name not in BEFORE_LAYERS or link.name == "with_state":
            break
        last = link.name_at
    return last
