"""What is different from the last reading, and what that does to the modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from port_lsp.facts.source import SourceFile
from port_lsp.rust.cargo import Package
from port_lsp.rust.declared import ChunkFacts, FnItem, ImplItem, Item, MacroItem, ModItem
from port_lsp.rust.module import Chunks
from port_lsp.rust.modules import Modules
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
        members = modules.members_in(path)
        modules.fill_again(path, now)
        members |= modules.members_in(path)
        modules.names_changed(path, members)
        change.names |= {path, *(f"::{name}" for name in members)}
        change.names |= {f"!{name}" for name in _macros(before[path]) | _macros(now[path])}
    for path, ident, facts in renewed:
        if path not in again:
            modules.renew(path, ident, facts)
    return change


class Rebuilt(NamedTuple):
    """New modules; the chunks that are others than before, and the names that may mean other
    things, as Change has them."""

    modules: Modules
    chunks: set[tuple[str, str]]
    names: set[str]


def rebuilt(
    before: Modules,
    old: Mapping[str, Chunks],
    files: Mapping[str, SourceFile],
    now: Mapping[str, Chunks],
    packages: tuple[Package, ...],
) -> Rebuilt:
    """The modules for other files of the same packages. `before`, whose facts are `old`, is used
    up: what is there still stays the same thing."""
    known = {id(module) for module in before.modules}
    parents, standing = _parents(before), _standing(before)
    after = Modules(files, now, packages, before)
    later, stands = _parents(after), _standing(after)
    other = {path for path in old.keys() | now.keys() if standing.get(path) != stands.get(path)}
    other |= {module.file for module in after.modules if id(module) not in known}
    names = {one for path in other for of in (parents, later) for one in of.get(path, ())}
    chunks: set[tuple[str, str]] = set()
    for path in old.keys() | now.keys():
        if old.get(path) is now.get(path):
            continue
        was, are = dict(old.get(path, ())), dict(now.get(path, ()))
        differ = [one for one in was.keys() | are.keys() if was.get(one) is not are.get(one)]
        chunks |= {(path, ident) for ident in differ}
        if list(was) != list(are) or any(shape(was[one]) != shape(are[one]) for one in differ):
            other.add(path)
    for path in other:
        names.add(path)
        named = before.members_in(path) | after.members_in(path)
        names |= {f"::{name}" for name in named}
        names |= {f"!{name}" for name in _macros(old.get(path, ())) | _macros(now.get(path, ()))}
    after.go_on_from(before, names)
    return Rebuilt(after, chunks, names)


def _parents(modules: Modules) -> dict[str, set[str]]:
    """By file, the files in which its modules are declared."""
    found: dict[str, set[str]] = {}
    for module in modules.modules:
        if module.parent is not None:
            found.setdefault(module.file, set()).add(module.parent.file)
    return found


def _standing(modules: Modules) -> dict[str, tuple[bool, bool, bool]]:
    """By file, whether it is part of a crate, declared by nobody, only there in tests."""
    read, orphans, tests = modules.files_read, modules.orphans, modules.tests
    return {path: (path in read, path in orphans, path in tests) for path in read | orphans | tests}


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
