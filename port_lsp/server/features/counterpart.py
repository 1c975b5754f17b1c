"""`portLsp/counterpart`: from a position to the other side."""

from lsprotocol import types

from port_lsp.server.context import Context
from port_lsp.server.messages import Counterpart, CounterpartParams, Position, Range
from port_lsp.server.positions import at
from port_lsp.server.targets import Target, file_target, span_of, targets


def handle(context: Context, params: CounterpartParams) -> list[Counterpart]:
    """The counterparts of what stands at a position; of its file where nothing does."""
    where = context.where(params.text_document.uri)
    if where is None:
        return []
    position = types.Position(params.position.line, params.position.character)
    found = at(context.view, where.side, where.path, context.offset(where, position))
    ends = targets(context.view, found)
    if not found.items and (end := file_target(context.view, where.side, where.path)) is not None:
        ends = [end]
    here = types.Range(position, position)
    origin = context.range(where.file, found.span) if found.span is not None else here
    shown = ((target, place(context, target)) for target in ends)
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


def _range(one: types.Range) -> Range:
    return Range(
        Position(one.start.line, one.start.character), Position(one.end.line, one.end.character)
    )
