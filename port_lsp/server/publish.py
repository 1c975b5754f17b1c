"""Diagnostics to the client: pushed, or pulled where the client can; never both."""

from collections.abc import Collection, Iterator

from lsprotocol import types

from port_lsp.server.capabilities import Client
from port_lsp.server.context import Context
from port_lsp.server.diagnostics import EMPTY, Report, Reports
from port_lsp.server.documents import Document
from port_lsp.server.outbox import Outbox


class Publisher:
    """Knows what the client was last told of each open document."""

    def __init__(self, client: Client, outbox: Outbox) -> None:
        self._client, self._outbox = client, outbox
        self._reports = Reports()
        self._told: dict[str, str] = {}
        self._was_asked = True

    def publish(self, context: Context, edited: Collection[str]) -> None:
        """A new snapshot: pushes what is new of open documents, and always of edited ones."""
        if self._client.pull_diagnostics:
            return
        for path, document in context.documents.by_path.items():
            report = self._reports.of(context, path)
            told = self._told.get(document.uri)
            if path in edited:
                ours = report is not EMPTY or told is not None or context.view.locate(path)
                is_new = bool(ours)
            else:
                is_new = report.id != (told or EMPTY.id)
            if is_new:
                self._told[document.uri] = report.id
                self._push(document.uri, report.items, document.version)

    def closed(self, uri: str) -> None:
        """A document was closed: what was pushed of it is taken back."""
        told = self._told.pop(uri, EMPTY.id)
        if told != EMPTY.id and not self._client.pull_diagnostics:
            self._push(uri, [], None)

    def answer(self, context: Context, uri: str, path: str | None) -> Report:
        """The report that a client pulls; what it is told is noted."""
        report = self._reports.of(context, path) if path is not None else EMPTY
        self._was_asked = True
        if context.documents.get(uri) is not None:
            self._told[uri] = report.id
        return report

    def reports(self, context: Context) -> Iterator[tuple[str, Report]]:
        """The reports of all files that have something to report, by absolute path."""
        for path in self._reports.paths(context):
            yield path, self._reports.of(context, path)

    def stale(self, context: Context) -> Iterator[tuple[Document, Report]]:
        """The open documents of which a client that pulls has an old report, with the new one."""
        for path, document in context.documents.by_path.items():
            report = self._reports.of(context, path)
            if report.id != self._told.get(document.uri, EMPTY.id):
                yield document, report

    def refresh(self, context: Context) -> None:
        """Has the client pull again where it has old reports; once until it does."""
        if not self._client.refresh_diagnostics or not self._was_asked:
            return
        if any(True for _ in self.stale(context)):
            self._was_asked = False
            self._outbox.request(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)

    def _push(self, uri: str, items: list[types.Diagnostic], version: int | None) -> None:
        params = types.PublishDiagnosticsParams(uri=uri, diagnostics=items, version=version)
        self._outbox.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)
