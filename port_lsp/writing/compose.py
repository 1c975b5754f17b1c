"""A draft as changes of files: printed, imported, declared, registered, each where it belongs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from port_lsp.facts.source import SourceFile, source_file
from port_lsp.rust.chains import chain_at
from port_lsp.rust.scopes import Path
from port_lsp.text import Edit, Text, apply
from port_lsp.writing.anchors import anchors
from port_lsp.writing.beside import Beside, edit_beside, neighbour, symbols_beside
from port_lsp.writing.draft import Dependency, Draft, Layer, Registration
from port_lsp.writing.gathered import gathered
from port_lsp.writing.hidden import hidden_in
from port_lsp.writing.imports import Imported, imported, symbols_in
from port_lsp.writing.ir import items as ir
from port_lsp.writing.lints import allowed
from port_lsp.writing.manifest import manifest_of, with_dependencies
from port_lsp.writing.printer import print_items
from port_lsp.writing.registering import (
    Framework,
    Route,
    Spot,
    registration_edit,
    symbols_of,
)
from port_lsp.writing.splices import item_edits, mod_edits, new_uses, use_edits
from port_lsp.writing.workshop import FileChange, Workshop


def compose(workshop: Workshop, draft: Draft, framework: Framework) -> tuple[FileChange, ...]:
    """The files of the crate as the draft makes them, in order of their paths.

    Raises `CannotRegisterError` (a ValueError) where a registration has no place, ValueError where
    Cargo.toml can't be read.
    """
    return _Composer(workshop, draft, framework).run()


class _Composer:
    def __init__(self, workshop: Workshop, draft: Draft, framework: Framework) -> None:
        self.workshop, self.draft = workshop, draft
        self.framework: Framework = framework
        self.after: dict[str, str] = dict(draft.files)
        self._outside: set[Path] = set()

    def run(self) -> tuple[FileChange, ...]:
        items: dict[str, list[ir.Item]] = {}
        for piece in self.draft.pieces:
            if piece.behind is None:
                items.setdefault(piece.file, []).extend(map(allowed, piece.items))
        items = {file: gathered(every) for file, every in items.items()}
        registrations: dict[str, list[Registration]] = {}
        for one in self.draft.registrations:
            registrations.setdefault(one.file, []).append(one)
        sources = [path for path, _ in self.draft.files if path.endswith(".rs")]
        new = [path for path in (*items, *sources) if path not in self.workshop.files]
        modules = self._modules(list(dict.fromkeys(new)))
        self._outside = self._named_outside(items, registrations, modules)
        beside = self._beside()
        for path in sorted({*items, *registrations, *modules, *beside}):
            self._file(path, items.get(path, []), self._in_turn(registrations.get(path, [])),
                       modules.get(path, []), beside.get(path, []))  # fmt: skip
        self._dependencies([*items, *registrations, *beside, *sources])
        found: list[FileChange] = []
        for path, text in sorted(self.after.items()):
            before = self._before(path)
            after = _with_ends_of(before, text) if before is not None else text
            if after != before:
                found.append(FileChange(path, before, after))
        return tuple(found)

    def _before(self, path: str) -> str | None:
        known = self.workshop.files.get(path)
        if known is not None:
            return known.text.data.decode("utf-8", "replace")
        manifest = self.workshop.manifests.get(path)
        return manifest.decode("utf-8", "replace") if manifest is not None else None

    def _beside(self) -> dict[str, list[Beside]]:
        """By file, what is put beside a function, a call or an arm of its own kind."""
        found: dict[str, list[Beside]] = {}
        methods = (
            replace(piece, items=tuple(map(allowed, piece.items)))
            for piece in self.draft.pieces
            if piece.behind is not None
        )
        changed = (*self.draft.fields, *self.draft.namings, *self.draft.fillings,
                   *self.draft.bodies)  # fmt: skip
        for one in (*methods, *self.draft.hookups, *self.draft.layers, *changed):
            found.setdefault(one.file, []).append(one)
        return found

    # Modules

    def _modules(self, new: Sequence[str]) -> dict[str, list[str]]:
        """By file, the modules that it must declare so that new files are part of the crate."""
        declared: dict[str, list[str]] = {}
        made: set[str] = set()
        for path in sorted(new):
            waiting = path
            while waiting:
                waiting = self._declare(waiting, declared, made)
        return declared

    def _declare(self, path: str, declared: dict[str, list[str]], made: set[str]) -> str:
        """Has the parent of a file declare it; the parent where that must be made, too."""
        folder, name = posixpath.split(path)
        if name == "mod.rs":
            folder, name = posixpath.split(folder)
        stem = name.removesuffix(".rs")
        root = self.workshop.scopes.root_of(path) or "src/main.rs"
        parent = root
        top = posixpath.dirname(root)
        if folder != top:
            if top and not folder.startswith(f"{top}/"):
                raise ValueError(f"{path} can't be a module of the crate: {root} isn't above it")
            beside = f"{folder}.rs"
            parent = beside if beside in self.workshop.files else f"{folder}/mod.rs"
        if path == root:
            return ""
        names = declared.setdefault(parent, [])
        if stem not in names:
            names.append(stem)
        if parent in self.workshop.files or parent in made or parent == root:
            return ""
        made.add(parent)
        return parent

    def _named_outside(
        self,
        items: Mapping[str, Sequence[ir.Item]],
        registrations: Mapping[str, Sequence[Registration]],
        modules: Mapping[str, Sequence[str]],
    ) -> set[Path]:
        """The new modules that are named somewhere outside of the module that declares them."""
        scopes = self.workshop.scopes
        new = {
            (*scopes.planned_path(file), name) for file, names in modules.items() for name in names
        }
        found: set[Path] = set()
        for file in {*items, *registrations}:
            here = scopes.planned_path(file)
            named = {one.path for one in symbols_in(tuple(items.get(file, ())))}
            for one in registrations.get(file, ()):
                named |= {one.handler.path, *(other.path for _, other, _ in one.more)}
            found |= {
                path[:size]
                for path in named
                for size in range(2, len(path))
                if path[:size] in new and here[: size - 1] != path[: size - 1]
            }
        return found

    # Files

    def _file(
        self,
        path: str,
        items: Sequence[ir.Item],
        registrations: Sequence[Registration],
        modules: Sequence[str],
        beside: Sequence[Beside],
    ) -> None:
        routes = [
            Route(
                one.method,
                one.path,
                one.handler,
                bool(one.mounts),
                one.wraps,
                one.arguments,
                tuple((method, handler) for method, handler, _ in one.more),
            )
            for one in registrations
        ]
        symbols = symbols_in(tuple(items))
        for one, route in zip(registrations, routes, strict=True):
            symbols += symbols_of(route, self.framework, join=one.join)
        for other in beside:
            symbols += symbols_beside(other)
        names = [item.name for item in items if not isinstance(item, ir.Impl)]
        mounts = [one for one in registrations if one.mounts]
        qualified = [one.handler for one in mounts]
        qualified += [other for one in mounts for _, other, _ in one.more]
        qualified += [one.maker for one in beside if isinstance(one, Layer)]
        hidden = hidden_in(items)
        found = imported(self.workshop.scopes, path, symbols, names, modules, qualified, hidden)

        file = self.workshop.files.get(path)
        if file is None or not file.text.data.strip():
            self.after[path] = _new_file(modules, found, items)
            return
        text = file.text
        spots = [_spot(file, one) for one in registrations]
        for offset, other in sorted(
            ((file.span(neighbour(one)).start, one) for one in reversed(beside)),
            key=lambda pair: -pair[0],
        ):
            edit = edit_beside(text.data, offset, other, found)
            text, spots = _applied(text, edit, spots, -1)
        for index, route in enumerate(routes):
            edit = registration_edit(text.data, spots[index], route, self.framework, found.name)
            text, spots = _applied(text, edit, spots, index)
        self.after[path] = self._rest(path, file, text, items, found, modules)

    def _rest(
        self,
        path: str,
        file: SourceFile,
        text: Text,
        items: Sequence[ir.Item],
        found: Imported,
        modules: Sequence[str],
    ) -> str:
        if text is not file.text:
            file = self.workshop.outline(path, text)
        at = anchors(file)
        edits = use_edits(file, at, found.uses)
        if modules:
            reexport = self.workshop.scopes.reexports(path)
            here = self.workshop.scopes.planned_path(path)
            outside = [name for name in modules if (*here, name) in self._outside]
            edits += mod_edits(at, modules, reexport=reexport, outside=outside)
        if items:
            edits += item_edits(file, at, print_items(items, found.name))
        return apply(text, edits).data.decode("utf-8", "replace")

    def _in_turn(self, registrations: Sequence[Registration]) -> list[Registration]:
        """The order of writing: of those behind one neighbour the last one first, for each is put
        right behind it."""
        behind: dict[object, list[int]] = {}
        for index, one in enumerate(registrations):
            if one.join or one.before:
                continue
            if one.neighbour is not None or self.framework == "axum":
                behind.setdefault((one.neighbour, one.router), []).append(index)
        found = list(registrations)
        for indices in behind.values():
            for index, other in zip(indices, reversed(indices), strict=True):
                found[index] = registrations[other]
        return found

    def _dependencies(self, files: Sequence[str]) -> None:
        """Each into the manifest of every package whose changed files name it; one that no file
        names, for it only switches a feature on, into the first's."""
        packages: dict[str, list[str]] = {}
        for file in files:
            if (manifest := manifest_of(file, self.workshop.manifests)) is not None:
                packages.setdefault(manifest, []).append(self.after.get(file, ""))
        wanted: dict[str, list[Dependency]] = {}
        for one in self.draft.dependencies:
            naming = [path for path, texts in packages.items() if _names(texts, one)]
            for path in naming or list(packages)[:1]:
                wanted.setdefault(path, []).append(one)
        for path, dependencies in wanted.items():
            if (text := self._before(path)) is not None:
                self.after[path] = with_dependencies(text, dependencies)


def _names(texts: Sequence[str], dependency: Dependency) -> bool:
    path = re.compile(rf"\b{re.escape(dependency.name.replace('-', '_'))}::")
    return any(path.search(text) for text in texts)


def _with_ends_of(before: str, after: str) -> str:
    """A text with the line ends of another: where all of those are CRLF, all are."""
    lines = before.count("\n")
    if not lines or before.count("\r\n") != lines:
        return after
    return after.replace("\r\n", "\n").replace("\n", "\r\n")


def _new_file(modules: Sequence[str], found: Imported, items: Sequence[ir.Item]) -> str:
    empty = source_file("", Text(b""), ())
    mods = apply(Text(b""), mod_edits(anchors(empty), modules, reexport=False)).data.decode()
    parts = [mods.rstrip("\n"), new_uses(found.uses), print_items(items, found.name).rstrip("\n")]
    return "\n\n".join(part for part in parts if part) + "\n"


def _spot(file: SourceFile, one: Registration) -> Spot:
    if one.neighbour is not None:
        return Spot(file.span(one.neighbour).start, join=one.join, before=one.before)
    at = file.span(one.router_place).start if one.router_place is not None else 0
    return Spot(function=one.router.rpartition("::")[2], function_at=at)


def _applied(text: Text, edit: Edit, spots: list[Spot], done: int) -> tuple[Text, list[Spot]]:
    """The text after an edit, and where the spots still to be used are in it."""
    after = apply(text, [edit])
    moved = [
        spot if index <= done else _moved(spot, edit, text.data, after.data)
        for index, spot in enumerate(spots)
    ]
    return after, moved


def _moved(spot: Spot, edit: Edit, before: bytes, after: bytes) -> Spot:
    shift = len(after) - len(before)
    if spot.neighbour is None:
        at = spot.function_at
        return Spot(function=spot.function, function_at=at if at < edit.span.start else at + shift)
    at = spot.neighbour
    if at < edit.span.start or at >= edit.span.end:
        at = at if at < edit.span.start else at + shift
        return Spot(at, join=spot.join, before=spot.before)
    # The chain was written anew: its calls are the same, but for one more.
    chain = chain_at(before, at)
    link = chain.links[chain.at] if chain is not None and chain.at >= 0 else None
    if chain is None or link is None:
        return Spot(edit.span.start, join=spot.join, before=spot.before)
    call = before[link.dot : link.end]
    found = after.find(call, chain.root.start)
    offset = found + (link.name_at - link.dot) if found >= 0 else edit.span.start
    again = chain_at(after, chain.root.start) if found < 0 else None
    if again is not None and len(again.links) > chain.at:  # a method was joined to that very call
        offset = again.links[chain.at].name_at
    return Spot(offset, join=spot.join, before=spot.before)
