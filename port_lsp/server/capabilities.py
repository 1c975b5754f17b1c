"""What the client can, resolved once into a flat record, and what we answer to it.

The client's capabilities are read as plain JSON: a client newer than lsprotocol may well send
values that it doesn't know, and must be served all the same.
"""

from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from port_lsp.server.messages import COMMANDS, NAME, PROTOCOL_VERSION, REWRITES, CustomMethod
from port_lsp.server.raw import inside, items
from port_lsp.text import PositionEncoding

_ENCODINGS: dict[str, PositionEncoding] = {"utf-8": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}


@dataclass(frozen=True, slots=True)
class Client:
    """What the client announced. The defaults are those of a client that says nothing."""

    name: str = ""
    encoding: PositionEncoding = "utf-16"
    pull_diagnostics: bool = False
    related_documents: bool = False
    refresh_diagnostics: bool = False
    related_information: bool = False
    refresh_lenses: bool = False
    watch_files: bool = False
    watch_relative: bool = False
    progress: bool = False
    show_document: bool = False
    markdown: bool = False
    code_actions: bool = False
    resolve_edits: bool = False
    document_changes: bool = False
    create_files: bool = False
    change_annotations: bool = False
    apply_edits: bool = False
    register_implementation: bool = False
    implementation_links: bool = False


def resolve(params: object) -> Client:
    """The record of InitializeParams, given as JSON."""
    can = inside(params, "capabilities")
    document, workspace = inside(can, "textDocument"), inside(can, "workspace")
    edit, action = inside(workspace, "workspaceEdit"), inside(document, "codeAction")
    watching = inside(workspace, "didChangeWatchedFiles")
    resolvable = items(inside(action, "resolveSupport", "properties"))
    creates = "create" in items(inside(edit, "resourceOperations"))
    return Client(
        name=str(inside(params, "clientInfo", "name") or ""),
        encoding=_encoding(items(inside(can, "general", "positionEncodings"))),
        pull_diagnostics=isinstance(inside(document, "diagnostic"), dict),
        related_documents=_yes(document, "diagnostic", "relatedDocumentSupport"),
        refresh_diagnostics=_yes(workspace, "diagnostics", "refreshSupport"),
        related_information=_yes(document, "publishDiagnostics", "relatedInformation")
        or _yes(document, "diagnostic", "relatedInformation"),
        refresh_lenses=_yes(workspace, "codeLens", "refreshSupport"),
        watch_files=_yes(watching, "dynamicRegistration"),
        watch_relative=_yes(watching, "relativePatternSupport"),
        progress=_yes(can, "window", "workDoneProgress"),
        show_document=_yes(can, "window", "showDocument", "support"),
        markdown="markdown" in items(inside(document, "hover", "contentFormat")),
        code_actions=isinstance(inside(action, "codeActionLiteralSupport"), dict),
        resolve_edits="edit" in resolvable and _yes(action, "dataSupport"),
        # Neovim announces the creation of files but not documentChanges, in which it travels.
        document_changes=_yes(edit, "documentChanges") or creates,
        create_files=creates,
        change_annotations=isinstance(inside(edit, "changeAnnotationSupport"), dict),
        apply_edits=_yes(workspace, "applyEdit"),
        register_implementation=_yes(document, "implementation", "dynamicRegistration"),
        implementation_links=_yes(document, "implementation", "linkSupport"),
    )


def _yes(value: object, *keys: str) -> bool:
    return inside(value, *keys) is True


def _encoding(offered: list[Any]) -> PositionEncoding:
    """The first of the client's encodings that we know; UTF-16 without any (LSP 3.17)."""
    for name in offered:
        if isinstance(name, str) and name in _ENCODINGS:
            return _ENCODINGS[name]
    return "utf-16"


def announce(client: Client, *, implementation: bool) -> types.ServerCapabilities:
    """What the server can. `implementation`: whether the jump is offered as that request, too."""
    pulling = types.DiagnosticOptions(
        inter_file_dependencies=True, workspace_diagnostics=True, identifier=NAME
    )
    return types.ServerCapabilities(
        position_encoding=client.encoding,
        text_document_sync=types.TextDocumentSyncOptions(
            open_close=True,
            change=types.TextDocumentSyncKind.Incremental,
            save=types.SaveOptions(include_text=False),
        ),
        hover_provider=True,
        code_lens_provider=types.CodeLensOptions(resolve_provider=False),
        code_action_provider=types.CodeActionOptions(
            code_action_kinds=[types.CodeActionKind.QuickFix, *REWRITES],
            resolve_provider=client.resolve_edits,
        )
        if client.code_actions
        else None,
        implementation_provider=implementation or None,
        execute_command_provider=types.ExecuteCommandOptions(commands=COMMANDS),
        diagnostic_provider=pulling if client.pull_diagnostics else None,
        workspace=types.WorkspaceOptions(
            workspace_folders=types.WorkspaceFoldersServerCapabilities(
                supported=True, change_notifications=True
            )
        ),
        experimental={
            "portLsp": {
                "version": PROTOCOL_VERSION,
                "methods": [method.value for method in CustomMethod],
            }
        },
    )
