"""What of a chunk's items decides what names mean: all but positions and bodies.

Two versions of a chunk with the same shape declare the same names in the same order, so that the
modules stand as they are.
"""

from __future__ import annotations

from port_lsp.rust.declared import (
    ChunkFacts,
    ConstItem,
    FnItem,
    ImplItem,
    Item,
    ModItem,
    TypeItem,
    UseItem,
)


def shape(facts: ChunkFacts) -> tuple[object, ...]:
    """The shape of a chunk."""
    return tuple(_of(item) for item in facts.items)


def _of(item: Item) -> tuple[object, ...]:
    common = (type(item), item.name, item.module, item.cfg, item.public)
    if isinstance(item, FnItem):
        return (
            *common,
            item.owner,
            item.trait,
            item.body is None,
            item.registers,
            bool(item.macros),
        )
    if isinstance(item, UseItem):
        return (*common, item.path)
    if isinstance(item, ModItem):
        return (*common, item.inline, item.path, item.scope, item.test)
    if isinstance(item, TypeItem):
        return (*common, item.kind, item.target)
    if isinstance(item, ConstItem):
        return (*common, item.owner, item.trait)
    if isinstance(item, ImplItem):
        return (*common, item.trait)
    return (*common, item.registers)
