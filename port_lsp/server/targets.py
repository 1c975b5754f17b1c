"""Where a jump leads: counterparts, the same field of one, or the place where one would go."""

from collections import Counter
from collections.abc import Iterator

from port_lsp.facts.items import Field, Model
from port_lsp.facts.links import SideName
from port_lsp.facts.source import Place, Record, file_start
from port_lsp.linking.files import BELONG, by_name, shared_folders, subject
from port_lsp.server.catalog import OTHER, Item
from port_lsp.server.positions import At
from port_lsp.server.view import View
from port_lsp.text import Span


class Target(Record, frozen=True):
    """A place on the other side. `place` is None for the end of `file`: nothing is there yet."""

    side: SideName
    file: str
    title: str
    place: Place | None

    @property
    def planned(self) -> bool:
        """Whether this is only where the item would go."""
        return self.place is None


def targets(view: View, at: At) -> list[Target]:
    """The counterparts of what stands at a position, the best first, each place once."""
    found: dict[tuple[str, Place | None], Target] = {}
    for item in at.items:
        for target in _of(view, item, at.field):
            found.setdefault((target.file, target.place), target)
    real = [target for target in found.values() if not target.planned]
    return real or list(found.values())


def file_target(view: View, side: SideName, path: str) -> Target | None:
    """The other side's file that belongs to a file, from its start."""
    file = best_file(view, side, path)
    if file is None:
        return None
    other = OTHER[side]
    return Target(other, file, view.short(other, file), file_start(file))


def _of(view: View, item: Item, field: Field | None) -> Iterator[Target]:
    is_there = False
    for link in view.links(item):
        for end in view.ends(item, link):
            is_there = True
            place = _field(end, field) or end.place
            yield Target(end.side, place.file, f"{end.title} · {link.word}", place)
        if (function := view.inline(item, link)) is not None:
            is_there = True
            title = f"{function.title} · written inline"
            yield Target("crate", function.place.file, title, function.place)
    if not is_there and item.side == "backend":
        file = best_file(view, item.side, item.place.file, item)
        if file is not None:
            title = f"{item.title} would go to the end of {view.short('crate', file)}"
            yield Target("crate", file, title, None)


def _field(end: Item, field: Field | None) -> Place | None:
    """The place of a field by its name on the wire, or by its own; None where there is none."""
    if field is None or not isinstance(end.fact, Model):
        return None
    names = {field.alias or field.name, field.name}
    for one in end.fact.fields:
        if (one.alias or one.name) in names or one.name in names:
            return one.place
    plain = {_plain(name) for name in names}
    return next((f.place for f in end.fact.fields if _plain(f.name) in plain), None)


def _plain(name: str) -> str:
    return name.removeprefix("r#").replace("_", "").lower()


def best_file(view: View, side: SideName, path: str, item: Item | None = None) -> str | None:
    """The other side's file to which most of a file went; without any, one of a like name.

    `item` says what is looked for: things of its kind come first.
    """
    listed = view.in_file(side, path)
    same = [one for one in listed if item is not None and one.kind == item.kind]
    for group in (same, listed):
        counts = Counter(
            end.place.file
            for one in group
            for link in view.links(one)
            for end in view.ends(one, link)
        )
        if counts:
            return min(counts, key=lambda file: (-counts[file], file))
    return _alike(view, side, path)


def _alike(view: View, side: SideName, path: str) -> str | None:
    other = OTHER[side]
    here, there = view.snapshot.files(side), view.snapshot.files(other)
    mine, top = subject(path, shared_folders(here)), shared_folders(there)
    scores = {file: by_name(mine, subject(file, top)) for file in there}
    best = min(scores, key=lambda file: (-scores[file], file), default=None)
    return best if best is not None and scores[best] >= BELONG else None


def span_of(view: View, target: Target) -> Span | None:
    """The range of a target in its file; None where it isn't there right now."""
    file = view.file(target.side, target.file)
    if file is None:
        return None
    if target.place is None:
        end = len(file.text.data)
        return Span(end, end)
    return view.span(target.side, target.place)
