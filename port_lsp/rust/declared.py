"""What a chunk of a Rust file declares, as records without a syntax tree or an offset of the file.

`start` and `end` are bytes relative to the chunk; they are those of the item's name where it has
one.
"""

from __future__ import annotations

from typing import TypeAlias

from port_lsp.facts.source import Record
from port_lsp.rust.expressions import Expr, Node


class Attribute(Node, frozen=True):
    """`#[name(arguments)]` that registers a handler: `#[get("/")]`, `#[utoipa::path(…)]`."""

    name: str
    arguments: str


class Declared(Node, frozen=True):
    """What every item has. `module` are the inline modules around it in its chunk, `cfg` its
    conditions as written; what is only there for tests isn't declared at all."""

    name: str
    module: tuple[str, ...]
    public: bool
    cfg: str | None


class FnItem(Declared, frozen=True):
    """A function or a method.

    `params` are pattern and type as written; `self` in any form is ("self", "Self"). `owner` is
    the impl's type and `trait` its trait, both without arguments. `macros` are the attributes
    that register it. `body` is lowered only where it might matter for a route; `registers` says
    that it might register something itself.
    """

    params: tuple[tuple[str, str], ...]
    returns: str | None
    is_async: bool
    generics: tuple[str, ...] = ()
    owner: str | None = None
    trait: str | None = None
    macros: tuple[Attribute, ...] = ()
    body: Expr | None = None
    registers: bool = False

    @property
    def qualified(self) -> str:
        """Its name behind inline modules and owner, as an item key has it."""
        owner = (self.owner,) if self.owner else ()
        return "::".join((*self.module, *owner, self.name))


class UseItem(Declared, frozen=True):
    """One name that a `use` brings in: `name` is the alias, "*" for a glob."""

    path: tuple[str, ...]


class ModItem(Declared, frozen=True):
    """`mod name;`, or `mod name { … }` where `inline`, whose items stand beside it.

    `path` is that of a `#[path]` attribute, `scope` that of actix's `#[scope]`. A `test` module
    is declared for its file's sake: what stands in there is a test's.
    """

    inline: bool
    path: str | None = None
    scope: str = ""
    test: bool = False


class TypeItem(Declared, frozen=True):
    """A struct, enum, union, trait or alias; `target` is an alias's type as written, `path` that of
    a `#[typed_path]` (axum-extra)."""

    kind: str
    target: str | None = None
    path: str | None = None


class ConstItem(Declared, frozen=True):
    """A const or static; `owner` and `trait` where it stands in an impl or a trait."""

    value: Expr | None
    owner: str | None = None
    trait: str | None = None


class ImplItem(Declared, frozen=True):
    """`impl trait for name`."""

    trait: str | None


class MacroItem(Declared, frozen=True):
    """`macro_rules! name`; `registers` says whether a registering word stands in it, `function` is
    where the first function that it makes has its name."""

    registers: bool
    function: tuple[int, int] | None = None


Item: TypeAlias = FnItem | UseItem | ModItem | TypeItem | ConstItem | ImplItem | MacroItem


class SiteFact(Record, frozen=True):
    """A call of a registering construct as it stands in the text, whatever it means.

    `at` is the offset of its name; `within` is "code", "macro" (arguments of a macro),
    "macro_rules" or "test"; `function` is the qualified name of the function around it.
    """

    construct: str
    at: int
    within: str
    function: str = ""


class ChunkFacts(Record, frozen=True):
    """What one chunk declares, by its bytes alone.

    `more` is what `readers.READERS` found. `blocks` are where the bodies of functions stand, by
    where their names do: the one thing that every edit of a body changes.
    """

    items: tuple[Item, ...] = ()
    sites: tuple[SiteFact, ...] = ()
    more: tuple[object, ...] = ()
    blocks: tuple[tuple[int, int, int], ...] = ()
