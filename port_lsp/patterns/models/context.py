"""What the model pattern knows while it writes one file's models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.patterns.models.generics import mentioned, rust_parameters
from port_lsp.patterns.models.storing import Stored
from port_lsp.types.databases import Database
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.draft import Dependency
from port_lsp.writing.ir.items import Item
from port_lsp.writing.ir.types import AnyType, Symbol, Type, symbol

SymbolOf = Callable[[str], Symbol]
"""The Rust type of a backend's model, by the model's item key."""
SchemaOf = Callable[[str], "ModelSchema | None"]
Trait = Literal["Debug", "Clone", "PartialEq", "Eq", "Hash", "Default"]

Times = Literal["exact", "chrono"]


class Conventions(Record, frozen=True):
    """How a crate writes models.

    `times`: "exact" are types that read and write as Pydantic does, naive or aware as it came;
    "chrono" are chrono's own. `validator` is the version of the package, (0, 0) where the crate has
    none. `database` is the one that rows come from.
    """

    times: Times = "exact"
    validator: tuple[int, int] = (0, 20)
    database: Database = "sqlite"


class World(Record, frozen=True):
    """What is known beyond one model: by item keys, Rust symbols and schemas of models, whether a
    model must be validated, which traits a type has, which a model that is written can derive,
    which arguments a reference to a model has in Rust, and what sqlx stores of an Enum's members,
    where its type can be that of a column.
    """

    symbol_of: SymbolOf
    schema_of: SchemaOf
    validates: Callable[[str], bool]
    derives: Callable[[Wire, Trait], bool]
    own: Callable[[str, Trait], bool]
    hashed: Callable[[str], bool]
    arguments: Callable[[Wire], tuple[Wire, ...]]
    stored: Callable[[str], Stored | None]


class Context:
    """Collects what models need besides their own items. Made for one model at a time.

    `boxed` are the models that this one must hold in a Box, `common` the names of fields that other
    models of its file have, too. `taken` are the names that mean something in the file already.
    `unchecked` says why limits aren't checked, where they aren't.
    What is needed of other packages goes into `dependencies`, of the crate's own `wire` module into
    `support`.
    """

    def __init__(
        self, schema: ModelSchema, world: World, conventions: Conventions, taken: set[str]
    ) -> None:
        """See the class."""
        self.schema, self.world, self.conventions = schema, world, conventions
        self.taken = taken
        self.before: list[Item] = []
        self.behind: list[Item] = []
        self.dependencies: dict[str, Dependency] = {}
        self.support: set[str] = set()
        self.notes: list[str] = []
        self.boxed: frozenset[str] = frozenset()
        self.common: frozenset[str] = frozenset()
        self.unchecked = "for lack of `validator`"
        self.parameters = rust_parameters(schema)

    def need(self, name: str, version: str, *features: str) -> None:
        """The crate must depend on a package."""
        known = self.dependencies.get(name)
        every = tuple(dict.fromkeys((*(known.features if known else ()), *features)))
        self.dependencies[name] = Dependency(name, version, every)

    def wire(self, module: str, name: str) -> Type:
        """A type of the crate's `wire` module."""
        self.support.add(module)
        return Type(symbol(f"crate::wire::{module}::{name}"))

    def function(self, module: str, name: str) -> str:
        """The path of a function of the crate's `wire` module, for an attribute."""
        self.support.add(module)
        return f"crate::wire::{module}::{name}"

    def speaking(self, *kinds: AnyType) -> tuple[str, ...]:
        """The model's type parameters, as Rust calls them, that types speak of."""
        return mentioned(tuple(self.parameters.values()), kinds)

    def note(self, text: str) -> None:
        """Something was degraded."""
        self.notes.append(f"{self.schema.key}: {text}")

    @property
    def checks(self) -> bool:
        """Whether limits are written as attributes of `validator`."""
        return self.conventions.validator != (0, 0)


def discriminator_of(field: FieldSchema | None, path: tuple[str, ...]) -> str | None:
    """The field by which the models of a union are told apart, at a place in a field."""
    if field is None:
        return None
    limits = field.limits
    if path:
        limits = next((one.limits for one in field.inner if one.path == path), ())
    text = next((one.value for one in limits if one.name == "discriminator"), None)
    return text.strip('"') if text is not None else None
