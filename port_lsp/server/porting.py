"""Porting as an editor sees it: what can be ported at a place, and the edit that does it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from lsprotocol import types
from msgspec.structs import replace

from port_lsp.facts.items import Endpoint, Field, Function
from port_lsp.facts.links import SideName
from port_lsp.patterns.functions.offered import says_its_types
from port_lsp.patterns.gaps import Gap, Gaps
from port_lsp.patterns.port import Kind, Ported, Target, fields_of
from port_lsp.patterns.registry import PATTERNS
from port_lsp.patterns.stubs.standing import stub_of
from port_lsp.patterns.waiting import waiting
from port_lsp.server.catalog import Item
from port_lsp.server.context import Context, Where
from port_lsp.server.documents import text_of
from port_lsp.server.ends import before_last_newline, of_new_file
from port_lsp.server.errors import failed
from port_lsp.server.messages import REWRITE
from port_lsp.server.view import absolute
from port_lsp.text import Span
from port_lsp.writing.workshop import FileChange

_CRATE: SideName = "crate"
_KINDS: dict[str, Kind] = {
    "endpoint": "endpoint",
    "model": "model",
    "event": "event",
    "function": "function",
}
_REWRITES: dict[Kind, str] = {
    "endpoint": "endpoint",
    "model": "model",
    "event": "function",
    "fields": "model",
    "function": "function",
    "test": "endpoint",
    "stub": "endpoint",
}
_RULES = {"endpoint": "unported-endpoint", "model": "unported-model"}
_ITEMS, _NEEDS = "port-lsp", "port-lsp.needs"  # an edit's annotations: a client groups by them
_NAMED = 5  # fields in a title
_PLACES = 4  # that an item may go into


Places = Callable[[Target], tuple[str, ...]]
"""The places that fit a target equally well (`Porter.places`)."""


def nowhere(_: Target) -> tuple[str, ...]:
    """No choice of places."""
    return ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be ported: how an action says it, its kind, and the finding it fixes."""

    title: str
    kind: str
    targets: tuple[Target, ...]
    rule: str | None = None


def choices(
    context: Context,
    where: Where,
    items: Sequence[Item],
    field: Field | None = None,
    places: Places = nowhere,
) -> Iterator[Choice]:
    """What may be ported at a place of the backend: its unported items, each into any of the
    `places` that fit it equally well, then the whole file. On either side, what a linked struct
    lacks (on the line of a `field`, that one alone), and a linked handler that is a stub."""
    if context.view.snapshot.crate is None:
        return
    for item in items:
        yield from _fields(context, item, field)
        yield from _stubs(context, item)
    if where.side != "backend":
        return
    for item in items:
        kind = _KINDS.get(item.kind)
        if kind is None or kind not in PATTERNS or item.side != "backend":
            continue
        if kind == "function" and not _is_offered(context, item):
            continue
        if any(link.presence == "unported" for link in context.view.links(item)):
            target = Target(kind, item.id)
            title, rewrite = f"Port {item.title} to Rust", f"{REWRITE}.{_REWRITES[kind]}"
            for place in places(target)[:_PLACES] or ("",):
                into = f", into {said(place)}" if place else ""
                aimed = replace(target, into=place)
                yield Choice(f"{title}{into}", rewrite, (aimed,), _RULES.get(kind))
    for item in items:
        yield from _tests(context, item)
    rest = [t for t in waiting(context.view.snapshot, where.path) if t.kind in PATTERNS]
    if len(rest) > 1 and items:
        title = f"Port the rest of this file to Rust ({len(rest)} items)"
        yield Choice(title, f"{REWRITE}.file", tuple(rest))


def _tests(context: Context, item: Item) -> Iterator[Choice]:
    """A test of an endpoint that is ported, or begun."""
    if item.kind != "endpoint" or not isinstance(item.fact, Endpoint) or item.fact.kind != "route":
        return
    links = context.view.links(item)
    ported = [one.crate for one in links if one.presence in ("ported", "stub") and one.crate]
    if any(_has_library(context, one) or _is_in_a_function(context, one) for one in ported):
        kind = f"{REWRITE}.{_REWRITES['test']}"
        title = f"Write integration test for {item.title}"
        yield Choice(title, kind, (Target("test", item.id),))


def _has_library(context: Context, crate: str) -> bool:
    """Whether an item of the crate is in a package with a library, which tests can use (Cargo's
    docs, "Integration tests")."""
    files, file = context.view.snapshot.crate_files, crate.partition("::")[0]
    folder, found = file.rpartition("src/")[0], "src/" in file
    return found and f"{folder}src/lib.rs" in files


def _is_in_a_function(context: Context, crate: str) -> bool:
    """Whether an endpoint of the crate is registered by a function that tests inside of its
    program may call, and not by `main` alone."""
    side = context.view.snapshot.crate
    for one in side.endpoints if side is not None else ():
        if one.id == crate:
            places = (*(place for _, place in one.trail), one.registered)
            return any(place.chunk != "main" for place in places)
    return False


def _is_offered(context: Context, item: Item) -> bool:
    """Whether a function may be written, as far as its head says."""
    fact = item.fact
    snapshot = context.view.snapshot
    source = snapshot.backend_files.get(fact.place.file)
    if not isinstance(fact, Function) or source is None or snapshot.backend is None:
        return False
    models = {one.key for one in snapshot.backend.models if one.key == fact.owner}
    return says_its_types(source, fact, models)


def _fields(context: Context, item: Item, field: Field | None) -> Iterator[Choice]:
    """What may be done about the fields of a pair of a model and its struct."""
    if item.kind != "model" or not any(
        one.presence == "ported" for one in context.view.links(item)
    ):
        return
    gaps = Gaps(context.view.snapshot)
    if item.side == "crate":
        found = gaps.of_struct(item.id)
    else:
        found = tuple(one for one in (gaps.of_model(item.id),) if one is not None)
    for gap in found:
        yield from _of_gap(gap, item, field)


def _stubs(context: Context, item: Item) -> Iterator[Choice]:
    """What may be filled in: the handler of the crate that an endpoint of either side leads to."""
    if item.kind != "endpoint":
        return
    found: dict[str, list[Target]] = {}
    for link in context.view.links(item):
        stub = stub_of(context.view.snapshot, link)
        if stub is not None and link.backend is not None:
            found.setdefault(stub.key, []).append(Target("stub", link.backend))
    for key, targets in found.items():
        title = f"Fill in {said(key)}, which is a stub"
        yield Choice(title, f"{REWRITE}.{_REWRITES['stub']}", tuple(targets), "stub-endpoint")


def _of_gap(gap: Gap, item: Item, field: Field | None) -> Iterator[Choice]:
    kind, targets = f"{REWRITE}.{_REWRITES['fields']}", fields_of(gap)
    names = [one.name for one in gap.missing]
    lacking = targets[: len(names)]
    if field is None and names:
        shown = ", ".join(names[:_NAMED])
        shown += f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        word = "fields" if len(names) > 1 else "field"
        title = f"Add the {word} that {gap.struct.name} lacks: {shown}"
        yield Choice(title, kind, tuple(lacking))
    for name, target in zip(names, lacking, strict=True):
        if field is not None and item.side == "backend" and field.name == name:
            yield Choice(f"Add {name} to {gap.struct.name}", kind, (target,))
    for (ours, theirs), target in zip(gap.misnamed, targets[len(names) :], strict=True):
        own = ours if item.side == "backend" else theirs
        if field is None or field.name == own.name:
            title = f"Name {theirs.name} `{ours.alias or ours.name}` on the wire"
            yield Choice(title, kind, (target,))


def said(place: str) -> str:
    """A place as an action says it: a file, or the function in it whose router is meant."""
    file, _, function = place.partition("::")
    return f"{function}() of {file}" if function else file


def is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether a kind of action is asked for: itself, or a kind that it is one of (LSP 3.17)."""
    return only is None or any(
        wanted in ("", kind) or kind.startswith(f"{wanted}.") for wanted in only
    )


def refusal(ported: Ported) -> str | None:
    """Why nothing can be written; None where something can."""
    if ported.changes:
        return None
    reasons = [*(f"{one.id}: {one.reason}" for one in ported.left), *ported.notes]
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
    labels = {_ITEMS: title, _NEEDS: "Dependencies that it needs"}
    used = {_annotation_of(change) for change in ported.changes} if annotated else set[str]()
    annotations = {one: types.ChangeAnnotation(label=labels[one]) for one in labels if one in used}
    return types.WorkspaceEdit(document_changes=operations, change_annotations=annotations or None)


def _annotation_of(change: FileChange) -> str:
    return _NEEDS if change.path.endswith("Cargo.toml") else _ITEMS


def _uri(context: Context, path: str) -> str:
    root = context.view.snapshot.root(_CRATE)
    return context.uri(absolute(root, path)) if root is not None else ""


def _operations(
    context: Context, change: FileChange, *, annotated: bool
) -> Iterator[types.TextDocumentEdit | types.CreateFile]:
    uri = _uri(context, change.path)
    annotation = _annotation_of(change) if annotated else None
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
    if change.before is None:
        yield types.TextEdit(of_new_file(), change.after)
        return
    before = text_of(change.before)
    old = change.before.splitlines(keepends=True)
    new = change.after.splitlines(keepends=True)
    # What both have at their ends is most of a file, and slow to compare line by line.
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    tail = next((at for at in range(most - head) if old[-1 - at] != new[-1 - at]), most - head)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line.encode()))
    encoding = context.client.encoding
    matcher = SequenceMatcher(
        None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False
    )
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            whole = Span(starts[head + i], starts[head + j])
            text = "".join(new[head + k : head + m]).encode()
            span, text = before_last_newline(before.data, whole, text)
            yield types.TextEdit(
                types.Range(
                    types.Position(*before.line_column(span.start, encoding)),
                    types.Position(*before.line_column(span.end, encoding)),
                ),
                text.decode(),
            )
