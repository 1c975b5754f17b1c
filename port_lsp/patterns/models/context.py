"""What the model pattern knows while it writes one file's models."""

from __future__ import annotations

from collections.abc import Callable

from port_lsp.types.schema import ModelSchema
from port_lsp.writing.draft import Dependency
from port_lsp.writing.ir.items import Item
from port_lsp.writing.ir.types import Symbol

SymbolOf = Callable[[str], Symbol]
"""The Rust type of a backend's model, by the model's item key."""
SchemaOf = Callable[[str], "ModelSchema | None"]


class Context:
    """Collects what models need besides their own items. Made for one model at a time.

    `crates` are the packages that the crate depends on; what is needed beyond them goes into
    `dependencies`. `taken` are the names that mean something in the file already.
    """

    def __init__(
        self,
        schema: ModelSchema,
        symbol_of: SymbolOf,
        schema_of: SchemaOf,
        crates: frozenset[str],
        taken: set[str],
    ) -> None:
        """See the class."""
        self.schema, self.symbol_of, self.schema_of = schema, symbol_of, schema_of
        self.crates, self.taken = crates, taken
        self.before: list[Item] = []
        self.behind: list[Item] = []
        self.dependencies: dict[str, Dependency] = {}
        self.notes: list[str] = []
        self.boxed: frozenset[str] = frozenset()

    def need(self, name: str, version: str, *features: str) -> None:
        """The crate must depend on a package."""
        known = self.dependencies.get(name)
        every = tuple(dict.fromkeys((*(known.features if known else ()), *features)))
        self.dependencies[name] = Dependency(name, version, every)

    def note(self, text: str) -> None:
        """Something was degraded."""
        self.notes.append(f"{self.schema.key}: {text}")
