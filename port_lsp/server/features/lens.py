"""`textDocument/codeLens`: complete ones, for titles cost less than a second request each."""

from lsprotocol import types

from port_lsp.server.lenses import lenses, titles
from port_lsp.server.session import Session


def handle(session: Session, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The answer; what it says is noted, so that the client hears when it is old."""
    uri = params.text_document.uri
    found = lenses(session.context(), uri)
    session.signals.served(uri, titles(found))
    return found
