"""Pulled diagnostics: `textDocument/diagnostic`, and `workspace/diagnostic` for closed files."""

from lsprotocol import types

from port_lsp.server.context import Context
from port_lsp.server.diagnostics import EMPTY, Report
from port_lsp.server.publish import Publisher
from port_lsp.server.session import Session
from port_lsp.server.uris import to_path
from port_lsp.server.waiting import until

_Full = types.FullDocumentDiagnosticReport
_Unchanged = types.UnchangedDocumentDiagnosticReport


async def document(session: Session, params: types.DocumentDiagnosticParams) -> object:
    """textDocument/diagnostic. Waits for the first index: Neovim 0.12 answers a refresh by pulling
    the workspace, and leaves open documents as they are."""
    await until(session.when_ready)
    return of_document(session.context(), session.publisher, params)


def workspace(session: Session, params: types.WorkspaceDiagnosticParams) -> object:
    """workspace/diagnostic."""
    return of_workspace(session.context(), session.publisher, params)


def of_document(
    context: Context, publisher: Publisher, params: types.DocumentDiagnosticParams
) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
    """The answer to textDocument/diagnostic; with it, what is new of other open documents."""
    uri = params.text_document.uri
    document = context.documents.get(uri)
    path = document.path if document is not None else to_path(uri)
    report = publisher.answer(context, uri, path)
    related = _related(context, publisher) if context.client.related_documents else None
    # Neovim doesn't look at related documents of an unchanged report.
    if report.id == params.previous_result_id and related is None:
        return types.RelatedUnchangedDocumentDiagnosticReport(
            result_id=report.id, related_documents=related
        )
    return types.RelatedFullDocumentDiagnosticReport(
        items=report.items, result_id=report.id, related_documents=related
    )


def _related(
    context: Context, publisher: Publisher
) -> dict[str, types.FullDocumentDiagnosticReport | types.UnchangedDocumentDiagnosticReport] | None:
    """What the client has old reports of, besides the document that it asks for."""
    stale = [(document.uri, document.path) for document, _ in publisher.stale(context)]
    related: dict[str, _Full | _Unchanged] = {}
    for uri, path in stale:
        report = publisher.answer(context, uri, path)
        related[uri] = _Full(items=report.items, result_id=report.id)
    return related or None


def of_workspace(
    context: Context, publisher: Publisher, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """The answer to workspace/diagnostic: every file with something to report, and those that
    had something when the client asked last."""
    known = {one.uri: one.value for one in params.previous_result_ids}
    reports = {context.uri(path): report for path, report in publisher.reports(context)}
    items = [_item(context, uri, report, known.get(uri)) for uri, report in reports.items()]
    items += [
        _item(context, uri, EMPTY, previous)
        for uri, previous in known.items()
        if uri not in reports and previous != EMPTY.id
    ]
    return types.WorkspaceDiagnosticReport(items=items)


def _item(
    context: Context, uri: str, report: Report, previous: str | None
) -> types.WorkspaceDocumentDiagnosticReport:
    version = context.version(uri)
    if report.id == previous:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(
            uri=uri, result_id=report.id, version=version
        )
    return types.WorkspaceFullDocumentDiagnosticReport(
        uri=uri, items=report.items, result_id=report.id, version=version
    )
