"""What is different from the last reading, and what that does to the modules."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from port_lsp.rust.declared import ChunkFacts, FnItem, ImplItem, Item, MacroItem, ModItem
from port_lsp.rust.modules import Modules
from port_lsp.rust.moduletree import Chunks
from port_lsp.rust.shapes import shape


class Change(msgspec.Struct, eq=False):
    """What an edit changed.

    `names` are the files whose names may mean other things, and the members and macros of which
    that is so (`::name`, `!name`). `routing` are the chunks in which something may be registered
    otherwise, `declared` says whether anything else is declared otherwise, `roots` whether there
    are other functions that may begin an application or have a route's attribute.
    """

    names: set[str] = msgspec.field(default_factory=lambda: set())
    routing: set[tuple[str, str]] = msgspec.field(default_factory=lambda: set())
    declared: bool = False
    roots: bool = False


def change_of(
    modules: Modules, before: Mapping[str, Chunks], now: Mapping[str, Chunks]
) -> Change | None:
    """Brings the modules up to date, for the same files as before.

    None where that can't be done piece by piece: a file's modules are others than before.
    """
    change = Change()
    again: list[str] = []
    renewed: list[tuple[str, str, ChunkFacts]] = []
    for path, chunks in now.items():
        if chunks is before[path]:
            continue
        old, new = dict(before[path]), dict(chunks)
        same_shape = [ident for ident, _ in before[path]] == [ident for ident, _ in chunks]
        for ident in old.keys() | new.keys():
            one, other = old.get(ident), new.get(ident)
            if one is other:
                continue
            if one is None or other is None:
                same_shape, change.declared = False, True
                change.routing.add((path, ident))
                continue
            same_shape = same_shape and shape(one) == shape(other)
            if _routing(one) != _routing(other) or one.sites != other.sites:
                change.routing.add((path, ident))
            more = one.more != other.more or _impls(one) != _impls(other)
            change.declared = change.declared or more
            renewed.append((path, ident, other))
        if not same_shape:
            if _children(before[path]) != _children(chunks) or not modules.can_fill_again(path):
                return None
            again.append(path)
            change.roots = change.roots or _roots(before[path]) != _roots(chunks)
    for path in again:
        members = modules.members.names_in(path)
        modules.fill_again(path, now)
        members |= modules.members.names_in(path)
        modules.names_changed(path, members)
        change.names |= {path, *(f"::{name}" for name in members)}
        change.names |= {f"!{name}" for name in _macros(before[path]) | _macros(now[path])}
    for path, ident, facts in renewed:
        if path not in again:
            modules.renew(path, ident, facts)
    return change


def _routing(facts: ChunkFacts) -> list[Item]:
    """What of a chunk's items decides about routes: of a function whose body nobody runs, not what
    it takes."""
    return [
        replace(item, params=()) if isinstance(item, FnItem) and item.body is None else item
        for item in facts.items
    ]


def _impls(facts: ChunkFacts) -> list[tuple[object, ...]]:
    return [
        (item.name, item.module, item.trait) for item in facts.items if isinstance(item, ImplItem)
    ]


def _children(chunks: Chunks) -> list[tuple[object, ...]]:
    """The modules that a file declares, in order, without where they stand."""
    return [
        (item.name, item.module, item.cfg, item.inline, item.path, item.scope, item.test)
        for _, facts in chunks
        for item in facts.items
        if isinstance(item, ModItem)
    ]


def _roots(chunks: Chunks) -> list[tuple[str, bool, bool]]:
    """The functions of a file that register something or have a route's attribute, in order."""
    return [
        (item.qualified, item.public, item.registers)
        for _, facts in chunks
        for item in facts.items
        if isinstance(item, FnItem) and (item.registers or item.macros)
    ]


def _macros(chunks: Chunks) -> set[str]:
    return {item.name for _, facts in chunks for item in facts.items if isinstance(item, MacroItem)}
