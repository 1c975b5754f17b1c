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
from port_lsp.patterns.endpoints.written import alias_of, type_of
from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.calls import Signature
from port_lsp.patterns.translate.queries.reaching import held
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import inside
from port_lsp.rust.declared import FnItem
from port_lsp.rust.typetable import arguments
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Slice, Symbol, Type, named

Fails = Literal["never", "alike", "database"]
"""Whether it gives a Result: as what calls it does, or sqlx's."""
_SQLX = named("sqlx::Error")


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


def own_function(scene: Scene, meaning: m.Callable, signature: Signature) -> OwnFunction | None:
    """The crate's function for one of the backend's; None where it has none that is called so."""
    linked = scene.desk.shares(_Linked).by_key.get(meaning.key)
    if linked is None:
        return None
    file, _, name = linked.partition("::")
    item, here = _item(scene.desk, file, name), scene.needs.file
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
        self, scene: Scene, file: str, item: FnItem, symbol: Symbol, signature: Signature
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
        if state is None or not isinstance(kind, Reference) or kind.mutable:
            return None
        if kind.inner == state.type:
            return b.Name(state.name) if state.borrowed else b.Unary("&", b.Name(state.name))
        if any(kind in (one.type, one.value) for one in self._signature.params):
            return None
        place = held(self._scene, lambda one: one == kind.inner)
        return b.Unary("&", place) if place is not None else None

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
        place = held(self._scene, lambda one: (inside(one, "Arc") or one) == owner)
        if place is not None:
            return Given(part=place)
        made = _item(self._scene.desk, self._file, f"{self._item.owner}::new")
        if made is None or made.is_async or not made.public or len(made.params) != 1:
            return None
        if (made.returns or "").partition("<")[0] not in ("Self", self._item.owner):
            return None
        kind = self._type(made.params[0][1])
        part = self._part(kind) if kind is not None else None
        return Given(part=b.Call(b.Path(self._symbol, ("new",)), (part,))) if part else None

    def _fails(self) -> Fails | None:
        """How it fails; None where it gives something else than what Python's would."""
        gives, result = self._signature.gives, self._scene.result
        returns = self._type(self._item.returns) if self._item.returns is not None else UNIT
        if returns == gives:
            return "never"
        if returns is None or result is None:
            return None
        value, error = self._parts(returns)
        if value != gives or error is None:
            return None
        if error == self._parts(result)[1]:
            return "alike"
        return "database" if error == _SQLX else None

    def _parts(self, kind: AnyType) -> tuple[AnyType | None, AnyType | None]:
        """What a Result holds: of the language's own, of sqlx's, of an alias of the crate's."""
        if not isinstance(kind, Type):
            return None, None
        if kind.head.name == "Result" and len(kind.args) == 2:
            return kind.args
        if len(kind.args) != 1:
            return None, None
        if kind.head.path == ("sqlx", "Result"):
            return kind.args[0], _SQLX
        scopes = self._scene.desk.workshop.scopes
        alias = alias_of(scopes, kind.head)
        target = arguments(alias[1].target or "") if alias is not None else ()
        if alias is None or len(target) != 2:
            return None, None
        return kind.args[0], type_of(scopes, alias[0], target[1])

    def _type(self, written: str) -> AnyType | None:
        """A type as it is written in the function's file, without its lifetimes."""
        text = re.sub(r"\bSelf\b", self._item.owner or "Self", written)
        text = re.sub(r"&'\w+\s+", "&", text)
        part = re.fullmatch(r"&\s*\[(.+)\]", text)
        scopes = self._scene.desk.workshop.scopes
        if part is not None:
            item = type_of(scopes, self._file, part[1])
            return Reference(Slice(item)) if item is not None else None
        return type_of(scopes, self._file, text)


def _item(desk: Desk, file: str, name: str) -> FnItem | None:
    """The one function of a file with a name as item keys have it."""
    every = (one for _, one in desk.workshop.declared(file) if isinstance(one, FnItem))
    found = [one for one in every if one.qualified == name]
    return found[0] if len(found) == 1 else None


def _text(desk: Desk, file: str) -> str:
    source = desk.snapshot.crate_files.get(file)
    return source.text.data.decode("utf-8", "replace") if source is not None else ""


def _plain(pattern: str) -> str:
    """The name that a parameter binds, without what says that it is changed or unused."""
    return pattern.removeprefix("mut ").strip().lstrip("_")
