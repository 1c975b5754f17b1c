"""Which further readers read which items of a chunk: one line each.

A reader gets an item with its attributes, the source its node belongs to, and the path of what it
stands in (`module::Type::`, or empty). What it gives is kept in `ChunkFacts.more`.
"""

from collections.abc import Callable

from port_lsp.rust.syntax import Item, Source

Reader = Callable[[Item, Source, str], object | None]

READERS: dict[str, tuple[Reader, ...]] = {}
