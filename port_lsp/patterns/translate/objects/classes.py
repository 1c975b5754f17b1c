"""The backend's classes whose objects bodies make and use, as structs of the crate.

A class counts that is no model, that nothing but its own methods makes anything special of, and of
which its module offers no object (those are the data-access classes, whose methods are functions).
Its fields are what `__init__` and the other methods assign to `self`, where the type of that is
known; a session is none, since methods get the state, which has the database.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from port_lsp.facts.items import Function
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs, OwnTypes, names_of
from port_lsp.patterns.models import places_at
from port_lsp.patterns.names import distinct, snake, type_name
from port_lsp.patterns.places import Siblings
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.calls import docs_of, held_type
from port_lsp.patterns.translate.existing import struct_in
from port_lsp.patterns.translate.objects.attributes import (
    Attributes,
    attributes_of,
    is_said_twice,
)
from port_lsp.patterns.translate.shapes import shapes_of
from port_lsp.patterns.translate.values import without_reference
from port_lsp.python.parsing import parsed, text_of
from port_lsp.types import meanings as m
from port_lsp.types.wire import Wire, ref, replaced
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, Type

# What makes something else of attributes, of the object itself, or of its truth.
_OWN_WAYS = frozenset((
    "__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__new__", "__bool__",
    "__len__", "__get__", "__set__",
))  # fmt: skip
_ERRORS = ("Exception", "Error", "Warning", "Interrupt")
INIT = "__init__"


class Field(Record, frozen=True):
    """A field: Python's name, Rust's, its type; `default` is what the class's body assigns."""

    name: str
    rust: str
    wire: Wire
    default: ast.expr | None = None


class ObjectClass(Record, frozen=True):
    """A class (item key) as a struct: where it is in the crate, its fields, the attributes whose
    type isn't known, those that hold a session, and those that hold a class, which the struct
    doesn't; `dropped` are the parameters of its `__init__` that are for those alone. What `changes`
    may be another thing later, so that a copy wouldn't be the same object; `filled` are attributes
    whose contents do; `is_there` is one that the crate has already."""

    key: str
    file: str
    symbol: Symbol
    fields: tuple[Field, ...]
    untold: tuple[str, ...]
    sessions: frozenset[str]
    kinds: frozenset[str]
    dropped: frozenset[str]
    changes: bool
    filled: frozenset[str] = frozenset()
    is_there: bool = False

    @property
    def docs(self) -> str:
        """The line of documentation that says which class it is."""
        return docs_of(self.key)

    @property
    def type(self) -> Type:
        """As the type of a value."""
        return Type(self.symbol)

    def field(self, name: str) -> Field | None:
        """A field by Python's name."""
        return next((one for one in self.fields if one.name == name), None)


class Objects:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        self._desk = desk
        self._functions = functions_at(desk)
        snapshot = desk.snapshot
        self._siblings = Siblings(snapshot.links.models, snapshot.crate_files, desk.source)
        self._known: dict[str, ObjectClass | None] = {}
        self._symbols: dict[Symbol, str] = {}
        self._names: dict[str, set[str]] = {}
        self._methods: dict[str, list[Function]] = {}
        for one in self._functions.by_key.values():
            if one.owner is not None:
                self._methods.setdefault(one.owner, []).append(one)

    def of(self, key: str) -> ObjectClass | None:
        """The class of an item key; None for one that isn't written as a struct with methods."""
        if key not in self._known:
            self._known[key] = None  # while it is looked at: one that holds itself
            self._known[key] = self._find(key)
        return self._known[key]

    def of_type(self, kind: AnyType) -> ObjectClass | None:
        """The class whose objects a type has, also behind a reference."""
        kind = without_reference(kind)
        key = self._symbols.get(kind.head) if isinstance(kind, Type) and not kind.args else None
        return self.of(key) if key is not None else None

    def owner(self, function: Function) -> ObjectClass | None:
        """The class that a function of the backend is a method of."""
        return self.of(function.owner) if function.owner is not None else None

    def method(self, cls: ObjectClass, name: str) -> m.Method | None:
        """A method by its name, with the types that are classes."""
        found = self._desk.backend.method(cls.key, name)
        if found is None:
            return None
        meant = self._desk.backend.class_of(cls.key)
        known = dict(meant.arguments) if meant is not None else {}
        made = self.typed(m.as_own(found.callable, cls.key, known))
        if name == INIT:
            made = m.Callable(made.key, made.params, ref(cls.key), made.is_async)
        return m.Method(made, found.way)

    def typed(self, meaning: m.Callable) -> m.Callable:
        """A function whose types that are such classes are said."""
        params = tuple(
            m.Given(one.name, self._wire(one.wire), one.default, one.star, one.keyword)
            for one in meaning.params
        )
        returns = self._wire(meaning.returns) if meaning.returns is not None else None
        return m.Callable(meaning.key, params, returns, meaning.is_async)

    def is_unheld(self, function: Function, name: str) -> bool:
        """Whether a parameter of an `__init__` is only kept as what a struct doesn't hold."""
        cls = self.owner(function)
        return cls is not None and name in cls.dropped

    def _wire(self, wire: Wire) -> Wire:
        return replaced(wire, self._own)

    def _said(self, wire: Wire, known: Mapping[str, Wire]) -> Wire:
        return self._wire(replaced(wire, lambda one: known.get(one.name)))

    def _own(self, wire: Wire) -> Wire | None:
        is_own = wire.kind == "unknown" and wire.values and self.of(wire.values[0]) is not None
        return ref(wire.values[0]) if is_own else None

    def _find(self, key: str) -> ObjectClass | None:
        cls = self._desk.backend.class_of(key)
        if cls is None or not cls.is_plain or cls.instances:
            return None
        methods = [one for each in cls.mro for one in self._methods.get(each, ())]
        if not methods or any(one.name in _OWN_WAYS for one in methods):
            return None
        if any(one.rpartition(".")[2].endswith(_ERRORS) for one in cls.outside):
            return None
        nodes: list[tuple[str, ast.ClassDef]] = []
        for each in reversed(cls.mro):
            own = self._methods.get(each, ())
            node = self._node(each, own[0]) if own else None
            if own and node is None:
                return None
            nodes += [(each, node)] if node is not None else []
        if is_said_twice([node for _, node in nodes]):
            return None
        known = dict(cls.arguments)
        found = attributes_of(self._desk, lambda wire: self._said(wire, known), key, nodes)
        file, symbol, there = self._symbol(key)
        fields = tuple(self._fields(found))
        made = ObjectClass(
            key, file, symbol, fields, found.untold,
            found.sessions, found.kinds, found.dropped, found.changes, found.filled, there,
        )  # fmt: skip
        self._symbols[symbol] = key
        self._desk.shares(OwnTypes).by_key[key] = symbol
        shapes_of(self._desk).know(symbol, self.struct(made)[0])
        return made

    def struct(self, cls: ObjectClass) -> tuple[i.Struct, Needs]:
        """A class as the struct that is written for it, and what that needs."""
        needs = Needs(self._desk, cls.file, cls.key, self._desk.drafts(names_of))
        fields = tuple(i.Field(one.rust, held_type(one.wire, needs)) for one in cls.fields)
        copied = all(shapes_of(self._desk).has(one.type, "Clone") for one in fields)
        derives = (Symbol(("Clone",)),) if copied and not cls.changes else ()
        positional = None if fields else ()
        name = cls.symbol.name
        for one in cls.untold:
            needs.note(f"`{one}` doesn't say its type: the struct doesn't keep it")
        return i.Struct(name, fields, positional, derives=derives, docs=(cls.docs,)), needs

    def _fields(self, found: Attributes) -> Iterator[Field]:
        taken: set[str] = set()
        for name, wire in found.types.items():
            yield Field(name, distinct(snake(name), taken), wire, found.defaults.get(name))

    def _node(self, key: str, method: Function) -> ast.ClassDef | None:
        """The class as Python parses it."""
        source = self._desk.snapshot.backend_files.get(method.place.file)
        chunk = source.by_id.get(method.place.chunk) if source is not None else None
        tree = parsed(text_of(source, chunk)) if source is not None and chunk is not None else None
        node: ast.Module | ast.ClassDef | None = tree
        for name in key.partition("::")[2].split("."):
            inner = node.body if node is not None else []
            every = [one for one in inner if isinstance(one, ast.ClassDef) and one.name == name]
            node = every[-1] if every else None
        return node if isinstance(node, ast.ClassDef) else None

    def _symbol(self, key: str) -> tuple[str, Symbol, bool]:
        """Where it is written: beside the models of its file, under a name that is free there; or
        where it was written before."""
        backend_file, _, name = key.partition("::")
        file = self._siblings.file_of(backend_file)
        scopes = self._desk.workshop.scopes
        there = struct_in(self._desk.snapshot.crate_files, file, docs_of(key))
        if there is not None:
            return file, Symbol((*scopes.planned_path(file), there)), True
        taken = self._names.setdefault(file, set(places_at(self._desk).taken(file)))
        name = first = type_name(name.rpartition(".")[2])
        number = 2
        while name in taken or not scopes.is_free(file, name):
            name, number = f"{first}{number}", number + 1
        taken.add(name)
        return file, Symbol((*scopes.planned_path(file), name)), False


def objects_at(desk: Desk) -> Objects:
    """Those of a desk's revision."""
    return desk.shares(Objects)
