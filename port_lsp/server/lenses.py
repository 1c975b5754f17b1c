"""The lenses of a document: above each endpoint and model how far it is, on line 1 what is left."""

from collections import defaultdict
from collections.abc import Iterable

from lsprotocol import types

from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Link
from port_lsp.facts.source import SourceFile
from port_lsp.parity.results import is_verified
from port_lsp.server.catalog import Item, ItemKind
from port_lsp.server.context import START, Context, Where
from port_lsp.server.counts import shares, what_is_left
from port_lsp.server.messages import OPEN_COUNTERPART
from port_lsp.server.words import state

_KINDS: tuple[ItemKind, ...] = ("endpoint", "model")


def lenses(context: Context, uri: str) -> list[types.CodeLens]:
    """The lenses of a document."""
    where = context.where(uri)
    if where is None:
        return []
    spots: defaultdict[int, list[Item]] = defaultdict(list)
    for item in context.view.in_file(where.side, where.path):
        if item.kind in _KINDS:
            spots[_offset(context, item)].append(item)
    found = _summary(context, where)
    for offset, items in sorted(spots.items()):
        found += _at(context, where.file, offset, items)
    return found


def titles(found: Iterable[types.CodeLens]) -> tuple[str, ...]:
    """What lenses say."""
    return tuple(lens.command.title for lens in found if lens.command is not None)


def _summary(context: Context, where: Where) -> list[types.CodeLens]:
    if where.side != "backend":
        return []
    listed = context.view.in_file(where.side, where.path)
    parts: list[str] = []
    for kind in _KINDS:
        links = [link for item in listed if item.kind == kind for link in context.view.links(item)]
        counted = shares(links)
        if counted.total:
            parts.append(what_is_left(kind, counted))
    return [_lens(context, START, " · ".join(parts), where.path)] if parts else []


def _offset(context: Context, item: Item) -> int:
    """Above its own decorator or attribute where it has one, else above its name."""
    place, fact = item.place, item.fact
    if isinstance(fact, Endpoint):
        own = fact.registered.file == place.file and fact.registered.chunk == place.chunk
        if own and fact.registered.span.start < place.span.start:
            place = fact.registered
    span = context.view.span(item.side, place) or context.view.span(item.side, item.place)
    return span.start if span is not None else 0


def _at(
    context: Context, file: SourceFile, offset: int, items: list[Item]
) -> list[types.CodeLens]:  # fmt: skip
    """The lenses at one place: one, unless several routes of one handler differ."""
    line = file.text.line_of(offset) - 1
    where = types.Range(types.Position(line, 0), types.Position(line, 0))
    said: dict[str, Item] = {}
    for item in items:
        said.setdefault(_title(context, item), item)
    several = len(said) > 1
    return [
        _lens(context, where, f"{item.title} {title}" if several else title, item.id)
        for title, item in said.items()
    ]


def _title(context: Context, item: Item) -> str:
    view = context.view
    links = view.links(item)
    if item.side == "backend":
        return _forth(context, item, links[0]) if links else "not ported"
    ends = [end for link in links for end in view.ends(item, link)]
    if not ends:
        return "only in the crate"
    return f"← {view.where(ends[0])}{_more(len(ends) - 1)} · {state(links[0])}"


def _forth(context: Context, item: Item, link: Link) -> str:
    view = context.view
    ends = view.ends(item, link)
    if not ends and (function := view.inline(item, link)) is not None:
        return f"→ {view.where(function)} · {state(link)}, inline"
    if not ends:
        return state(link)
    verified = " · verified" if _is_verified(context, item, ends[0]) else ""
    return f"→ {view.where(ends[0])}{_more(len(ends) - 1)} · {state(link)}{verified}"


def _is_verified(context: Context, item: Item, end: Item) -> bool:
    """Whether both sides, running, answered alike (`port-lsp parity --record`)."""
    ours, theirs = item.fact, end.fact
    if not isinstance(ours, Endpoint) or not isinstance(theirs, Endpoint):
        return False
    return is_verified(context.view.snapshot, ours, theirs)


def _more(count: int) -> str:
    return f" (and {count} more)" if count else ""


def _lens(context: Context, where: types.Range, title: str, item: str) -> types.CodeLens:
    if context.client.show_document:
        command = types.Command(title, OPEN_COUNTERPART, arguments=[{"item": item}])
    else:
        command = types.Command(title, "")
    return types.CodeLens(range=where, command=command)
