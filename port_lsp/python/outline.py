"""WHERE: tree-sitter cuts a Python file into chunks, also when its text is broken.

A chunk is a top-level statement with its decorators. What the cut says of a function or a class
(where its name, decorators and body stand) is its `Shape`; what the chunk means is read when
somebody asks (`lower.py`). No tree outlives the cut.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from tree_sitter import Node

from port_lsp.facts.source import Piece, Record
from port_lsp.python.grammar import parse, text_of, with_newlines
from port_lsp.python.lower import imports
from port_lsp.python.syntax import NOWHERE, Import
from port_lsp.text import Span

# Where a broken file is cut again (invariant 1). The second, finer cut takes every line that
# starts in column 0 with something that can begin a statement.
_DEFINITION = re.compile(rb"^(?:@|def\b|async\s+def\b|class\b)", re.M)
_STATEMENT = re.compile(rb"^[^\W\d]\w*|^@", re.M)
_CONTINUATION = re.compile(rb"(?:else|elif|except|finally)\b")
_NAMED = re.compile(rb"^(?:async\s+)?(def|class)\s+(\w+)", re.M)

_KINDS = {
    "function_definition": "function",
    "class_definition": "class",
    "import_statement": "import",
    "import_from_statement": "import",
    "future_import_statement": "import",
    "if_statement": "compound",
    "for_statement": "compound",
    "while_statement": "compound",
    "try_statement": "compound",
    "with_statement": "compound",
    "match_statement": "compound",
    "type_alias_statement": "assignment",
}


class Shape(Record, frozen=True):
    """Where the parts of a function or class stand, relative to the chunk.

    `colon` is the offset just behind the header's colon, `body` the offset behind the body.
    `members` are a class's statements in order. `targets` are the names an assignment binds.
    """

    kind: str
    name: str
    name_span: Span
    span: Span
    decorators: tuple[Span, ...] = ()
    colon: int = 0
    end: int = 0
    members: tuple["Shape", ...] = ()
    targets: tuple[str, ...] = ()
    imports: tuple[Import, ...] = ()


class Cut(Record, frozen=True):
    """A file's pieces in order, the shape of each, and whether the text was sound."""

    pieces: tuple[Piece, ...]
    shapes: tuple[Shape, ...]
    sound: bool


def cut(
    data: bytes,
    known: Callable[[bytes], Shape | None] | None = None,
    root_of: Callable[[bytes], Node] = parse,
) -> Cut:
    """Cuts a file, or a slice of one that begins and ends between top-level statements.

    `root_of` parses it as a whole.

    `known` gives the shapes of chunks by their text. With it, a text with errors is cut in haste:
    what else it has than known chunks isn't asked for all that is sound in it.
    """
    data = with_newlines(data)
    root = root_of(data)
    if not root.has_error:
        found = [_read(node, 0) for node in root.children if node.type != "comment"]
        return Cut(tuple(_piece(shape) for shape in found), tuple(found), sound=True)
    shapes = list(_cut_broken(data) if known is None else _cut_hastily(data, known))
    return Cut(tuple(_piece(shape) for shape in shapes), tuple(shapes), sound=False)


def _piece(shape: Shape) -> Piece:
    name = shape.name or (shape.targets[0] if len(shape.targets) == 1 else "")
    return Piece(shape.kind, name, shape.span)


def relative(shape: Shape) -> Shape:
    """A shape as its chunk keeps it: offsets count from the chunk's first byte."""
    return _shifted(shape, -shape.span.start) if shape.span.start else shape


def _shifted(shape: Shape, by: int) -> Shape:
    return Shape(
        shape.kind,
        shape.name,
        shape.name_span.shift(by),
        shape.span.shift(by),
        tuple(span.shift(by) for span in shape.decorators),
        shape.colon + by,
        shape.end + by,
        tuple(_shifted(member, by) for member in shape.members),
        shape.targets,
        shape.imports,
    )


def _read(node: Node, base: int) -> Shape:
    """The shape of one statement; offsets plus `base`."""
    kind = node.type
    span = Span(node.start_byte + base, node.end_byte + base)
    decorators: tuple[Span, ...] = ()
    if kind == "decorated_definition":
        decorators = tuple(
            Span(child.start_byte + base, child.named_children[0].end_byte + base)
            for child in node.children
            if child.type == "decorator"
        )
        definition = node.child_by_field_name("definition")
        if definition is None:
            return Shape("other", "", NOWHERE, span)
        node, kind = definition, definition.type
    if kind in ("function_definition", "class_definition"):
        return _definition(node, span, decorators, base)
    if kind == "expression_statement":
        return _simple(node, span)
    if kind in ("import_statement", "import_from_statement"):
        return Shape("import", "", NOWHERE, span, imports=tuple(imports(node)))
    if kind == "type_alias_statement":
        left = node.child_by_field_name("left")
        names = (text_of(left).partition("[")[0],) if left is not None else ()
        return Shape("assignment", "", NOWHERE, span, targets=names)
    return Shape(_KINDS.get(kind, "other"), "", NOWHERE, span)


def _definition(node: Node, span: Span, decorators: tuple[Span, ...], base: int) -> Shape:
    name = node.child_by_field_name("name")
    body = node.child_by_field_name("body")
    if name is None or body is None:
        return Shape("other", "", NOWHERE, span)
    # The body's node begins behind comments that stand first in it, so the colon counts.
    colon = next(c.end_byte for c in reversed(node.children) if c.type == ":") + base
    members: tuple[Shape, ...] = ()
    if node.type == "class_definition":
        members = tuple(_read(child, base) for child in body.named_children if _counts(child))
    return Shape(
        _KINDS[node.type],
        text_of(name),
        Span(name.start_byte + base, name.end_byte + base),
        span,
        decorators,
        colon,
        node.end_byte + base,
        members,
    )


def _counts(node: Node) -> bool:
    return node.type != "comment"


def _simple(node: Node, span: Span) -> Shape:
    """An assignment with the names it binds, or an expression as a statement."""
    child = node.children[0]
    if child.type not in ("assignment", "augmented_assignment"):
        kind = "other" if child.type == "string" else "expression"
        return Shape(kind, "", NOWHERE, span)
    names: list[str] = []
    current: Node | None = child
    while current is not None and current.type in ("assignment", "augmented_assignment"):
        left = current.child_by_field_name("left")
        if left is not None:
            names += _bound(left)
        current = current.child_by_field_name("right")
    return Shape("assignment", "", NOWHERE, span, targets=tuple(names))


def _bound(node: Node) -> list[str]:
    if node.type == "identifier":
        return [text_of(node)]
    if node.type in ("pattern_list", "tuple_pattern", "list_pattern"):
        return [name for child in node.named_children for name in _bound(child)]
    return []


def _cut_broken(data: bytes) -> Iterator[Shape]:
    """Pieces of a file with errors: cut at definitions, and where that isn't enough at lines."""
    for start, end in _slices(data, _group_starts(data)):
        yield from _read_slice(data, start, end, finer=True)


def _cut_hastily(data: bytes, known: Callable[[bytes], Shape | None]) -> Iterator[Shape]:
    """As `_cut_broken`. The largest definition that isn't known is broken if nothing else is: it
    isn't parsed again to say so, for what is broken takes long."""
    found: dict[tuple[int, int], list[Shape]] = {}
    strange: list[tuple[int, int]] = []
    for start, end in _slices(data, _group_starts(data)):
        shape = known(data[start:end].rstrip())
        found[start, end] = [_shifted(shape, start)] if shape is not None else []
        if shape is None:
            strange.append((start, end))
    strange.sort(key=lambda one: one[1] - one[0])
    sound = True
    for start, end in strange:
        if sound and (start, end) == strange[-1] and _DEFINITION.match(data, start):
            found[start, end] = [_broken(data, start, end)]
        else:
            shapes = found[start, end] = list(_read_slice(data, start, end, finer=True))
            sound = sound and all(shape.kind != "broken" for shape in shapes)
    for shapes in found.values():
        yield from shapes


def _read_slice(data: bytes, start: int, end: int, *, finer: bool) -> Iterator[Shape]:
    root = parse(data[start:end])
    if not root.has_error:
        for node in root.children:
            if node.type != "comment":
                yield _read(node, start)
        return
    if finer:
        starts = [m.start() + start for m in _STATEMENT.finditer(data[start:end])]
        starts = [s for s in starts if s == start or not _CONTINUATION.match(data, s)]
        # A definition keeps its first line's piece; what follows it in column 0 is read alone.
        head = _definition_line(data, start, end)
        starts = [s for s in starts if s == start or s > head]
        if len(starts) > 1 or (starts and starts[0] != start):
            for sub_start, sub_end in _slices(data[:end], starts, start):
                yield from _read_slice(data, sub_start, sub_end, finer=False)
            return
    if data[start:end].strip():
        yield _broken(data, start, end)


def _definition_line(data: bytes, start: int, end: int) -> int:
    """Where the `def` or `class` of a group of decorators begins; the group's start without."""
    match = _NAMED.search(data, start, end)
    return match.start() if match else start


def _broken(data: bytes, start: int, end: int) -> Shape:
    match = _NAMED.search(data, start, end)
    name = match.group(2).decode("utf-8", "replace") if match else ""
    end = start + len(data[start:end].rstrip())
    return Shape("broken", name, NOWHERE, Span(start, end))


def _group_starts(data: bytes) -> list[int]:
    """Starts of definitions in column 0, a group of decorators counting as one with its def."""
    starts: list[int] = []
    decorated = False
    for match in _DEFINITION.finditer(data):
        is_decorator = match.group().startswith(b"@")
        if not decorated:
            starts.append(match.start())
        decorated = is_decorator
    return starts


def _slices(data: bytes, starts: list[int], begin: int = 0) -> Iterator[tuple[int, int]]:
    edges = sorted({begin, *starts, len(data)})
    yield from pairwise(edges)
