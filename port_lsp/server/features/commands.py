"""`workspace/executeCommand`: what lenses and code actions do when they are clicked."""

from collections.abc import Callable
from typing import Any

import msgspec
from lsprotocol import types

from port_lsp.patterns.port import targets_of
from port_lsp.report.find import items_at
from port_lsp.server.catalog import OTHER
from port_lsp.server.context import Context
from port_lsp.server.errors import failed, invalid_params
from port_lsp.server.features import counterpart
from port_lsp.server.messages import (
    OPEN_COUNTERPART,
    OPEN_VERDICT,
    PORT,
    REINDEX,
    CounterpartParams,
    ItemArgument,
    PreviewParams,
    Range,
)
from port_lsp.server.porting import edit_of
from port_lsp.server.positions import At
from port_lsp.server.raw import inside
from port_lsp.server.session import Session
from port_lsp.server.targets import Target, file_target, targets


class Shown(msgspec.Struct, frozen=True):
    """What `portLsp.openVerdict` takes: LSP's Location."""

    uri: str
    range: Range


def handle(session: Session, params: types.ExecuteCommandParams) -> Any:
    """The answer to workspace/executeCommand."""
    command = COMMANDS.get(params.command)
    if command is None:
        raise invalid_params(f"there is no command {params.command}")
    try:
        return command(session, params.arguments[0] if params.arguments else {})
    except msgspec.ValidationError as error:
        raise invalid_params(f"{params.command}: {error}") from error


def open_counterpart(session: Session, argument: Any) -> bool:
    """Shows the counterpart of a position, an item or a file; whether there is one."""
    context = session.context()
    if inside(argument, "item") is not None:
        name = msgspec.convert(argument, ItemArgument).item
        places = [counterpart.place(context, target) for target in _of_name(context, name)]
        location = next((place for place in places if place is not None), None)
    else:
        found = counterpart.handle(context, msgspec.convert(argument, CounterpartParams))
        location = _location(found[0].target_uri, found[0].target_range) if found else None
    if location is None:
        return False
    return _show(session, context, location)


def open_verdict(session: Session, argument: Any) -> bool:
    """Shows where a verdict's reason is to be written."""
    shown = msgspec.convert(argument, Shown)
    return _show(session, session.context(), _location(shown.uri, shown.range))


def port(session: Session, argument: Any) -> bool:
    """Ports an item, or the targets of an action's data: the client is asked to apply the edit."""
    given = msgspec.convert(argument, PreviewParams)
    context = session.context()
    snapshot = context.view.snapshot
    targets = list(given.targets)
    if given.item is not None:
        targets += targets_of(snapshot, items_at(snapshot, given.item))[0]
    if not targets:
        raise invalid_params("name an item, or give an action's data")
    if not context.client.apply_edits:
        raise failed("this editor can't apply an edit that a server asks for")
    edit = edit_of(context, session.port(tuple(targets)), "Port to Rust")
    session.apply(types.ApplyWorkspaceEditParams(edit=edit, label="Port to Rust"))
    return True


def reindex(session: Session, argument: Any) -> None:
    """Begins again from nothing."""
    session.reindex()


def _of_name(context: Context, name: str) -> list[Target]:
    view = context.view
    if items := view.named(name):
        return targets(view, At(tuple(items)))
    for side in OTHER:
        if view.file(side, name) is not None and (target := file_target(view, side, name)):
            return [target]
    return []


def _location(uri: str, where: Range) -> types.Location:
    start = types.Position(where.start.line, where.start.character)
    end = types.Position(where.end.line, where.end.character)
    return types.Location(uri, types.Range(start, end))


def _show(session: Session, context: Context, location: types.Location) -> bool:
    if not context.client.show_document:
        raise failed("this editor can't show a document when a server asks it to")
    params = types.ShowDocumentParams(uri=location.uri, take_focus=True, selection=location.range)
    session.show(params)
    return True


COMMANDS: dict[str, Callable[[Session, Any], Any]] = {
    OPEN_COUNTERPART: open_counterpart,
    OPEN_VERDICT: open_verdict,
    PORT: port,
    REINDEX: reindex,
}
