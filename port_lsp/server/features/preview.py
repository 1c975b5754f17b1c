"""`portLsp/preview`: what porting would write, before it is written."""

from port_lsp.patterns.port import targets_of
from port_lsp.report.find import items_at
from port_lsp.server.errors import failed, invalid_params
from port_lsp.server.messages import Preview, PreviewParams
from port_lsp.server.porting import refusal
from port_lsp.server.session import Session
from port_lsp.server.view import absolute


def handle(session: Session, params: PreviewParams) -> tuple[Preview, ...]:
    """The files that would change. Errors: RequestFailed with the reason where nothing can be
    written, InvalidParams where nothing is named."""
    context = session.context()
    snapshot = context.view.snapshot
    targets = list(params.targets)
    if params.item is not None:
        named, left = targets_of(snapshot, items_at(snapshot, params.item))
        if left and not named:
            raise failed(left[0].reason)
        targets += named
    if not targets:
        raise invalid_params("name an item, or give an action's data")
    ported = session.port(tuple(targets))
    if (reason := refusal(ported)) is not None:
        raise failed(reason)
    root = snapshot.root("crate") or ""
    return tuple(
        Preview(context.uri(absolute(root, one.path)), one.before, one.after)
        for one in ported.changes
    )
