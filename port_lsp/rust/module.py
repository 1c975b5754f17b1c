"""Crates, modules, the readings of files as modules, and what is found in them."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from port_lsp.rust.cargo import Package
from port_lsp.rust.declared import (
    ChunkFacts,
    ConstItem,
    FnItem,
    MacroItem,
    ModItem,
    TypeItem,
    UseItem,
)

Chunks: TypeAlias = "tuple[tuple[str, ChunkFacts], ...]"
Named: TypeAlias = FnItem | TypeItem | ConstItem | MacroItem


class Found:
    """An item of the tree: the module it is in, its chunk's id, and itself.

    `outer` is the qualified name of the function around it, where it is one of a body's. It stays
    the same thing when its chunk is read anew and declares the same names.
    """

    __slots__ = ("at", "chunk", "item", "module", "outer")

    def __init__(
        self,
        module: Module,
        chunk: str,
        item: Named,
        outer: str = "",
        at: tuple[int, int] = (0, 0),
    ) -> None:
        """`at` are the numbers of its chunk in the file, and of the item in that."""
        self.module, self.chunk, self.item, self.outer = module, chunk, item, outer
        self.at = at

    @property
    def order(self) -> tuple[int, int, int]:
        """By what items are in the order of the modules."""
        return (self.module.number, *self.at)

    @property
    def identity(self) -> tuple[str, str, int]:
        """Where it stands: file, chunk, offset of its name."""
        return self.module.file, self.chunk, self.item.start

    @property
    def qualified(self) -> str:
        """Its name inside its file, as an item key has it."""
        name = "::".join((*self.item.module, self.item.name))
        if isinstance(self.item, FnItem):
            name = self.item.qualified
        return f"{self.outer}::{name}" if self.outer else name


class External(NamedTuple):
    """A path into a crate that isn't of the tree: ("axum", "routing", "get")."""

    path: tuple[str, ...]


class Member(NamedTuple):
    """A path that goes on behind a type: `Type::name`."""

    owner: Found
    name: str


class Module:
    """A module of one crate: what it declares, and where its children are.

    `inline` is its path inside its file, "" for the file's own module. `scope` is the path that
    actix's `#[scope]` puts before the routes in it. `number` is its file's among those that were
    read as modules.
    """

    __slots__ = (
        "children",
        "crate",
        "file",
        "globs",
        "inline",
        "names",
        "number",
        "parent",
        "scope",
        "uses",
    )

    def __init__(
        self, crate: Crate, parent: Module | None, file: str, inline: str = "", scope: str = ""
    ) -> None:
        self.crate, self.parent, self.file = crate, parent, file
        self.inline, self.scope, self.number = inline, scope, 0
        self.children: dict[str, Module] = {}
        self.names: dict[str, list[Found]] = {}
        self.uses: dict[str, list[UseItem]] = {}
        self.globs: list[UseItem] = []

    @property
    def root(self) -> Module:
        """The module that `crate` means."""
        module = self
        while module.parent is not None:
            module = module.parent
        return module


class Crate(NamedTuple):
    """One crate: a library or a program of a package."""

    package: Package
    root: str
    is_program: bool


class Read:
    """One reading of a file as a module: it and its inline modules, by their paths in the file, and
    what the file's chunks declare there. A library and a program may read the same file.

    `placed` are by chunk the items that can be found by a name, in their order; `below` are the
    modules that the file declares, `members` what belongs to types, `implements` which type
    implements which trait, `macros` those that it defines, each with whether it makes routes.
    """

    __slots__ = (
        "below",
        "facts",
        "folder",
        "implements",
        "inline",
        "macros",
        "members",
        "module",
        "placed",
    )

    def __init__(self, module: Module, folder: str) -> None:
        """`folder` is where the files of the module's children are."""
        self.module, self.folder = module, folder
        self.inline: dict[tuple[str, ...], Module] = {(): module}
        self.empty()

    def empty(self) -> None:
        """Forgets what the file's chunks declare, but for its inline modules themselves."""
        self.facts: Chunks = ()
        self.placed: dict[str, list[Found]] = {}
        self.below: list[ModItem] = []
        self.members: list[Found] = []
        self.implements: list[tuple[str, str]] = []
        self.macros: dict[str, bool] = {}
        for module in self.inline.values():
            module.names, module.uses, module.globs = {}, {}, []
