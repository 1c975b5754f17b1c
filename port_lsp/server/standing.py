"""How far the items of each file are, so that views are told when that is something else."""

import operator

from port_lsp.server.catalog import KINDS, OTHER, ItemKind, facts_of, rows_of
from port_lsp.server.view import View

Words = dict[str, list[tuple[str, str]]]


class Standing:
    """Knows how far all items were when it was last asked. A kind of items is looked at again only
    where its rows or its items are others."""

    def __init__(self) -> None:
        self._known: dict[ItemKind, tuple[tuple[object, ...], Words]] = {}

    def changed(self, view: View) -> list[str]:
        """The files (absolute paths, in order) of which an item stands otherwise than before, or
        came or went."""
        paths: set[str] = set()
        for kind in KINDS:
            rests_on = _rests_on(view, kind)
            last, before = self._known.get(kind, ((), {}))
            if len(last) == len(rests_on) and all(map(operator.is_, last, rests_on)):
                continue
            now = _words(view, kind)
            paths |= {path for path in before.keys() | now.keys()
                      if before.get(path) != now.get(path)}  # fmt: skip
            self._known[kind] = rests_on, now
        return sorted(paths)


def _rests_on(view: View, kind: ItemKind) -> tuple[object, ...]:
    """What says how far the items of a kind are; the very same objects where that is the same."""
    ours, theirs = (facts_of(view.snapshot, side) for side in ("backend", "crate"))
    items: dict[ItemKind, tuple[object, ...]] = {
        "endpoint": (ours.endpoints, theirs.endpoints, theirs.unmounted),
        "model": (ours.models, theirs.models),
        "event": (ours.events, theirs.events),
        "function": (ours.functions, theirs.functions),
    }
    roots = (view.snapshot.backend_root, view.snapshot.crate_root)
    return (*roots, rows_of(view.snapshot, kind), *items[kind])


def _words(view: View, kind: ItemKind) -> Words:
    """The items of a kind by the absolute path of their file: id and word for display."""
    found: Words = {}
    files: dict[tuple[str, str], list[tuple[str, str]] | None] = {}
    for link in rows_of(view.snapshot, kind):
        word = link.word
        for side in OTHER:
            ident = link.backend if side == "backend" else link.crate
            item = view.items.get((side, kind, ident)) if ident is not None else None
            if item is None or ident is None:
                continue
            key = (side, item.place.file)
            if key not in files:
                path = view.absolute(side, item.place.file)
                files[key] = found.setdefault(path, []) if path is not None else None
            listed = files[key]
            if listed is not None:
                listed.append((ident, word))
    return found
