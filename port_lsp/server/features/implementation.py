"""`textDocument/implementation`: the same jump, where the user switched on `jump.standard`.

Off by default, for every client adds up the answers of all servers.
"""

from lsprotocol import types

from port_lsp.server.context import Context
from port_lsp.server.features import counterpart
from port_lsp.server.targets import targets


def handle(context: Context, params: types.ImplementationParams) -> list[types.Location] | None:
    """The places of the counterparts that are there."""
    if not context.view.snapshot.config.jump_standard:
        return None
    at = context.at(params.text_document.uri, params.position)
    found = (t for t in targets(context.view, at) if not t.planned)
    places = (counterpart.place(context, target) for target in found)
    return [place for place in places if place is not None]
