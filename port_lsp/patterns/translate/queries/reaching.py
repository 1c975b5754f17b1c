"""How a body reaches what the application's state holds: the state itself, a field of it, or one of
a struct of the crate's that it holds (`state.db.pool`); where a method of a service has `self` for
its state, a field of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.written import alias_of
from port_lsp.patterns.translate.calls import SELF, State
from port_lsp.patterns.translate.errors import DATABASE, ErrorType
from port_lsp.patterns.translate.shapes import Shapes
from port_lsp.patterns.translate.values import inside, without_reference
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Type

_DEEP = 2
_POOL = re.compile(r"(?:^|::)(?:SqlitePool|PgPool|Pool\s*<\s*(?:sqlx::)?(?:Sqlite|Postgres)\s*>)$")


class Stands(Protocol):
    """Where a body stands: what is asked of it here."""

    @property
    def desk(self) -> Desk:
        """The crate and the backend."""
        ...

    @property
    def needs(self) -> Needs:
        """Of the file that the body is in."""
        ...

    @property
    def shapes(self) -> Shapes:
        """What the crate's types are made of."""
        ...

    @property
    def state(self) -> State | None:
        """How it has the state."""
        ...

    @property
    def result(self) -> AnyType | None:
        """The Result of nothing that it may fail with; None where only the database may fail."""
        ...

    @property
    def errors(self) -> ErrorType | None:
        """What it fails with."""
        ...


class Part(Record, frozen=True):
    """A part of the state: its place, and its type as it stands there."""

    place: b.Expr
    type: AnyType

    @property
    def lent(self) -> b.Expr:
        """A reference to it."""
        return self.place if isinstance(self.type, Reference) else b.Unary("&", self.place)


def held(scene: Stands, fits: Callable[[AnyType], bool]) -> Part | None:
    """The first part of the state of a type (without references) that fits: the state, then its own
    fields, then those of what it holds; None where there is none, or the body may not name it."""
    state = scene.state
    if state is None:
        return None
    if fits(state.type):
        return _whole(scene, state)
    level = [Part(b.Name(state.name), state.type)]
    for _ in range(_DEEP + (state.name == SELF)):
        level = [field for one in level for field in _fields(scene, one)]
        found = next((one for one in level if fits(without_reference(one.type))), None)
        if found is not None:
            return found
    return None


def _whole(scene: Stands, state: State) -> Part:
    """The state itself; a handler of actix-web has it behind its `Data`, of which a reference is
    none of the state where nothing says which type is wanted."""
    name = b.Name(state.name)
    if state.borrowed:
        return Part(name, Reference(state.type))
    if scene.desk.framework == "actix-web":
        return Part(b.Method(name, "get_ref"), Reference(state.type))
    return Part(name, state.type)


def _fields(scene: Stands, part: Part) -> Iterator[Part]:
    of = without_reference(part.type)
    shape = scene.shapes.of(inside(of, "Arc") or of)
    if shape is None or shape.is_enum:
        return
    for _, name, kind in shape.fields:
        if scene.shapes.may_name(shape, name, scene.needs.file):
            yield Part(b.Access(part.place, name), kind)


def is_pool(desk: Desk, kind: AnyType) -> bool:
    """Whether a type is a pool of sqlx's."""
    if not isinstance(kind, Type):
        return False
    if _POOL.search("::".join(kind.head.path)):
        return True
    if kind.head.name == "Pool" and kind.args:
        inner = kind.args[0]
        return isinstance(inner, Type) and inner.head.name in ("Sqlite", "Postgres")
    alias = alias_of(desk.workshop.scopes, kind.head)
    return alias is not None and _POOL.search((alias[1].target or "").strip()) is not None


def takes_errors(scene: Stands) -> bool:
    """Whether `?` makes the error that a body fails with of one of sqlx's."""
    if scene.errors is None or scene.errors == DATABASE:
        return scene.errors is not None
    path = scene.errors.symbol.path
    found = scene.desk.workshop.scopes.type_item(path)
    source = scene.desk.snapshot.crate_files.get(found[0]) if found is not None else None
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    made = (
        rf"impl\s+From<\s*sqlx::Error\s*>\s+for\s+{re.escape(path[-1])}\b|#\[from\]\s*sqlx::Error"
    )
    return re.search(made, text) is not None
