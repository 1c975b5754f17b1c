"""The crate's own functions that are linked with the backend's: a call of one is one of the other.

Only where it is certain that the two are called alike: the crate's takes the state, or a part of
it, and what Python's takes, by name and by the very type that a function written for it would have,
and gives what that would give. It may be a function, an associated one, a method of a row, or one
of a service that is made of a part of the state (`UserService::new(&state.db)`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.calls import Owner, Signature
from port_lsp.patterns.translate.errors import DATABASE
from port_lsp.patterns.translate.queries.reaching import Stands
from port_lsp.patterns.translate.receivers import (
    SQLX,
    item_of,
    part_of,
    receiver,
    result_parts,
    type_in,
)
from port_lsp.rust.declared import FnItem
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Symbol, Type

Fails = Literal["never", "alike", "database"]
"""Whether it gives a Result: as what calls it does, or sqlx's."""


class Given(Record, frozen=True):
    """What one parameter is given: an argument of Python's, handed over or for good (`owned`); or
    a part of the state, as an expression."""

    argument: str = ""
    owned: bool = False
    part: b.Expr | None = None


class OwnFunction(Record, frozen=True):
    """A function of the crate: its path, or the method of a `receiver`; what it takes in its order,
    what it gives, whether it is async, and how it fails."""

    path: b.Path
    given: tuple[Given, ...]
    waits: bool
    fails: Fails
    receiver: Given | None = None


class _Linked:
    """The crate's functions by the backend's that are ported to them (item keys)."""

    def __init__(self, desk: Desk) -> None:
        self.by_key = {
            one.backend: one.crate
            for one in desk.snapshot.links.functions
            if one.backend is not None and one.crate is not None and one.presence == "ported"
        }


def own_function(scene: Stands, meaning: m.Callable, signature: Signature) -> OwnFunction | None:
    """The crate's function for one of the backend's; None where it has none that is called so."""
    linked = scene.desk.shares(_Linked).by_key.get(meaning.key)
    if linked is None:
        return None
    file, _, name = linked.partition("::")
    item, here = item_of(scene.desk, file, name), scene.needs.file
    if item is None or item.generics or item.trait is not None:
        return None
    scopes = scene.desk.workshop.scopes
    path = scopes.found_path(file, "::".join((*item.module, item.owner or item.name)))
    if path is None or not (item.public or file == here) or not scopes.can_name(here, path):
        return None
    return _Fitting(scene, file, item, Symbol(path), signature).found()


class _Fitting:
    """Whether a function of the crate's is called as one of Python's is."""

    def __init__(
        self, scene: Stands, file: str, item: FnItem, symbol: Symbol, signature: Signature
    ) -> None:
        self._scene, self._file, self._item = scene, file, item
        self._symbol, self._signature = symbol, signature
        self._left = {snake(one.name): one for one in signature.params}

    def found(self) -> OwnFunction | None:
        item = self._item
        fails = self._fails()
        if fails is None:
            return None
        params, receiver = list(item.params), None
        if params and params[0][0] == "self":
            receiver = self._receiver()
            if receiver is None:
                return None
            del params[0]
        given = self._given([(_plain(name), self._type(kind)) for name, kind in params])
        if given is None:
            return None
        members = () if item.owner is None else (item.name,)
        return OwnFunction(b.Path(self._symbol, members), given, item.is_async, fails, receiver)

    def _given(self, params: Sequence[tuple[str, AnyType | None]]) -> tuple[Given, ...] | None:
        """What each parameter is given; None unless each is known, and nothing is left."""
        found: list[Given | None] = []
        unnamed: list[tuple[int, AnyType]] = []
        for name, kind in params:
            if kind is None:
                return None
            if (part := self._part(kind)) is not None:
                found.append(Given(part=part))
            elif name in self._left:
                found.append(self._argument(name, kind))
            else:
                unnamed.append((len(found), kind))
                found.append(None)
        # One that is called otherwise there is known by being the only one.
        if len(unnamed) == 1 and len(self._left) == 1:
            ((at, kind),) = unnamed
            found[at] = self._argument(next(iter(self._left)), kind)
        known = tuple(one for one in found if one is not None)
        return known if len(known) == len(found) and not self._left else None

    def _argument(self, name: str, kind: AnyType) -> Given | None:
        param = self._left.pop(name)
        if kind == param.type:
            return Given(param.name)
        return Given(param.name, owned=True) if kind == param.value else None

    def _part(self, kind: AnyType) -> b.Expr | None:
        """The state, or what of it a parameter takes by reference."""
        state = self._scene.state
        own = state is not None and kind == Reference(state.type)
        if not own and any(kind in (one.type, one.value) for one in self._signature.params):
            return None
        return part_of(self._scene, kind)

    def _receiver(self) -> Given | None:
        """What a method is called of; None where it takes that otherwise than by `&self`."""
        text = _text(self._scene.desk, self._file)
        name = re.escape(self._item.name)
        if len(re.findall(rf"\bfn\s+{name}\b", text)) != 1:
            return None
        if not re.search(rf"\bfn\s+{name}\s*(?:<[^>]*>\s*)?\(\s*&(?:'\w+\s+)?self\b", text):
            return None
        owner: AnyType = Type(self._symbol)
        row = next((key for key, one in self._left.items() if one.value == owner), None)
        if row is not None:
            return Given(self._left.pop(row).name)
        part = receiver(self._scene, Owner(self._file, self._symbol))
        return Given(part=part) if part is not None else None

    def _fails(self) -> Fails | None:
        """How it fails; None where it gives something else than what Python's would."""
        gives, result = self._signature.gives, self._scene.result
        returns = self._type(self._item.returns) if self._item.returns is not None else UNIT
        if returns == gives:
            return "never"
        if returns is None or (result is None and self._scene.errors != DATABASE):
            return None
        value, error = result_parts(self._scene.desk, returns)
        if value != gives or error is None:
            return None
        own = result_parts(self._scene.desk, result)[1] if result is not None else SQLX
        if error == own:
            return "alike"
        return "database" if error == SQLX else None

    def _type(self, written: str) -> AnyType | None:
        return type_in(self._scene.desk, self._file, written, self._item.owner)


def _text(desk: Desk, file: str) -> str:
    source = desk.snapshot.crate_files.get(file)
    return source.text.data.decode("utf-8", "replace") if source is not None else ""


def _plain(pattern: str) -> str:
    """The name that a parameter binds, without what says that it is changed or unused."""
    return pattern.removeprefix("mut ").strip().lstrip("_")
