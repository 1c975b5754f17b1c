"""The modules of the crates and what a name means in each: `mod`, `use`, globs, re-exports.

Rules of the Rust Reference, "Modules" (where a module's file is) and "Use declarations". Who may
see what isn't checked: the compiler does that.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from port_lsp.facts.source import SourceFile
from port_lsp.rust.cargo import SIDE_FOLDERS, Package
from port_lsp.rust.declared import (
    ChunkFacts,
    ConstItem,
    FnItem,
    ImplItem,
    Item,
    MacroItem,
    ModItem,
    TypeItem,
    UseItem,
)
from port_lsp.rust.known import is_known


class Found:
    """An item of the tree: the module it is in, its chunk's id, and itself.

    `outer` is the qualified name of the function around it, where it is one of a body's. It stays
    the same thing when its chunk is read anew and declares the same names.
    """

    __slots__ = ("chunk", "item", "module", "outer")

    def __init__(
        self,
        module: Module,
        chunk: str,
        item: FnItem | TypeItem | ConstItem | MacroItem,
        outer: str = "",
    ) -> None:
        self.module, self.chunk, self.item, self.outer = module, chunk, item, outer

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


_NAMELESS = (UseItem, ModItem, ImplItem)  # items that nothing can be found by

Meaning: TypeAlias = "Module | Found | External | Member"


class Modules:
    """All modules of all crates."""

    def __init__(
        self,
        files: Mapping[str, SourceFile],
        facts: Mapping[str, tuple[tuple[str, ChunkFacts], ...]],
        packages: tuple[Package, ...],
    ) -> None:
        self._files = files
        self._facts = facts
        self.roots: list[Module] = []
        self.libraries: dict[str, Module] = {}
        self.members: dict[str, dict[str, list[Found]]] = {}
        self.traits: dict[str, list[str]] = {}
        self.blanket: dict[str, list[Found]] = {}
        self.macros: dict[str, bool] = {}
        self._functions: list[Found] | None = None
        self._placed: dict[tuple[str, str], list[list[Found]]] = {}
        self._methods: dict[str, list[Found]] = {}
        self.modules: list[Module] = []
        self.files_read: set[str] = set()
        self.orphans: set[str] = set()
        self.tests: set[str] = set()
        self._adopting = False
        self._folders: dict[str, Module] = {}
        self._meanings: dict[tuple[int, tuple[str, ...], bool], Meaning | None] = {}
        self._asked: set[tuple[int, str, bool]] = set()
        for package in packages:
            if package.library_root:
                root = self._crate(package, package.library_root, is_program=False)
                self.libraries.setdefault(package.library, root)
            for program in package.programs:
                self._crate(package, program, is_program=True)
        self._adopt(packages)

    def _crate(self, package: Package, root: str, *, is_program: bool) -> Module:
        module = Module(Crate(package, root, is_program), None, root)
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
            module = Module(parent.crate, parent, path)
            self._read(module, folder if stem == "mod" else posixpath.join(folder, stem))

    def _read(self, module: Module, folder: str) -> None:
        """Fills a file's module; `folder` is where the files of its children are."""
        (self.orphans if self._adopting else self.files_read).add(module.file)
        self._folders.setdefault(folder, module)
        self.modules.append(module)
        inline: dict[tuple[str, ...], Module] = {(): module}
        for chunk, facts in self._facts.get(module.file, ()):
            placed: list[Found] = []
            for item in facts.items:
                self._declare(item, chunk, inline, folder, placed)
            self._placed.setdefault((module.file, chunk), []).append(placed)

    def renew(self, file: str, chunk: str, facts: ChunkFacts) -> None:
        """Puts a new version of a chunk in the place of one that had the same shape."""
        for placed in self._placed.get((file, chunk), ()):
            items = [item for item in facts.items if not isinstance(item, _NAMELESS)]
            for found, item in zip(placed, items, strict=True):
                found.item = item

    def _declare(
        self,
        item: Item,
        chunk: str,
        inline: dict[tuple[str, ...], Module],
        folder: str,
        placed: list[Found],
    ) -> None:
        module = inline.get(item.module)
        if not isinstance(item, _NAMELESS):
            found = Found(module or inline[()], chunk, item)
            placed.append(found)
            if module is not None:
                self._name(found, module)
        elif module is None:
            return
        elif isinstance(item, ModItem):
            self._child(item, module, inline, folder)
        elif isinstance(item, UseItem):
            if item.name == "*":
                module.globs.append(item)
            else:
                module.uses.setdefault(item.name, []).append(item)
        elif item.trait:
            self.traits.setdefault(item.name, []).append(item.trait)

    def _name(self, found: Found, module: Module) -> None:
        item = found.item
        if isinstance(item, (FnItem, ConstItem)) and item.owner:
            self.members.setdefault(item.owner, {}).setdefault(item.name, []).append(found)
            self._methods.setdefault(item.name, []).append(found)
            if item.trait and len(item.owner) <= 2:
                self.blanket.setdefault(item.name, []).append(found)  # `impl<T: A> B for T`
            return
        if isinstance(item, MacroItem):
            self.macros[item.name] = item.registers or self.macros.get(item.name, False)
        module.names.setdefault(item.name, []).append(found)

    def functions(self) -> list[Found]:
        """Every function that might register something, in the order of the modules."""
        if self._functions is None:
            named = (
                one for module in self.modules for ones in module.names.values() for one in ones
            )
            members = (one for m in self.members.values() for ones in m.values() for one in ones)
            self._functions = [
                one
                for one in (*named, *members)
                if isinstance(one.item, FnItem) and one.item.registers
            ]
        return self._functions

    def methods(self, name: str) -> list[Found]:
        """The functions of that name in impls whose bodies were read, each file's once."""
        found: dict[tuple[str, str, int], Found] = {}
        for member in self._methods.get(name, ()):
            known = member.module.file not in self.orphans
            if isinstance(member.item, FnItem) and member.item.body is not None and known:
                found.setdefault(member.identity, member)
        return list(found.values())

    def twins(self, found: Found) -> list[Found]:
        """A function and those of the same name that stand under another `cfg`."""
        item = found.item
        if item.cfg is None or found.outer:
            return [found]
        same = [
            other
            for other in found.module.names.get(item.name, ())
            if isinstance(other.item, FnItem) and other.item.cfg
        ]
        return same if found in same else [found]

    def _child(
        self,
        item: ModItem,
        module: Module,
        inline: dict[tuple[str, ...], Module],
        folder: str,
    ) -> None:
        below = posixpath.join(folder, *item.module)
        if item.inline:
            name = "::".join((*item.module, item.name))
            child = Module(module.crate, module, module.file, name, module.scope + item.scope)
            module.children.setdefault(item.name, child)
            inline.setdefault((*item.module, item.name), module.children[item.name])
            self.modules.append(child)
            return
        file, inner = self._file_of(item, module, below)
        if item.test:
            self._mark_tests(file, inner)
            return
        if self._adopting and (file in self.files_read or file in self.orphans):
            return
        if file and file in self._files:
            child = Module(module.crate, module, file)
            if item.name in module.children:  # the same name under another `cfg`
                self._read(child, inner)
                _merge(module.children[item.name], child)
                return
            module.children[item.name] = child
            self._read(child, inner)

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

    def meaning(self, module: Module, path: tuple[str, ...], *, value: bool) -> Meaning | None:
        """What a path means in a module; `value` where it should end in a function or a const.

        None for a name that nothing brings in: a local variable, the prelude, or a macro's.
        """
        key = (id(module), path, value)
        if key in self._meanings:
            return self._meanings[key]
        self._meanings[key] = None  # a path that leads back to itself means nothing
        found = self._meaning(module, path, value=value)
        self._meanings[key] = found
        return found

    def _meaning(self, module: Module, path: tuple[str, ...], *, value: bool) -> Meaning | None:
        first, rest = path[0], path[1:]
        at: Meaning | None
        if first == "crate" or first == "$crate":
            at = module.root
        elif first == "self":
            at = module
        elif first == "super":
            at = module.parent
        elif not first:
            return self._crate_named(rest[0], module, rest[1:], value=value) if rest else None
        else:
            at = self.named(module, first, value=value and not rest)
            if at is None:
                return self._crate_named(first, module, rest, value=value) if rest else None
        return self._follow(at, rest, value=value)

    def _follow(self, at: Meaning | None, rest: tuple[str, ...], *, value: bool) -> Meaning | None:
        for index, name in enumerate(rest):
            last = index == len(rest) - 1
            if isinstance(at, Module):
                at = at.parent if name == "super" else self.named(at, name, value=value and last)
            elif isinstance(at, External):
                return External(at.path + rest[index:])
            elif isinstance(at, Found) and isinstance(at.item, TypeItem):
                target = self.alias_target(at)
                if isinstance(target, External):
                    return External(target.path + rest[index:])
                return Member(target if isinstance(target, Found) else at, name) if last else None
            else:
                return None
        return at

    def alias_target(self, found: Found) -> Meaning | None:
        """What a type alias stands for; itself for every other type."""
        item = found.item
        if not isinstance(item, TypeItem) or item.kind != "alias" or not item.target:
            return found
        head = item.target.partition("<")[0].strip().removeprefix("&").strip()
        if not head.replace("::", "").replace("_", "").isalnum():
            return found
        target = self.meaning(found.module, tuple(head.split("::")), value=False)
        return (
            self.alias_target(target) if isinstance(target, Found) and target != found else target
        )

    def _crate_named(
        self, name: str, module: Module, rest: tuple[str, ...], *, value: bool
    ) -> Meaning | None:
        """A path that starts with another crate's name."""
        root = self._member_crate(name, module)
        if root is not None:
            return self._follow(root, rest, value=value)
        known = dict(module.crate.package.dependencies)
        if name in known:
            return External((known[name].replace("-", "_"), *rest))
        return External((name, *rest))

    def _member_crate(self, name: str, module: Module) -> Module | None:
        for alias, real in module.crate.package.dependencies:
            if alias == name:
                return self.libraries.get(real.replace("-", "_")) or self.libraries.get(name)
        if module.crate.package.library == name:
            return self.libraries.get(name)
        return None

    def named(self, module: Module, name: str, *, value: bool) -> Meaning | None:
        """What one name means in a module, as a value or as a module or type."""
        asked = (id(module), name, value)
        if asked in self._asked:
            return None
        self._asked.add(asked)
        try:
            return self._named(module, name, value=value)
        finally:
            self._asked.discard(asked)

    def _named(self, module: Module, name: str, *, value: bool) -> Meaning | None:
        own = module.names.get(name, ())
        if value:
            for found in own:
                if not isinstance(found.item, (TypeItem, MacroItem)):
                    return found
        elif name in module.children:
            return module.children[name]
        for found in own:
            if isinstance(found.item, TypeItem):
                return found
        fallback: Meaning | None = module.children.get(name)
        for use in module.uses.get(name, ()):
            meaning = self.meaning(module, use.path, value=value)
            if meaning is None and value:
                meaning = self.meaning(module, use.path, value=False)
            if meaning is not None and not _other_kind(meaning, value=value):
                return meaning
            fallback = fallback or meaning
        for meaning in self._globbed(module, name, value=value):
            return meaning
        if fallback is None and own:
            fallback = own[0]
        return fallback

    def _globbed(self, module: Module, name: str, *, value: bool) -> Iterator[Meaning]:
        outside: list[External] = []
        for use in module.globs:
            of = self.meaning(module, use.path, value=False)
            if isinstance(of, Module):
                meaning = self.named(of, name, value=value)
                if meaning is not None:
                    yield meaning
            elif isinstance(of, External):
                outside.append(External((*of.path, name)))
        for external in outside:
            if is_known(external.path):
                yield external

    def member(self, owner: Found | None, name: str, type_name: str) -> Found | None:
        """A function or const of a type: its own, its traits' defaults, then blanket impls."""
        candidates = self.members.get(type_name, {}).get(name, [])
        if len(candidates) > 1 and owner is not None:
            near = [c for c in candidates if self.named(c.module, type_name, value=False) == owner]
            candidates = near or candidates
        if candidates:
            return candidates[0]
        for trait in self.traits.get(type_name, ()):
            for found in self.members.get(trait, {}).get(name, ()):
                return found
        return next(iter(self.blanket.get(name, ())), None)


def _other_kind(meaning: Meaning, *, value: bool) -> bool:
    """Whether a name was found that is a module or type where a value is asked, or the reverse."""
    is_value = isinstance(meaning, Found) and isinstance(meaning.item, (FnItem, ConstItem))
    if isinstance(meaning, External):
        return False
    return is_value != value


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
