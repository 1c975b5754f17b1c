"""What stands at a position of a document: a registration, a field, else the item around it."""

import re
from collections import defaultdict

from port_lsp.facts.items import Endpoint, Field, Model
from port_lsp.facts.links import SideName
from port_lsp.facts.source import Chunk, Place, Record, SourceFile
from port_lsp.server.catalog import KINDS, Item
from port_lsp.server.view import View
from port_lsp.text import Span

_WORD = re.compile(rb"\w+")
_LONGEST = 256  # bytes of a name


class At(Record, frozen=True):
    """What is at a position: items, or one field of the model that is the only item.

    `span` is the name or the registration that the position is in; None inside a body.
    """

    items: tuple[Item, ...]
    field: Field | None = None
    span: Span | None = None


NOTHING = At(())


def at(view: View, side: SideName, path: str, offset: int) -> At:
    """What stands at an offset of a file."""
    file = view.file(side, path)
    if file is None:
        return NOTHING
    chunk = next((c for c in file.chunks if c.span.start <= offset <= c.span.end), None)
    if chunk is None:
        return NOTHING
    return _registration(view, side, file, chunk, offset) or _around(
        view, side, file, chunk, offset
    )


def _hit(view: View, side: SideName, place: Place, offset: int) -> Span | None:
    """The range of a place, if an offset is in it or at its end."""
    span = view.span(side, place)
    return span if span is not None and span.start <= offset <= span.end else None


def _registration(
    view: View, side: SideName, file: SourceFile, chunk: Chunk, offset: int
) -> At | None:
    """The endpoints of the decorator or the registering call that an offset is in.

    Of a call only the beginning is known: it reaches to the next one of its chunk. Several
    handlers in one call are told apart by their names.
    """
    calls: defaultdict[Span, list[Item]] = defaultdict(list)
    for item in view.catalog.registered.get((side, file.path), ()):
        fact = item.fact
        span = view.span(side, fact.registered) if isinstance(fact, Endpoint) else None
        if span is None or not chunk.span.start <= span.start <= offset <= chunk.span.end:
            continue
        is_decorator = item.place.file == file.path and item.place.chunk == chunk.id
        if offset <= span.end or not is_decorator:
            calls[span].append(item)
    if not calls:
        return None
    span = max(calls)
    items = tuple(calls[span])
    if offset <= span.end:
        return At(items, span=span)
    word = _word(file.text.data, offset)
    name = file.text.slice(word) if word is not None else ""
    named = tuple(i for i in items if isinstance(i.fact, Endpoint) and i.fact.handler == name)
    return At(named, span=word) if named else At(items)


def _word(data: bytes, offset: int) -> Span | None:
    """The word that an offset is in, or at the end of."""
    for match in _WORD.finditer(data, max(0, offset - _LONGEST), offset + _LONGEST):
        if match.start() <= offset <= match.end():
            return Span(*match.span())
    return None


def _around(view: View, side: SideName, file: SourceFile, chunk: Chunk, offset: int) -> At:
    """The items of a chunk that begin last before an offset; the first ones for what stands above
    them, such as decorators."""
    spans = ((view.span(side, item.place), item) for item in view.in_file(side, file.path))
    inside = [
        (span.start, item)
        for span, item in spans
        if span is not None and chunk.span.start <= span.start <= chunk.span.end
    ]
    if not inside:
        return NOTHING
    start = max((start for start, _ in inside if start <= offset), default=inside[0][0])
    here = [item for at, item in inside if at == start]
    first = min(KINDS.index(item.kind) for item in here)
    items = tuple(item for item in here if KINDS.index(item.kind) == first)
    line = file.text.line_of(offset)
    for item in items:
        for field in item.fact.fields if isinstance(item.fact, Model) else ():
            if field.place.file == file.path and view.line(side, field.place) == line:
                return At((item,), field, _hit(view, side, field.place, offset))
    return At(items, span=_hit(view, side, items[0].place, offset))
