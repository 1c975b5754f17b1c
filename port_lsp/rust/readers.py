"""Which further readers read which items of a chunk: one line each.

What a reader gives is kept in `ChunkFacts.more`.
"""

from collections.abc import Callable
from typing import NamedTuple

from port_lsp.rust.bodies import read_whole_function
from port_lsp.rust.extractors import read_gate
from port_lsp.rust.serde import read_type
from port_lsp.rust.syntax import Item, Source


class Around(NamedTuple):
    """Where an item stands: inline modules, the impl or trait it belongs to, their conditions."""

    module: tuple[str, ...] = ()
    owner: str | None = None
    trait: str | None = None
    cfg: str | None = None

    @property
    def scope(self) -> str:
        """The path of what the item stands in, with a closing `::`, or empty."""
        parts = (*self.module, self.owner) if self.owner else self.module
        return "".join(f"{part}::" for part in parts)


Reader = Callable[[Item, Source, Around], object | None]


def _function(item: Item, source: Source, around: Around) -> object | None:
    return read_whole_function(item, source, around.scope, around.owner, around.trait)


def _impl(item: Item, source: Source, around: Around) -> object | None:
    return read_gate(item, source, around.scope)


def _type(item: Item, source: Source, around: Around) -> object | None:
    if around.owner is not None:
        return None  # what an impl calls one of its trait's types
    return read_type(item, source, around.scope)


READERS: dict[str, tuple[Reader, ...]] = {
    "function_item": (_function,),
    "impl_item": (_impl,),
    "struct_item": (_type,),
    "enum_item": (_type,),
    "type_item": (_type,),
}
