"""The modules of the crates: which files they are, what each declares, and how an edit changes it.

Rules of the Rust Reference, "Modules": where the file of a module is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from port_lsp.facts.source import SourceFile
from port_lsp.rust.cargo import SIDE_FOLDERS, Package
from port_lsp.rust.declared import (
    ChunkFacts,
    ConstItem,
    FnItem,
    ImplItem,
    MacroItem,
    ModItem,
    TypeItem,
    UseItem,
)
from port_lsp.rust.members import Members

Chunks: TypeAlias = "tuple[tuple[str, ChunkFacts], ...]"
Order: TypeAlias = tuple[int, int, int]
_Named: TypeAlias = FnItem | TypeItem | ConstItem | MacroItem


class Found:
    """An item of the tree: the module it is in, its chunk's id, and itself.

    `outer` is the qualified name of the function around it, where it is one of a body's. It stays
    the same thing when its chunk is read anew and declares the same names.
    """

    __slots__ = ("chunk", "item", "module", "order", "outer")

    def __init__(
        self,
        module: Module,
        chunk: str,
        item: _Named,
        outer: str = "",
        order: Order = (0, 0, 0),
    ) -> None:
        """`order` are the numbers of its file's module, of its chunk and of the item in it."""
        self.module, self.chunk, self.item, self.outer = module, chunk, item, outer
        self.order = order

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
    actix's `#[scope]` puts before the routes in it.
    """

    __slots__ = ("children", "crate", "file", "globs", "inline", "names", "parent", "scope", "uses")

    def __init__(
        self, crate: Crate, parent: Module | None, file: str, inline: str = "", scope: str = ""
    ) -> None:
        self.crate, self.parent, self.file = crate, parent, file
        self.inline, self.scope = inline, scope
        self.children: dict[str, Module] = {}
        self.names: dict[str, list[Found]] = {}
        self.uses: dict[str, list[UseItem]] = {}
        self.globs: list[UseItem] = []

    def emptied(self, crate: Crate, parent: Module | None, scope: str) -> Module:
        """The same module, to be filled anew."""
        self.crate, self.parent, self.scope = crate, parent, scope
        self.children, self.names, self.uses, self.globs = {}, {}, {}, []
        return self

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


class Read(NamedTuple):
    """One reading of a file as a module: it and its inline modules, its number, and the folder of
    its children. A library and a program may read the same file."""

    inline: dict[tuple[str, ...], Module]
    number: int
    folder: str


_NAMELESS = (UseItem, ModItem, ImplItem)  # items that nothing can be found by


class _Before:
    """The modules and items of an earlier tree: what is there still stays the same thing."""

    def __init__(self, tree: ModuleTree | None) -> None:
        self._modules: dict[tuple[str, bool, str, str], Module] = {}
        self._items: dict[tuple[int, str, int], Found] = {}
        if tree is None:
            return
        several: set[tuple[str, bool, str, str]] = set()
        for module in tree.modules:
            key = (module.crate.root, module.crate.is_program, module.file, module.inline)
            if self._modules.setdefault(key, module) is not module:
                several.add(key)
        for key in several:  # one file under two `cfg`: which is which isn't said
            del self._modules[key]
        for reads in tree.placed.values():
            for found in (one for read in reads for one in read):
                self._items[id(found.module), found.chunk, found.order[2]] = found

    def module(
        self, crate: Crate, parent: Module | None, file: str, inline: str = "", scope: str = ""
    ) -> Module:
        """A module of the tree: the one that was there, else a new one."""
        known = self._modules.pop((crate.root, crate.is_program, file, inline), None)
        if known is not None:
            return known.emptied(crate, parent, scope)
        return Module(crate, parent, file, inline, scope)

    def found(self, module: Module, chunk: str, item: _Named, order: Order) -> Found:
        """An item of the tree: the one that was there, else a new one."""
        known = self._items.pop((id(module), chunk, order[2]), None)
        if known is None or type(known.item) is not type(item) or known.item.name != item.name:
            return Found(module, chunk, item, order=order)
        known.item, known.order = item, order
        return known


class ModuleTree:
    """All modules of all crates."""

    def __init__(
        self,
        files: Mapping[str, SourceFile],
        facts: Mapping[str, Chunks],
        packages: tuple[Package, ...],
        before: ModuleTree | None = None,
    ) -> None:
        """`before` is the tree of an earlier state with the same packages. It is used up: modules
        and items that are there still are the same things in this tree."""
        self._before = _Before(before)
        self._files = files
        self._facts = facts
        self.roots: list[Module] = []
        self.libraries: dict[str, Module] = {}
        self.members = Members()
        self.modules: list[Module] = []
        self.files_read: set[str] = set()
        self.orphans: set[str] = set()
        self.tests: set[str] = set()
        self._macros: dict[str, dict[str, bool]] = {}
        self.placed: dict[tuple[str, str], list[list[Found]]] = {}
        self._reads: dict[str, list[Read]] = {}
        self._merged: set[str] = set()
        self._adopting = False
        self._folders: dict[str, Module] = {}
        for package in packages:
            if package.library_root:
                root = self._crate(package, package.library_root, is_program=False)
                self.libraries.setdefault(package.library, root)
            for program in package.programs:
                self._crate(package, program, is_program=True)
        self._adopt(packages)
        self._before = _Before(None)

    def macro(self, name: str) -> bool | None:
        """Whether a macro of the tree makes routes; None where there is none of that name."""
        found = [macros[name] for macros in self._macros.values() if name in macros]
        return any(found) if found else None

    # Building

    def _crate(self, package: Package, root: str, *, is_program: bool) -> Module:
        module = self._before.module(Crate(package, root, is_program), None, root)
        self.roots.append(module)
        self._read(module, posixpath.dirname(root))
        return module

    def _adopt(self, packages: tuple[Package, ...]) -> None:
        """Files of a package that no `mod` declares: no part of a crate, and worth a word."""
        self._adopting = True
        for path in sorted(self._files):
            if path in self.files_read or path in self.orphans or path in self.tests:
                continue
            package = _package_of(path, packages)
            roots = [root for root in self.roots if root.crate.package is package]
            if package is None or not roots:
                continue
            folder = posixpath.dirname(path)
            parent = self._folders.get(folder, roots[0])
            stem = posixpath.splitext(posixpath.basename(path))[0]
            module = self._before.module(parent.crate, parent, path)
            self._read(module, folder if stem == "mod" else posixpath.join(folder, stem))

    def _read(self, module: Module, folder: str) -> None:
        """Fills a file's module; `folder` is where the files of its children are."""
        (self.orphans if self._adopting else self.files_read).add(module.file)
        self._folders.setdefault(folder, module)
        read = Read({(): module}, len(self.modules), folder)
        self.modules.append(module)
        self._reads.setdefault(module.file, []).append(read)
        self._fill(read, module.file, children=True)

    def _fill(self, read: Read, file: str, *, children: bool) -> None:
        """Declares what a file's chunks have; `children` are its modules."""
        for number, (chunk, facts) in enumerate(self._facts.get(file, ())):
            placed: list[Found] = []
            for index, item in enumerate(facts.items):
                if isinstance(item, ModItem):
                    if children:
                        self._child(item, read)
                elif isinstance(item, _NAMELESS):
                    self._nameless(item, read)
                else:
                    order = (read.number, number, index)
                    module = read.inline.get(item.module)
                    found = self._before.found(module or read.inline[()], chunk, item, order)
                    placed.append(found)
                    if module is not None:
                        self._name(found, module)
            self.placed.setdefault((file, chunk), []).append(placed)

    def _nameless(self, item: UseItem | ImplItem, read: Read) -> None:
        module = read.inline.get(item.module)
        if module is None:
            return
        if isinstance(item, ImplItem):
            if item.trait:
                self.members.implement(module.file, item.name, item.trait)
        elif item.name == "*":
            module.globs.append(item)
        else:
            module.uses.setdefault(item.name, []).append(item)

    def _name(self, found: Found, module: Module) -> None:
        item = found.item
        if isinstance(item, (FnItem, ConstItem)) and item.owner:
            self.members.add(found)
            return
        if isinstance(item, MacroItem):
            macros = self._macros.setdefault(module.file, {})
            macros[item.name] = item.registers or macros.get(item.name, False)
        module.names.setdefault(item.name, []).append(found)

    def _child(self, item: ModItem, read: Read) -> None:
        module = read.inline.get(item.module)
        if module is None:
            return
        below = posixpath.join(read.folder, *item.module)
        if item.inline:
            name = "::".join((*item.module, item.name))
            scope = module.scope + item.scope
            child = self._before.module(module.crate, module, module.file, name, scope)
            if module.children.setdefault(item.name, child) is child:
                self.modules.append(child)
            read.inline.setdefault((*item.module, item.name), module.children[item.name])
            return
        file, inner = self._file_of(item, module, below)
        if item.test:
            self._mark_tests(file, inner)
            return
        if self._adopting and (file in self.files_read or file in self.orphans):
            return
        if file in self._files:
            child = self._before.module(module.crate, module, file)
            twin = module.children.setdefault(item.name, child)
            self._read(child, inner)
            if twin is not child:  # the same name under another `cfg`
                _merge(twin, child)
                self._merged |= {file, twin.file}

    def _mark_tests(self, file: str, folder: str) -> None:
        """A module's file that is only there in tests, and those below it."""
        if file not in self._files or file in self.tests:
            return
        self.tests.add(file)
        for _, facts in self._facts.get(file, ()):
            for item in facts.items:
                if isinstance(item, ModItem) and not item.inline:
                    flat = posixpath.join(folder, *item.module, f"{item.name}.rs")
                    inner = posixpath.join(folder, *item.module, item.name)
                    found = flat if flat in self._files else posixpath.join(inner, "mod.rs")
                    self._mark_tests(found, inner)

    def _file_of(self, item: ModItem, module: Module, below: str) -> tuple[str, str]:
        """A module's file and the folder of its children."""
        if item.path:
            near = posixpath.dirname(module.file) if not item.module else below
            file = posixpath.normpath(posixpath.join(near, item.path))
            return file, posixpath.dirname(file)
        flat = posixpath.join(below, f"{item.name}.rs")
        inner = posixpath.join(below, item.name)
        if flat in self._files:
            return flat, inner
        return posixpath.join(inner, "mod.rs"), inner

    # Edits

    def renew(self, file: str, chunk: str, facts: ChunkFacts) -> None:
        """Puts a new version of a chunk in the place of one that had the same shape."""
        for placed in self.placed.get((file, chunk), ()):
            items = [item for item in facts.items if not isinstance(item, _NAMELESS)]
            for found, item in zip(placed, items, strict=True):
                found.item = item

    def can_fill_again(self, file: str) -> bool:
        """Whether a file's modules can be filled anew while all others stay."""
        return file not in self._merged and file not in self.tests

    def fill_again(self, file: str, facts: Mapping[str, Chunks]) -> None:
        """Declares anew what a file's chunks have; its own modules are the same as before."""
        self._facts = facts
        self.members.forget(file)
        self._macros.pop(file, None)
        for key in [key for key in self.placed if key[0] == file]:
            del self.placed[key]
        for read in self._reads.get(file, ()):
            for module in read.inline.values():
                module.names.clear()
                module.uses.clear()
                module.globs.clear()
            self._fill(read, file, children=False)


def _merge(into: Module, other: Module) -> None:
    for name, found in other.names.items():
        into.names.setdefault(name, []).extend(found)
    for name, uses in other.uses.items():
        into.uses.setdefault(name, []).extend(uses)
    into.globs += other.globs
    for name, child in other.children.items():
        into.children.setdefault(name, child)


def _package_of(path: str, packages: tuple[Package, ...]) -> Package | None:
    """The package in whose `src` a file is, and not in a folder of tests or examples there."""
    best: Package | None = None
    for package in packages:
        source = posixpath.join(package.folder, "src/")
        if not path.startswith(source) or not SIDE_FOLDERS.isdisjoint(path.split("/")):
            continue
        if best is None or len(package.folder) > len(best.folder):
            best = package
    return best
