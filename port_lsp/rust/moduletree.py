"""The modules of the crates: which files they are, what each declares, and how an edit changes it.

Rules of the Rust Reference, "Modules": where the file of a module is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from port_lsp.facts.source import SourceFile
from port_lsp.rust.cargo import SIDE_FOLDERS, Package
from port_lsp.rust.declared import (
    ChunkFacts,
    ConstItem,
    FnItem,
    ImplItem,
    MacroItem,
    ModItem,
    UseItem,
)
from port_lsp.rust.members import Members
from port_lsp.rust.module import Chunks, Crate, Found, Module, Named, Read


class _Before:
    """The readings of an earlier tree: what is there still stays the same thing."""

    def __init__(self, tree: ModuleTree | None) -> None:
        self._reads: dict[tuple[str, bool, str], Read] = {}
        self._items: dict[tuple[str, int], Found] = {}
        self._inline: dict[tuple[str, ...], Module] = {}
        self._merged = tree.merged if tree is not None else frozenset[str]()
        several: set[tuple[str, bool, str]] = set()
        for file, reads in tree.reads.items() if tree is not None else ():
            for read in reads:
                key = (*_key(read.module.crate), file)
                if self._reads.setdefault(key, read) is not read:
                    several.add(key)
        for key in several:  # one file under two `cfg`: which is which isn't said
            del self._reads[key]

    def read(self, crate: Crate, file: str, facts: Chunks) -> tuple[Read | None, Module | None]:
        """The earlier reading of a file, where it still holds; else the module that it was, and
        what was in it is what `inline` and `found` know next."""
        known = self._reads.pop((*_key(crate), file), None)
        if known is not None and known.facts is facts and file not in self._merged:
            return known, known.module
        self._inline = known.inline if known is not None else {}
        placed = known.placed.values() if known is not None else ()
        self._items = {(one.chunk, one.at[1]): one for ones in placed for one in ones}
        return None, known.module if known is not None else None

    def inline(self, path: tuple[str, ...]) -> Module | None:
        """The inline module that a file had there."""
        return self._inline.get(path)

    def found(self, module: Module, chunk: str, item: Named, at: tuple[int, int]) -> Found:
        """An item of the tree: the one that was there, else a new one."""
        known = self._items.pop((chunk, at[1]), None)
        same = known is not None and known.module is module and type(known.item) is type(item)
        if known is None or not same or known.item.name != item.name:
            return Found(module, chunk, item, at=at)
        known.item, known.at = item, at
        return known


def _key(crate: Crate) -> tuple[str, bool]:
    return crate.root, crate.is_program


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
        and items that are there still are the same things in this tree, and a file whose facts are
        the same object isn't gone through again."""
        self._before = _Before(before)
        self._files = files
        self._facts = facts
        self.roots: list[Module] = []
        self.libraries: dict[str, Module] = {}
        self.modules: list[Module] = []
        self.files_read: set[str] = set()
        self.orphans: set[str] = set()
        self.tests: set[str] = set()
        self.reads: dict[str, list[Read]] = {}
        self.merged: set[str] = set()
        self._number = 0
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
        self.members = Members()
        for read in self._every_read():
            self.members.add(read)
        self._defining = [read for read in self._every_read() if read.macros]

    def macro(self, name: str) -> bool | None:
        """Whether a macro of the tree makes routes; None where there is none of that name."""
        found = [read.macros[name] for read in self._defining if name in read.macros]
        return any(found) if found else None

    def _every_read(self) -> Iterator[Read]:
        return (read for reads in self.reads.values() for read in reads)

    # Building

    def _crate(self, package: Package, root: str, *, is_program: bool) -> Module:
        crate = Crate(package, root, is_program)
        module = self._read(crate, None, root, posixpath.dirname(root))
        self.roots.append(module)
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
            inner = folder if stem == "mod" else posixpath.join(folder, stem)
            self._read(parent.crate, parent, path, inner)

    def _read(self, crate: Crate, parent: Module | None, file: str, folder: str) -> Module:
        """Reads a file as a module, and the files below it; `folder` is where those are."""
        (self.orphans if self._adopting else self.files_read).add(file)
        facts = self._facts.get(file, ())
        read, module = self._before.read(crate, file, facts)
        module = module or Module(crate, parent, file)
        module.crate, module.parent = crate, parent
        self._folders.setdefault(folder, module)
        if read is None:
            read = Read(module, folder)
            self._fill(read, facts)
        read.folder = folder
        for one in read.inline.values():
            one.crate, one.number, one.children = crate, self._number, {}
        self._number += 1
        self.modules.append(module)
        self.reads.setdefault(file, []).append(read)
        for item in read.below:
            self._child(item, read)
        return module

    def _fill(self, read: Read, facts: Chunks) -> None:
        """Declares what a file's chunks have."""
        read.facts = facts
        for number, (chunk, of_chunk) in enumerate(facts):
            placed: list[Found] = []
            for index, item in enumerate(of_chunk.items):
                module = read.inline.get(item.module)
                if isinstance(item, ModItem):
                    if module is not None:
                        self._declare(item, module, read)
                elif isinstance(item, (UseItem, ImplItem)):
                    if module is not None:
                        _nameless(item, module, read)
                else:
                    at = (number, index)
                    found = self._before.found(module or read.module, chunk, item, at)
                    placed.append(found)
                    if module is not None:
                        _name(found, module, read)
            read.placed[chunk] = placed

    def _declare(self, item: ModItem, module: Module, read: Read) -> None:
        """A module that a file declares, and itself has where it is inline."""
        read.below.append(item)
        path = (*item.module, item.name)
        if not item.inline or path in read.inline:
            return
        name, scope = "::".join(path), module.scope + item.scope
        child = self._before.inline(path) or Module(module.crate, module, module.file, name)
        child.parent, child.scope = module, scope
        child.names, child.uses, child.globs = {}, {}, []
        read.inline[path] = child

    def _child(self, item: ModItem, read: Read) -> None:
        """Puts a module below the one that declares it."""
        module = read.inline[item.module]
        if item.inline:
            child = read.inline[(*item.module, item.name)]
            if module.children.get(item.name) is child:
                return  # it is written twice, each under its `cfg`
            self.modules.append(child)
        else:
            below = posixpath.join(read.folder, *item.module)
            file, inner = self._file_of(item, module, below)
            if item.test:
                self._mark_tests(file, inner)
                return
            adopted = self._adopting and (file in self.files_read or file in self.orphans)
            if adopted or file not in self._files or _is_inside(module, file):
                return
            child = self._read(module.crate, module, file, inner)
        twin = module.children.setdefault(item.name, child)
        if twin is not child:  # the same name under another `cfg`
            _merge(twin, child)
            self.merged |= {child.file, twin.file}

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
        for read in self.reads.get(file, ()):
            items = [
                item for item in facts.items if not isinstance(item, (UseItem, ModItem, ImplItem))
            ]
            for found, item in zip(read.placed.get(chunk, ()), items, strict=True):
                found.item = item

    def members_in(self, file: str) -> set[str]:
        """The names of what a file declares of types."""
        return {found.item.name for read in self.reads.get(file, ()) for found in read.members}

    def can_fill_again(self, file: str) -> bool:
        """Whether a file's modules can be filled anew while all others stay."""
        return file not in self.merged and file not in self.tests

    def fill_again(self, file: str, facts: Mapping[str, Chunks]) -> None:
        """Declares anew what a file's chunks have; its own modules are the same as before."""
        self._facts = facts
        for read in self.reads.get(file, ()):
            self.members.remove(read)
            read.empty()
            self._fill(read, facts.get(file, ()))
            self.members.add(read)
        self._defining = [read for read in self._every_read() if read.macros]


def _is_inside(module: Module | None, file: str) -> bool:
    """Whether a module is in a file, or below one that is: rustc calls a `#[path]` that leads there
    circular."""
    while module is not None:
        if module.file == file:
            return True
        module = module.parent
    return False


def _nameless(item: UseItem | ImplItem, module: Module, read: Read) -> None:
    if isinstance(item, ImplItem):
        if item.trait:
            read.implements.append((item.name, item.trait))
    elif item.name == "*":
        module.globs.append(item)
    else:
        module.uses.setdefault(item.name, []).append(item)


def _name(found: Found, module: Module, read: Read) -> None:
    item = found.item
    if isinstance(item, (FnItem, ConstItem)) and item.owner:
        read.members.append(found)
        return
    if isinstance(item, MacroItem):
        read.macros[item.name] = item.registers or read.macros.get(item.name, False)
    module.names.setdefault(item.name, []).append(found)


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
