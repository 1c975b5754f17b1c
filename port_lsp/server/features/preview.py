"""`portLsp/preview`: what porting would write, before it is written."""

from port_lsp.patterns.port import targets_of
from port_lsp.report.find import items_at
from port_lsp.server.errors import failed, invalid_params
from port_lsp.server.messages import Preview, PreviewParams
from port_lsp.server.porting import refusal
from port_lsp.server.positions import At
from port_lsp.server.session import Session
from port_lsp.server.targets import targets
from port_lsp.server.view import View, absolute


def handle(session: Session, params: PreviewParams) -> tuple[Preview, ...]:
    """The files that would change, that of the first item itself first. Errors: RequestFailed with
    the reason where nothing can be written, InvalidParams where nothing is named."""
    context = session.context()
    snapshot = context.view.snapshot
    wanted = list(params.targets)
    if params.item is not None:
        named, left = targets_of(snapshot, items_at(snapshot, params.item))
        if left and not named:
            raise failed(left[0].reason)
        wanted += named
    if not wanted:
        raise invalid_params("name an item, or give an action's data")
    ported = session.port(tuple(wanted))
    if (reason := refusal(ported)) is not None:
        raise failed(reason)
    root, main = snapshot.root("crate") or "", _home(context.view, wanted[0].id)
    return tuple(
        Preview(context.uri(absolute(root, one.path)), one.before, one.after)
        for one in sorted(ported.changes, key=lambda one: one.path != main)
    )


def _home(view: View, ident: str) -> str | None:
    """The file of the crate that an item is in, or will be; None where that isn't known."""
    found = targets(view, At(tuple(view.named(ident))))
    return next((one.file for one in found if one.side == "crate"), None)
