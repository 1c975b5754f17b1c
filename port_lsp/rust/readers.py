"""Which further readers read which items of a chunk: one line each.

What a reader gives is kept in `ChunkFacts.more`.
"""

from collections.abc import Callable
from typing import NamedTuple

from port_lsp.rust.functions import read_function
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
    return read_function(item, source, around.scope, around.owner, around.trait)


def _type(item: Item, source: Source, around: Around) -> object | None:
    return read_type(item, source, around.scope)


READERS: dict[str, tuple[Reader, ...]] = {
    "function_item": (_function,),
    "struct_item": (_type,),
    "enum_item": (_type,),
    "type_item": (_type,),
}
