"""What can be taken out of a crate so that it may be ported again: handlers with the call that
registers them, and structs. `bench/living.py` does the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from port_lsp.facts.items import Endpoint, Model
from port_lsp.facts.source import Chunk, SourceFile
from port_lsp.index.snapshot import Snapshot
from port_lsp.rust.chains import chain_at
from port_lsp.text import Edit, Span, apply

Cut = tuple[str, Edit]
"""A file's path in the crate and what is cut out of it."""


def handlers(snapshot: Snapshot) -> dict[str, list[Cut]]:
    """By backend id, the cuts that take the counterpart's handler and registration away.

    Only what leaves a crate that compiles: a handler that nothing else names, in a registration of
    its own among others.
    """
    found: dict[str, list[Cut]] = {}
    side = snapshot.crate
    assert side is not None
    by_id = {one.id: one for one in side.endpoints}
    per_key = Counter(one.key for one in side.endpoints)
    per_call = Counter(one.registered for one in side.endpoints)
    rows = [row for row in snapshot.links.endpoints if row.backend is not None]
    per_counterpart = Counter(row.crate for row in rows)
    for row in rows:
        one = by_id.get(row.crate or "")
        if row.backend is None or one is None or row.presence != "ported" or row.also:
            continue
        if per_counterpart[row.crate] != 1:
            continue
        if per_key[one.key] != 1 or per_call[one.registered] != 1 or not one.reachable:
            continue
        cuts = _handler(snapshot, one)
        if cuts is not None:
            found[row.backend] = cuts
    return found


def _handler(snapshot: Snapshot, one: Endpoint) -> list[Cut] | None:
    handler = snapshot.crate_files[one.place.file]
    chunk = handler.by_id[one.place.chunk]
    name = one.handler.encode()
    uses = sum(file.text.data.count(name) for file in snapshot.crate_files.values())
    if chunk.id != one.handler or uses != 2:
        return None
    file = snapshot.crate_files[one.registered.file]
    chain = chain_at(file.text.data, file.span(one.registered).start)
    if chain is not None and chain.at >= 0 and chain.outer is not None and chain.outer.at >= 0:
        root = file.text.data[chain.root.start : chain.root.end]
        routes = sum(link.name == "route" for link in chain.links)
        if b"resource" in root and routes > 1:
            return None  # a resource without a route, once all of them are taken out
        if b"resource" in root:
            chain = chain.outer
    if chain is None or chain.at < 0 or len(chain.links) < 2:
        return None
    link = chain.links[chain.at]
    if link.name not in ("route", "service"):
        return None
    return [
        (one.registered.file, Edit(Span(link.dot, link.end), "")),
        (one.place.file, Edit(chunk.span, "")),
    ]


def structs(snapshot: Snapshot) -> dict[str, dict[str, list[Cut]]]:
    """By the backend model's key: all that must be taken away so that its counterpart can be, the
    cuts by the backend's id or key. Cuts are a struct, its impls, and its name in each `use`.

    What names a struct must be taken away with it, for whoever reads a field that comes back with
    another type isn't mended by porting. So only those that nothing else names but handlers and
    structs that can be taken away themselves.
    """
    return _Structs(snapshot).all()


class _Structs:
    def __init__(self, snapshot: Snapshot) -> None:
        self.files = snapshot.crate_files
        side = snapshot.crate
        assert side is not None
        self.handlers = handlers(snapshot)
        by_id = {one.id: one for one in side.endpoints}
        by_key = {one.key: one for one in side.models}
        names = Counter(one.name for one in side.models)
        self.taking: dict[tuple[str, str], str] = {}  # a chunk, and the backend's id of it
        self.models: dict[str, Model] = {}
        for row in snapshot.links.endpoints:
            if row.backend in self.handlers:
                place = by_id[row.crate or ""].place
                self.taking[place.file, place.chunk] = row.backend
        rows = [row for row in snapshot.links.models if row.backend is not None]
        per_counterpart = Counter(row.crate for row in rows)
        for row in rows:
            one = by_key.get(row.crate or "")
            if row.backend is None or one is None or row.presence != "ported" or row.also:
                continue
            alone = per_counterpart[row.crate] == 1
            if alone and names[one.name] == 1 and one.place.chunk == one.name:
                self.models[row.backend] = one
                self.taking[one.place.file, one.place.chunk] = row.backend
        self.alone = {key: self._alone(one) for key, one in self.models.items()}

    def all(self) -> dict[str, dict[str, list[Cut]]]:
        """What `structs` says."""
        found = {key: self._with(key) for key in self.models}
        return {key: cuts for key, cuts in found.items() if cuts is not None}

    def _with(self, key: str) -> dict[str, list[Cut]] | None:
        """All that must go with a model, itself too; None where something must that can't."""
        found: dict[str, list[Cut]] = {}
        waiting = [key]
        while waiting:
            ident = waiting.pop()
            if ident in found:
                continue
            alone = self.alone.get(ident, ([], set[str]()))
            if alone is None:
                return None
            found[ident] = [*alone[0], *self.handlers.get(ident, ())]
            waiting += sorted(alone[1])
        return found

    def _alone(self, one: Model) -> tuple[list[Cut], set[str]] | None:
        """A model's own cuts, and what names it and can be taken away, too."""
        word = re.compile(rb"\b" + re.escape(one.name.encode()) + rb"\b")
        cuts: list[Cut] = []
        named: set[str] = set()
        for path, file in self.files.items():
            if word.search(file.text.data) is None:
                continue
            for chunk in file.chunks:
                text = file.chunk_bytes(chunk)
                if word.search(text) is None:
                    continue
                mine = (path, chunk.id) == (one.place.file, one.place.chunk)
                if mine or _is_impl_of(text, one.name):
                    cuts.append((path, Edit(_with_blanks(file, chunk), "")))
                elif chunk.kind == "import":
                    cuts += [(path, edit) for edit in _unused(chunk, text, word)]
                elif (path, chunk.id) in self.taking:
                    named.add(self.taking[path, chunk.id])
                else:
                    return None
        return cuts, named


def _is_impl_of(text: bytes, name: str) -> bool:
    head = text.partition(b"{")[0].decode("utf-8", "replace")
    return re.search(rf"^\s*impl\b.*\b(?:{name})\b\s*(?:where.*)?$", head, re.S | re.M) is not None


def _with_blanks(file: SourceFile, chunk: Chunk) -> Span:
    """The chunk and one of the empty lines around it."""
    data, end = file.text.data, chunk.span.end
    while data[end : end + 1] == b"\n" and end - chunk.span.end < 2:
        end += 1
    return Span(chunk.span.start, end)


def _unused(chunk: Chunk, text: bytes, word: re.Pattern[bytes]) -> list[Edit]:
    """A `use` without a name: the name with its comma, or the whole of it."""
    if b"{" not in text:
        return [Edit(chunk.span, "")]
    edits: list[Edit] = []
    for match in word.finditer(text):
        before = re.search(rb"[\w:]*$", text[: match.start()])
        start = before.start() if before is not None else match.start()
        after = re.match(rb"\s*,\s*", text[match.end() :])
        end = match.end() + (after.end() if after is not None else 0)
        edits.append(Edit(Span(start, end).shift(chunk.span.start), ""))
    return edits


def take(snapshot: Snapshot, folder: Path, cuts: Iterable[Cut]) -> None:
    """Makes cuts in a copy of the crate in `folder`; one inside of another is part of it."""
    by_file: dict[str, set[Edit]] = {}
    for path, edit in cuts:
        by_file.setdefault(path, set()).add(edit)
    for path, edits in by_file.items():
        alone: list[Edit] = []
        for edit in sorted(edits, key=lambda one: (one.span.start, -one.span.end)):
            if not alone or edit.span.start >= alone[-1].span.end:
                alone.append(edit)
        folder.joinpath(path).write_bytes(apply(snapshot.crate_files[path].text, alone).data)
