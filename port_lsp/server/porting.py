"""Porting as an editor sees it: what can be ported at a place, and the edit that does it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lsprotocol import types

from port_lsp.facts.links import SideName
from port_lsp.patterns.port import Kind, Ported, Target, unfinished
from port_lsp.patterns.registry import PATTERNS
from port_lsp.server.catalog import Item
from port_lsp.server.context import Context, Where
from port_lsp.server.documents import text_of
from port_lsp.server.errors import failed
from port_lsp.server.messages import REWRITE
from port_lsp.server.view import absolute
from port_lsp.text import Span
from port_lsp.writing.workshop import FileChange

_CRATE: SideName = "crate"
_KINDS: dict[str, Kind] = {"endpoint": "endpoint", "model": "model"}
_RULES = {"endpoint": "unported-endpoint", "model": "unported-model"}
_ANNOTATION = "port-lsp"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be ported: how an action says it, its kind, and the finding it fixes."""

    title: str
    kind: str
    targets: tuple[Target, ...]
    rule: str | None = None


def choices(context: Context, where: Where, items: Sequence[Item]) -> Iterator[Choice]:
    """What may be ported at a place of the backend: its unported items, then the whole file."""
    if where.side != "backend" or context.view.snapshot.crate is None:
        return
    for item in items:
        kind = _KINDS.get(item.kind)
        if kind is None or kind not in PATTERNS or item.side != "backend":
            continue
        if any(link.presence == "unported" for link in context.view.links(item)):
            target = Target(kind, item.id)
            yield Choice(f"Port {item.title} to Rust", f"{REWRITE}.{kind}", (target,), _RULES[kind])
    rest = [t for t in unfinished(context.view.snapshot, where.path) if t.kind in PATTERNS]
    if len(rest) > 1 and items:
        title = f"Port the rest of this file to Rust ({len(rest)} items)"
        yield Choice(title, f"{REWRITE}.file", tuple(rest))


def is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind of action is asked for: itself, or a kind that it is one of (LSP 3.17)."""
    return only is None or any(
        wanted in ("", kind) or kind.startswith(f"{wanted}.") for wanted in only
    )


def refusal(ported: Ported) -> str | None:
    """Why nothing can be written; None where something can."""
    if ported.changes:
        return None
    reasons = [f"{one.id}: {one.reason}" for one in ported.left]
    return reasons[0] if reasons else "there is nothing to port"


def edit_of(context: Context, ported: Ported, title: str) -> types.WorkspaceEdit:
    """The client's edit. Raises RequestFailed where there is nothing to write."""
    if (reason := refusal(ported)) is not None:
        raise failed(reason)
    if not context.client.document_changes:
        return types.WorkspaceEdit(
            changes={
                uri: list(_edits(context, change))
                for change in ported.changes
                if (uri := _uri(context, change.path))
            }
        )
    annotated = context.client.change_annotations
    operations: list[types.TextDocumentEdit | types.CreateFile] = []
    for change in ported.changes:
        operations += _operations(context, change, annotated=annotated)
    annotations = {_ANNOTATION: types.ChangeAnnotation(label=title)} if annotated else None
    return types.WorkspaceEdit(document_changes=operations, change_annotations=annotations)


def _uri(context: Context, path: str) -> str:
    root = context.view.snapshot.root(_CRATE)
    return context.uri(absolute(root, path)) if root is not None else ""


def _operations(
    context: Context, change: FileChange, *, annotated: bool
) -> Iterator[types.TextDocumentEdit | types.CreateFile]:
    uri = _uri(context, change.path)
    annotation = _ANNOTATION if annotated else None
    if change.before is None and context.version(uri) is None and context.client.create_files:
        options = types.CreateFileOptions(ignore_if_exists=True)
        yield types.CreateFile(uri=uri, options=options, annotation_id=annotation)
    target = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=context.version(uri))
    edits: list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit] = [
        types.AnnotatedTextEdit(annotation_id=annotation, range=edit.range, new_text=edit.new_text)
        if annotation is not None
        else edit
        for edit in _edits(context, change)
    ]
    yield types.TextDocumentEdit(text_document=target, edits=edits)


def _edits(context: Context, change: FileChange) -> Iterator[types.TextEdit]:
    """The lines that differ, as few as there are."""
    before = text_of(change.before or "")
    old = (change.before or "").splitlines(keepends=True)
    new = change.after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line.encode()))
    encoding = context.client.encoding
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            span = Span(starts[i], starts[j])
            yield types.TextEdit(
                types.Range(
                    types.Position(*before.line_column(span.start, encoding)),
                    types.Position(*before.line_column(span.end, encoding)),
                ),
                "".join(new[k:m]),
            )
