"""What a person settles about a pair, as an edit of the configuration file."""

import os
from dataclasses import dataclass
from typing import Literal

import msgspec
from lsprotocol import types

from port_lsp.config import FILE_NAME, PYPROJECT
from port_lsp.config.edit import ignore, pin, unpin
from port_lsp.index.snapshot import Snapshot
from port_lsp.server.context import Context
from port_lsp.server.documents import text_of
from port_lsp.server.ends import before_last_newline
from port_lsp.text import Span, Text, decode

REASON = "say why"


class Verdict(msgspec.Struct, frozen=True):
    """A verdict: enough to write it. `backend` and `crate` are names as the file has them."""

    verdict: Literal["pin", "unpin", "ignore"]
    backend: str
    crate: str = ""

    def write(self, text: str, *, pyproject: bool) -> str:
        """The text of the file with the verdict. Raises ConfigEditError."""
        if self.verdict == "pin":
            return pin(text, self.backend, self.crate, pyproject=pyproject)
        if self.verdict == "unpin":
            return unpin(text, self.backend, self.crate, pyproject=pyproject)
        return ignore(text, self.backend, REASON, pyproject=pyproject)


@dataclass(frozen=True, slots=True)
class Written:
    """The edit of a verdict. `reason` is where a person should say why, in the new text."""

    edit: types.WorkspaceEdit
    uri: str
    reason: types.Range | None


def written(context: Context, verdict: Verdict) -> Written:
    """The edit that writes a verdict. Raises ConfigEditError where the file can't be edited."""
    path = config_path(context.view.snapshot)
    document = context.documents.by_path.get(path)
    text = document.text if document is not None else _read(path)
    before = text if text is not None else Text(b"")
    content = before.data.decode("utf-8", "replace")
    pyproject = os.path.basename(path) == PYPROJECT
    after = text_of(verdict.write(content, pyproject=pyproject))
    uri = context.uri(path)
    version = document.version if document is not None else None
    edit = _edit(context, uri, version, _change(context, before, after), is_new=text is None)
    return Written(edit, uri, _reason(context, before, after))


def config_path(snapshot: Snapshot) -> str:
    """The configuration file (absolute path): the one in force, else one for both sides."""
    if snapshot.config.source is not None:
        return snapshot.config.source
    roots = [root.path for root in (snapshot.backend_root, snapshot.crate_root) if root is not None]
    try:
        shared = os.path.commonpath(roots)
    except ValueError:  # no roots, or two drives
        shared = ""
    if shared == os.path.dirname(shared):  # nothing in common but the disk
        shared = roots[0] if roots else snapshot.searched
    return os.path.join(shared, FILE_NAME)


def _read(path: str) -> Text | None:
    try:
        with open(path, "rb") as file:
            return decode(file.read())
    except OSError:
        return None


def _differ(before: bytes, after: bytes) -> tuple[Span, bytes]:
    """The bytes to replace and those to put there; whole lines, so no character is cut."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    first = sum(map(len, old[:start]))
    last = len(before) - sum(map(len, old[len(old) - end :]))
    return Span(first, last), b"".join(new[start : len(new) - end])


def _change(context: Context, before: Text, after: Text) -> types.TextEdit:
    span, new = before_last_newline(before.data, *_differ(before.data, after.data))
    return types.TextEdit(_range(context, before, span), new.decode())


def _reason(context: Context, before: Text, after: Text) -> types.Range | None:
    """Where the new text has the words that stand for a reason."""
    span, new = _differ(before.data, after.data)
    at = new.find(f'"{REASON}"'.encode())
    if at < 0:
        return None
    start = span.start + at + 1
    return _range(context, after, Span(start, start + len(REASON)))


def _range(context: Context, text: Text, span: Span) -> types.Range:
    encoding = context.client.encoding
    return types.Range(
        types.Position(*text.line_column(span.start, encoding)),
        types.Position(*text.line_column(span.end, encoding)),
    )


def _edit(
    context: Context, uri: str, version: int | None, change: types.TextEdit, *, is_new: bool
) -> types.WorkspaceEdit:
    if not context.client.document_changes:
        return types.WorkspaceEdit(changes={uri: [change]})
    target = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    edit = types.TextDocumentEdit(text_document=target, edits=[change])
    if is_new and version is None and context.client.create_files:
        options = types.CreateFileOptions(ignore_if_exists=True)
        return types.WorkspaceEdit(
            document_changes=[types.CreateFile(uri=uri, options=options), edit]
        )
    return types.WorkspaceEdit(document_changes=[edit])
