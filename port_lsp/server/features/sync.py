"""Text documents as the client has them: opened, edited, closed, saved.

Plain handlers, called in the order of the messages, so that each edit meets the text it is about.
"""

from lsprotocol import types

from port_lsp.server.session import Session


def opened(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    """textDocument/didOpen."""
    document = params.text_document
    session.open(document.uri, document.version, document.text)


def changed(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """textDocument/didChange."""
    document = params.text_document
    session.change(document.uri, document.version, tuple(params.content_changes))


def closed(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    """textDocument/didClose."""
    session.close(params.text_document.uri)


def saved(session: Session, params: types.DidSaveTextDocumentParams) -> None:
    """textDocument/didSave."""
    session.saved()
