"""`portLsp/counterpart`: from a position to the other side."""

from lsprotocol import types

from port_lsp.facts.items import Endpoint
from port_lsp.server.context import START, Context, Where
from port_lsp.server.messages import Counterpart, CounterpartParams, Position, Range
from port_lsp.server.targets import Target, file_target, span_of, targets
from port_lsp.server.view import At


def handle(context: Context, params: CounterpartParams) -> list[Counterpart]:
    """The counterparts of what stands at a position; of its file where nothing does."""
    where = context.where(params.text_document.uri)
    if where is None:
        return []
    position = types.Position(params.position.line, params.position.character)
    offset = context.offset(where, position)
    at = context.view.at(where.side, where.path, offset)
    found = targets(context.view, at)
    if not found and (target := file_target(context.view, where.side, where.path)) is not None:
        found = [target]
    origin = _origin(context, where, at, offset)
    shown = ((target, place(context, target)) for target in found)
    return [
        Counterpart(
            origin_selection_range=_range(origin),
            target_uri=to.uri,
            target_range=_range(to.range),
            target_selection_range=_range(to.range),
            title=target.title,
            planned=target.planned,
        )
        for target, to in shown
        if to is not None
    ]


def place(context: Context, target: Target) -> types.Location | None:
    """Where a target is, for the client; None where it isn't there right now."""
    span, file = span_of(context.view, target), context.view.file(target.side, target.file)
    uri = context.file_uri(target.side, target.file)
    if span is None or file is None or not uri:
        return None
    return types.Location(uri, context.range(file, span))


def _origin(context: Context, where: Where, at: At, offset: int) -> types.Range:
    """What the client underlines: the name or the registration that the position is in."""
    for item in at.items:
        places = [at.field.place] if at.field else [item.place]
        if isinstance(item.fact, Endpoint):
            places.append(item.fact.registered)
        for one in places:
            span = context.view.span(where.side, one)
            if one.file == where.path and span and span.start <= offset <= span.end:
                return context.range(where.file, span)
    line, column = where.file.text.line_column(offset, context.client.encoding)
    here = types.Position(line, column)
    return types.Range(here, here) if at.items else START


def _range(one: types.Range) -> Range:
    return Range(
        Position(one.start.line, one.start.character), Position(one.end.line, one.end.character)
    )
