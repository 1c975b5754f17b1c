"""The files of a crate's tests: which there are, and how more tests get into them.

Of a package with a library they are below `tests/`, each a program of its own; of another they are
modules of its program, which declares them for tests alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from msgspec.structs import replace

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.rust.cargo import Package
from port_lsp.testing.own import Own, own_of
from port_lsp.testing.pairs import Pair
from port_lsp.testing.present import Unsaved, functions_in, is_tested, tests_in
from port_lsp.testing.setup import Application, named_in, shared
from port_lsp.writing.draft import Dependency
from port_lsp.writing.imports import symbols_in
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol
from port_lsp.writing.manifest import with_dev_dependencies
from port_lsp.writing.printer import print_items
from port_lsp.writing.splices import new_uses
from port_lsp.writing.workshop import FileChange

_OURS = re.compile(r"^pub async fn start\(\) -> Service \{$", re.M)
_SHARED = ("common", "service")
_HOMES = ("tests", "port_tests")
_HEAD = (
    "//! The endpoints, asked as their clients do: from in here, as the package has no library.\n"
)


class Tests(Record, frozen=True):
    """The tests of one endpoint, with the functions that they call."""

    pair: Pair
    helpers: tuple[i.Function, ...]
    tests: tuple[i.Function, ...]


class Files:
    """The files of one package's tests. State: their texts, as they will be."""

    def __init__(self, desk: Desk, package: Package, root: str, unsaved: Unsaved) -> None:
        """As they are now; `root` is the program that they are a part of, `unsaved` gives the texts
        of open documents."""
        self._desk, self._unsaved = desk, unsaved
        self._root, self._folder = root, package.folder
        top = desk.snapshot.root("crate") or ""
        self._home = self._at("tests")
        if self._root:
            below = posixpath.dirname(self._root)
            homes = [posixpath.join(below, name) for name in _HOMES]
            self._home = next((one for one in homes if self._is_free(one, top)), homes[-1])
        self._before = dict(tests_in(top, self._home, unsaved))
        self._after = dict(self._before)
        self.module = self._shared()
        own = own_of(self._before, self._home, self.module) if not root else None
        self.own = own if isinstance(own, Own) else None
        """How the crate's own tests begin its application, where they do so."""
        self.note = own if isinstance(own, str) else ""
        """Why that isn't known, where there is something of the kind."""

    def is_tested(self, pair: Pair) -> bool:
        """Whether there is a test already."""
        return is_tested(self._before, pair.ours.method, pair.theirs.path)

    def file_of(self, pair: Pair) -> str:
        """The file of tests for a file of handlers."""
        file = pair.theirs.key.partition("::")[0]
        stem = posixpath.basename(file).removesuffix(".rs")
        if stem in ("mod", "lib", "main"):
            stem = posixpath.basename(posixpath.dirname(file))
            stem = stem if stem != "src" else "app"
        path = self._in(f"{stem}.rs")
        text = self._before.get(path)
        if stem == self.module or (text is not None and self._begins() not in text):
            return self._in(f"{stem}_endpoints.rs")
        return path

    def add(self, file: str, every: Sequence[Tests]) -> None:
        """Puts tests into a file, which may be new."""
        before = self._before.get(file)
        items = _distinct(every, functions_in(before or ""))
        if before is None:
            self._after[file] = self._new(every, items)
            return
        names, _ = named_in(())
        short = re.search(r"use serde_json::(?:json;|\{[^}]*\bjson\b)", before) is not None

        def written_in(one: Symbol) -> str:
            return "json" if short and one.path == ("serde_json", "json") else names(one)

        self._after[file] = before.rstrip("\n") + "\n\n" + print_items(items, written_in)

    def changes(self, app: Application) -> list[FileChange]:
        """What becomes of the files, with what they share and the manifest."""
        setup = shared(app)
        common = self._in(f"{self.module}.rs" if self._root else f"{self.module}/mod.rs")
        if common not in self._before:
            self._after[common] = setup.text
        changes = [*self._manifest(setup.dependencies), *(self._declared() if self._root else ())]
        changes += [
            FileChange(path, self._before.get(path), text)
            for path, text in sorted(self._after.items())
            if self._before.get(path) != text
        ]
        return changes

    def _at(self, path: str) -> str:
        return posixpath.join(self._folder, path)

    def _in(self, name: str) -> str:
        return posixpath.join(self._home, name)

    def _begins(self) -> str:
        """The line by which a file of tests takes what ours share."""
        return f"use super::{self.module};" if self._root else f"mod {self.module};"

    def _is_free(self, home: str, top: str) -> bool:
        """Whether a folder may have our modules: it has, or there is no such module."""
        there = tests_in(top, home, self._unsaved)
        if there:
            return there.get(posixpath.join(home, "mod.rs"), "").startswith(_HEAD)
        name = re.escape(posixpath.basename(home))
        return re.search(rf"^\s*(?:pub )?mod {name}\b", self._text(self._root), re.M) is None

    def _shared(self) -> str:
        """The module that tests share: ours, beside another of that name, if there is one."""
        for name in _SHARED:
            text = self._before.get(self._in(f"{name}/mod.rs"))
            beside = self._before.get(self._in(f"{name}.rs"))
            if self._root:
                text, beside = beside, text
            if beside is None and (text is None or _OURS.search(text)):
                return name
        return "port_lsp_service"

    def _text(self, path: str) -> str:
        """The text of a file of the crate, as somebody has it open."""
        text = self._unsaved(self._desk.snapshot.path("crate", path))
        if text is None:
            source = self._desk.workshop.files.get(path)
            known = source.text.data if source is not None else None
            known = known or self._desk.workshop.manifests.get(path, b"")
            text = known.decode("utf-8", "replace")
        return text

    def _manifest(self, wanted: Sequence[Dependency]) -> list[FileChange]:
        path = self._at("Cargo.toml")
        before = self._text(path)
        after = with_dev_dependencies(before, wanted)
        return [FileChange(path, before, after)] if after != before else []

    def _declared(self) -> list[FileChange]:
        """What declares the modules of tests: in the program, and among themselves."""
        names = sorted(
            posixpath.basename(one).removesuffix(".rs")
            for one in self._after if posixpath.dirname(one) == self._home
        )  # fmt: skip
        path = self._in("mod.rs")
        text = self._after.get(path, f"{_HEAD}\n")
        new = [one for one in names if one != "mod" and f"mod {one};" not in text]
        self._after[path] = text + "".join(f"mod {one};\n" for one in new)
        before = self._text(self._root)
        module = posixpath.basename(self._home)
        if re.search(rf"^mod {module};", before, re.M):
            return []
        return [
            FileChange(self._root, before, f"{before.rstrip()}\n\n#[cfg(test)]\nmod {module};\n")
        ]

    def _new(self, every: Sequence[Tests], items: Sequence[i.Function]) -> str:
        """A new file of tests."""
        names, uses = named_in(
            [one for one in symbols_in(tuple(items)) if one.path[0] != self.module]
        )
        sources = sorted({made.pair.ours.place.file for made in every})
        listed = ", ".join(f"`{one}`" for one in sources)
        parts = [f"//! The endpoints of {listed}, asked as their clients do.\n"]
        if self._root:
            uses = [*uses, ("super", self.module)]
        else:
            mods = [self.module, *([self.own.module] if self.own is not None else ())]
            parts.append("".join(f"mod {one};\n" for one in sorted(mods)))
        if uses:
            parts.append(new_uses(uses) + "\n")
        return "\n".join([*parts, print_items(items, names)])


def _distinct(every: Sequence[Tests], there: set[str]) -> list[i.Function]:
    """The functions of tests, named otherwise than those that are there; helpers are the same."""
    found: list[i.Function] = []
    for made in every:
        for one in (*made.helpers, *made.tests):
            if one.name in there and one in made.helpers:
                continue
            name, number = one.name, 2
            while name in there:
                name, number = f"{one.name}{number}", number + 1
            there.add(name)
            found.append(replace(one, name=name) if name != one.name else one)
    return found
