"""Socket.IO event → Rust handler, hooked up.

Where the crate handles events already, a further one is handled and called as those are; where it
handles none, see `fresh.py`. The body is translated (`filling.py`) where handlers are those of
socketioxide; in a way of the crate's own it is a hole that keeps its Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from port_lsp.facts.items import Event
from port_lsp.facts.source import item_key
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs, names_of
from port_lsp.patterns.endpoints.parts import snake
from port_lsp.patterns.endpoints.places import symbol_in
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.patterns.events.filling import Handled, filled_in
from port_lsp.patterns.events.fresh import Fresh, Wanted
from port_lsp.patterns.events.handlers import (
    extra_params,
    handler,
    is_state,
    need_socketioxide,
    note_left_out,
    same_params,
    socket_params,
    state_param,
)
from port_lsp.patterns.events.python import PythonEvent, python_event
from port_lsp.patterns.events.siblings import Sibling, Siblings
from port_lsp.patterns.events.statelayer import layered_state
from port_lsp.patterns.port import CannotPortError, Target, about
from port_lsp.patterns.translate.functions import Functions
from port_lsp.patterns.translate.objects.writing import finished
from port_lsp.writing.draft import Draft, Hookup, Piece
from port_lsp.writing.ir import items as i

_ANY = "*"


class EventPattern:
    """The pattern for events."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """The handlers of these events, each called where the crate tells events apart.

        Raises CannotPortError for the first one that can't be written.
        """
        return _Drafting(desk).run([target.id for target in targets])

    def places(self, desk: Desk, target: Target) -> tuple[str, ...]:
        """Always behind the last one of its siblings: there is no choice."""
        return ()


class _Drafting:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._names = desk.drafts(names_of)
        self._functions = desk.drafts(Functions)
        self._siblings = Siblings(desk)

    def run(self, ids: Sequence[str]) -> Draft:
        backend = self._desk.snapshot.backend
        every = backend.events if backend is not None else ()
        # A method of a class that is made twice is registered twice, and written once.
        events = list({one.id: one for one in every if one.direction == "handled"}.values())
        wanted = [one for one in events if one.id in set(ids)]
        for ident in ids:
            if all(one.id != ident for one in wanted):
                raise CannotPortError(f"{ident} is emitted: its place is in a body", [ident])
        for one in wanted:
            if _ANY in (one.event, one.namespace):
                reason = "what handles every event, or every namespace, has no counterpart"
                raise CannotPortError(reason, [one.id])
        if not self._siblings.all:
            return self._with_functions([self._first(wanted, events)])
        made: list[Draft] = []
        for one in wanted:
            with about([one.id]):
                made.append(self._beside(one))
        return self._with_functions(made)

    def _with_functions(self, made: Sequence[Draft]) -> Draft:
        """With the functions that bodies call, and theirs."""
        return finished(self._desk, self._functions, {}, self._needs, made)

    def _needs(self, file: str, backend: str) -> Needs:
        return Needs(self._desk, file, backend, self._names)

    def _first(self, wanted: Sequence[Event], events: Sequence[Event]) -> Draft:
        """The crate's first events. Whoever is connected to is greeted by Python's own handler:
        socketioxide has one for every namespace, and it counts as that event's."""
        spaces = {one.namespace for one in wanted}
        every = [
            one for one in events
            if one in wanted or (one.event == "connect" and one.namespace in spaces)
        ]  # fmt: skip
        found = [Wanted(one, self._python(one)) for one in every]
        return Fresh(self._desk, self._names, self._functions).draft(found)

    def _beside(self, event: Event) -> Draft:
        """An event of a crate that handles others."""
        sibling = self._siblings.best(event.place.file, event.namespace)
        if sibling is None:
            where = f"the namespace {event.namespace}" if event.namespace else "the default one"
            raise CannotPortError(f"the crate handles no event of {where} by a call of its own")
        by_name = {one.event.event for one in self._siblings.all}
        living = {"connect", "disconnect"} if sibling.arm is not None else {"connect"}
        if event.event in living and event.event not in by_name:
            raise CannotPortError("the crate sees to connections elsewhere than to events")
        draft = (self._like if sibling.arm is not None else self._on)(event, sibling)
        into = self._desk.into.get(event.id)
        if into is None:
            return draft
        return draft.with_(Draft(notes=(f"{event.event}: stands among its like, not in {into}",)))

    def _on(self, event: Event, sibling: Sibling) -> Draft:
        """socketioxide's way: `socket.on("x", x)`."""
        is_function = sibling.item is not None and sibling.item.owner is None
        file = sibling.event.key.partition("::")[0] if is_function else sibling.place.file
        name = self._names.claim(file, self._name(event), "_event")
        python = self._python(event)
        extra = extra_params(self._desk, sibling)
        state = next((one for one in extra if is_state(one)), None)
        params = [*socket_params(event, python), *(one for one in extra if one is not state)]
        kind = layered_state(self._desk) if state is None else None
        if kind is not None:  # which its sibling has no need of
            state = state_param(kind, params)
        visibility: i.Visibility = "" if file == sibling.place.file else "pub"
        needs = Needs(self._desk, file, event.key, self._names)
        handled = Handled(
            event, python, name, file, tuple(params), state, file, visibility=visibility
        )  # fmt: skip
        function = filled_in(self._desk, handled, needs, self._functions)
        need_socketioxide(needs)
        note_left_out(needs, event, python)
        symbol = symbol_in(self._desk.workshop.scopes, file, name)
        hookup = Hookup(event.event, symbol, False, sibling.place.file, sibling.place)
        planned = (event.event, event.namespace, item_key(file, name))
        draft = Draft((Piece(file, (function,), event.key),), hookups=(hookup,), events=(planned,))
        return draft.with_(needs.draft())

    def _like(self, event: Event, sibling: Sibling) -> Draft:
        """A way of the crate's own: an arm that says what its sibling's says."""
        item = sibling.item
        assert item is not None
        file = sibling.event.key.partition("::")[0]
        owner = "::".join((*item.module, item.owner)) if item.owner else ""
        name = self._name(event)
        if owner:
            name = self._free_method(file, owner, name)
        else:
            name = self._names.claim(file, name, "_event")
        returns = None
        if item.returns is not None:
            returns = type_of(self._desk.workshop.scopes, file, item.returns)
            if returns is None:
                raise CannotPortError(f"{sibling.event.handler} gives {item.returns}, which can't "
                                      "be repeated")  # fmt: skip
        visibility: i.Visibility = "pub" if item.public else ""
        function = handler(
            name, same_params(self._desk, sibling), self._python(event),
            returns=returns, visibility=visibility, is_async=item.is_async,
        )  # fmt: skip
        behind = sibling.event.place if owner else None
        piece = Piece(file, (function,), event.key, behind, owner)
        symbol = symbol_in(self._desk.workshop.scopes, file, name)
        hookup = Hookup(event.event, symbol, bool(owner), sibling.place.file, sibling.place)
        key = item_key(file, f"{owner}::{name}" if owner else name)
        return Draft((piece,), hookups=(hookup,), events=((event.event, event.namespace, key),))

    def _name(self, event: Event) -> str:
        """The handler's name, with what most of the crate's handlers have in front of theirs."""
        name = snake(event.handler)
        fronts = Counter(_front(one.event.handler) for one in self._siblings.all)
        front = fronts.most_common(1)[0][0] if fronts else ""
        return name if name.startswith(front) else f"{front}{name}"

    def _free_method(self, file: str, owner: str, name: str) -> str:
        """A name that no method of a type has; a draft's own are told apart by `Names`."""
        crate = self._desk.snapshot.crate
        taken = {one.key for one in crate.functions} if crate is not None else set[str]()
        free, number = name, 2
        while item_key(file, f"{owner}::{free}") in taken:
            free, number = f"{name}{number}", number + 1
        return self._names.claim(f"{file}::{owner}", free)

    def _python(self, event: Event) -> PythonEvent:
        return python_event(self._desk.snapshot.backend_files.get(event.place.file), event)


def _front(handler_name: str) -> str:
    return next((word for word in ("handle_", "on_") if handler_name.startswith(word)), "")
