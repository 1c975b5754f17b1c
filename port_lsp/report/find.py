"""What people mean by a place: an item key or a unique end of one, `file:line`."""

import os
import re
from collections.abc import Iterator

from port_lsp.facts.items import Side
from port_lsp.facts.links import SideName
from port_lsp.facts.source import Place
from port_lsp.index.naming import Names
from port_lsp.index.snapshot import Snapshot
from port_lsp.linking.globs import named

_FILE_LINE = re.compile(r"^(?P<file>.+?):(?P<line>\d+)(?::\d+)?$")


def items_at(snapshot: Snapshot, what: str) -> list[str]:
    """The ids or keys of the items that `what` names, endpoints by their ids; empty if none."""
    if match := _FILE_LINE.match(what):
        return list(dict.fromkeys(_on_line(snapshot, match["file"], int(match["line"]))))
    for side in _SIDES:
        known = [name for name, _ in _items(snapshot, side)]
        keys = dict.fromkeys(part for name in known for part in (name, name.partition("#")[0]))
        found = named(what, keys)
        if found is not None:
            return [found]
        routes = [name for name in known if name.endswith(f"#{what}")]
        if routes:  # "GET /users"
            return list(dict.fromkeys(routes))
    return []


def near(snapshot: Snapshot, what: str) -> list[str]:
    """Items whose names hold what was asked for, when `items_at` finds none; without any, of each
    side the one that is likely meant."""
    wanted = what.lower()
    known = [name for side in _SIDES for name, _ in _items(snapshot, side)]
    found = [name for name in dict.fromkeys(known) if wanted in name.lower()]
    if not found:
        for side in _SIDES:
            facts = _facts(snapshot, side)
            likely = Names(facts, snapshot.files(side)).near(what) if facts is not None else None
            found += [likely] if likely is not None else []
        return found
    return sorted(found, key=lambda name: wanted not in name.partition("::")[2].lower())


_SIDES: tuple[SideName, ...] = ("backend", "crate")


def _facts(snapshot: Snapshot, side: SideName) -> Side | None:
    return snapshot.backend if side == "backend" else snapshot.crate


def _items(snapshot: Snapshot, side: SideName) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """Ids and places of the items of one side."""
    facts = _facts(snapshot, side)
    if facts is None:
        return
    for endpoint in (*facts.endpoints, *(one.endpoint for one in facts.unmounted)):
        yield endpoint.id, (endpoint.registered, endpoint.place)
    for model in facts.models:
        yield model.key, (model.place, *(f.place for f in model.fields if f.owner == model.key))
    for event in facts.events:
        yield event.id, (event.place,)
    for function in facts.functions:
        yield function.key, (function.place,)


def _on_line(snapshot: Snapshot, path: str, line: int) -> Iterator[str]:
    """The items on a line; without any, those of the nearest item above in the same chunk."""
    for side in _SIDES:
        for file in _files(snapshot, side, path):
            above: dict[int, list[str]] = {}
            for name, places in _items(snapshot, side):
                for place in places:
                    if place.file == file:
                        above.setdefault(snapshot.line(side, place), []).append(name)
            if line in above:
                yield from above[line]
                continue
            chunk_start = _chunk_start(snapshot, side, file, line)
            lines = [at for at in above if chunk_start <= at <= line]
            if lines:
                yield from above[max(lines)]


def _chunk_start(snapshot: Snapshot, side: SideName, path: str, line: int) -> int:
    file = snapshot.files(side)[path]
    for chunk in file.chunks:
        if file.text.line_of(chunk.span.end) >= line:
            return file.text.line_of(chunk.span.start)
    return line


def _files(snapshot: Snapshot, side: SideName, path: str) -> Iterator[str]:
    """The files that a path names: as the current folder sees it, else by its end."""
    root = snapshot.root(side)
    full = os.path.abspath(path)
    wanted = path.replace(os.sep, "/").lstrip("./")
    if root is not None:
        for file in snapshot.files(side):
            if os.path.join(root, *file.split("/")) == full:
                yield file
                return
    for file in snapshot.files(side):
        if file == wanted or file.endswith(f"/{wanted}"):
            yield file
