"""What a pattern gives: the Rust that is to be written, where, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from port_lsp.facts.source import Place, Record
from port_lsp.types.schema import ModelSchema
from port_lsp.writing.ir.body import Block, Expr
from port_lsp.writing.ir.items import Field, Item, Meta
from port_lsp.writing.ir.types import Symbol


class Piece(Record, frozen=True):
    """Items for one file of the crate (relative path, with `/`; it may not exist yet).

    `source` is the key of the backend's item that they come from.
    With `behind`, the name of a method, they are
    methods that come behind it in its impl, whose type is `owner`.
    """

    file: str
    items: tuple[Item, ...]
    source: str
    behind: Place | None = None
    owner: str = ""


class Registration(Record, frozen=True):
    """A route to be registered.

    `full` is the path under which it must be found afterwards, `path` what stands in the
    registering call, both in the notation of the crate's framework. `neighbour` is the registering
    call (its name's place) that it comes behind, or joins where `join`. Without a neighbour it is
    the first one of `router`, the item key of the function that makes the router or configures
    the scope, whose name is at `router_place`; then `file` says where that is. `before` puts it in
    front of the neighbour. `wraps` are the middleware of an actix resource of its own that the
    route gets, as written in this file or by their symbols; None where it gets none.

    `more` are further methods of the same path, in the same call: method, handler, its item key.

    With `mounts` it is no route but a router of the crate that is put under `path`: `handler` is
    the function that makes it (axum) or configures a scope (actix-web), and `mounts` the routes
    that must be found afterwards (method, full path, handler's item key). `arguments` are what the
    function is called with, as written. `more` are then further functions of the same scope.
    """

    method: str
    full: str
    path: str
    handler: Symbol
    handler_key: str
    source: str
    file: str
    neighbour: Place | None = None
    join: bool = False
    router: str = ""
    router_place: Place | None = None
    before: bool = False
    wraps: tuple[str | Symbol, ...] | None = None
    mounts: tuple[tuple[str, str, str], ...] = ()
    arguments: str = ""
    more: tuple[tuple[str, Symbol, str], ...] = ()

    @property
    def routes(self) -> tuple[tuple[str, str, str], ...]:
        """What must be found afterwards: method, full path, handler's item key."""
        own = (self.method, self.full, self.handler_key)
        return self.mounts or (own, *((method, self.full, key) for method, _, key in self.more))


class Hookup(Record, frozen=True):
    """A Socket.IO event whose handler is to be called, as the event is whose name stands at
    `neighbour`: by a call behind that one, or by an arm behind its arm.

    `handler` is a function, or where `is_method` only its name is written.
    """

    event: str
    handler: Symbol
    is_method: bool
    file: str
    neighbour: Place


class Layer(Record, frozen=True):
    """A layer that goes around the router with the registering call at `neighbour`; `maker` is the
    function that makes it, `argument` what that is called with, as written there."""

    maker: Symbol
    file: str
    neighbour: Place
    argument: str = ""


class NewFields(Record, frozen=True):
    """Fields for a struct that is there: its name stands at `struct` in `file`, its item key is
    `key`. Each comes behind the field of the name beside it, which is there; "" is the struct's
    beginning. `names` are those on the wire that reading must find."""

    file: str
    struct: Place
    key: str
    fields: tuple[tuple[Field, str], ...]
    names: tuple[tuple[str, str], ...]


class Naming(Record, frozen=True):
    """Other names on the wire for a field that is there: its name stands at `field` in `file`, its
    struct's item key is `key`. `words` are what serde is told instead of what it was told of names
    so far; `wire` is the name that reading must find."""

    file: str
    field: Place
    key: str
    name: str
    words: tuple[Meta, ...]
    wire: str


class Filling(Record, frozen=True):
    """Values for new fields where a struct's fields are listed in full: the listing of a type of
    the last name `name` begins at `listing`. A pattern gets none, it leaves the rest open."""

    file: str
    listing: Place
    name: str
    values: tuple[tuple[str, Expr], ...]


class NewBody(Record, frozen=True):
    """Another body for a function that is there as a stub: its name stands at `function` in `file`,
    its item key is `key`. `names` are variables of its parameters that get another name, with it;
    `comments` are lines of the stub that stay, as written."""

    file: str
    function: Place
    key: str
    block: Block
    names: tuple[tuple[str, str], ...] = ()
    comments: tuple[str, ...] = ()


class Dependency(Record, frozen=True):
    """A package that the crate must depend on, in Cargo's words."""

    name: str
    version: str
    features: tuple[str, ...] = ()
    default_features: bool = True


class Draft(Record, frozen=True):
    """All that one action writes. `files` are whole files (path, text) that are no Rust items;
    `tables` are made by one migration, however many patterns ask for them. `events` must be found
    afterwards: their names, namespaces and handlers' item keys. `notes` say, a line each, what was
    degraded and why."""

    pieces: tuple[Piece, ...] = ()
    registrations: tuple[Registration, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    hookups: tuple[Hookup, ...] = ()
    layers: tuple[Layer, ...] = ()
    events: tuple[tuple[str, str | None, str], ...] = ()
    fields: tuple[NewFields, ...] = ()
    namings: tuple[Naming, ...] = ()
    fillings: tuple[Filling, ...] = ()
    bodies: tuple[NewBody, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    tables: tuple[ModelSchema, ...] = ()
    notes: tuple[str, ...] = ()

    def with_(self, other: Draft) -> Draft:
        """Both drafts as one; what both have is there once."""
        return joined((self, other))


def joined(drafts: Iterable[Draft]) -> Draft:
    """Drafts as one; what several have is there once, also a field that several give a struct."""
    every = tuple(drafts)
    whole = Draft(
        *(
            tuple(dict.fromkeys(part for one in every for part in getattr(one, name)))
            for name in Draft.__struct_fields__
        )
    )
    fields, fillings = _fields_once(whole.fields), _fillings_once(whole.fillings)
    return replace(whole, fields=fields, fillings=fillings)


def _fields_once(every: tuple[NewFields, ...]) -> tuple[NewFields, ...]:
    found: dict[tuple[str, Place], NewFields] = {}
    for one in every:
        known = found.setdefault((one.file, one.struct), one)
        names = {field.name for field, _ in known.fields}
        fields = tuple(pair for pair in one.fields if pair[0].name not in names)
        wires = tuple(pair for pair in one.names if pair[0] not in names)
        if fields:
            more = replace(known, fields=known.fields + fields, names=known.names + wires)
            found[one.file, one.struct] = more
    return tuple(found.values())


def _fillings_once(every: tuple[Filling, ...]) -> tuple[Filling, ...]:
    found: dict[tuple[str, Place], Filling] = {}
    for one in every:
        known = found.setdefault((one.file, one.listing), one)
        names = {name for name, _ in known.values}
        values = tuple(pair for pair in one.values if pair[0] not in names)
        if values:
            found[one.file, one.listing] = replace(known, values=known.values + values)
    return tuple(found.values())
