"""WHERE: cuts a Rust file into chunks, also when its text is broken, and reads each.

A chunk is a top-level item with its attributes and doc comments. What it declares is read while
its tree is alive; no tree outlives the cut.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import TypeAlias

from tree_sitter import Node

from port_lsp.facts.source import DIGEST_SIZE, Piece, Record
from port_lsp.rust.declared import ChunkFacts
from port_lsp.rust.grammar import parse
from port_lsp.rust.reading import read_chunk
from port_lsp.rust.syntax import Source, plain
from port_lsp.rust.words import Words
from port_lsp.text import Span

BROKEN = "broken"
DANGLING = "dangling"  # attributes or doc comments at the end, with no item behind them
_NO_FACTS = ChunkFacts()

_KINDS = {
    "function_item": "function",
    "struct_item": "struct",
    "enum_item": "enum",
    "union_item": "union",
    "trait_item": "trait",
    "impl_item": "impl",
    "mod_item": "module",
    "use_declaration": "import",
    "extern_crate_declaration": "import",
    "const_item": "const",
    "static_item": "static",
    "type_item": "alias",
    "macro_definition": "macro",
    "macro_invocation": "macro-call",
    "inner_attribute_item": "attribute",
    "foreign_mod_item": "foreign",
    "expression_statement": "macro-call",
}
# Where a broken file is cut again (invariant 1): items, attributes and doc comments in column 0.
_COLUMN_0 = re.compile(
    rb"^(?:#!?\[|///|/\*\*|(?:pub\b|(?:default\s+)?(?:async|unsafe|const|extern)\b|fn\b|struct\b|enum\b"
    rb"|union\b|trait\b|impl\b|mod\b|use\b|static\b|type\b|macro_rules!|\w+!))",
    re.M,
)
_BEFORE_AN_ITEM = (b"#", b"/")
_HEAD = re.compile(
    rb"^(?:pub(?:\s*\([^)]*\))?\s+)?(?:(?:default|async|unsafe|const|extern(?:\s+\"[^\"]*\")?)\s+)*"
    rb"(?P<word>fn|struct|enum|union|trait|mod|static|const|type|macro_rules!)\s+(?:mut\s+)?"
    rb"(?P<name>(?:r#)?\w+)|^(?:unsafe\s+)?(?P<impl>impl\b[^{]*)",
    re.M,
)
_SPACES = re.compile(r"\s+")


Read: TypeAlias = "tuple[tuple[Piece, ChunkFacts], ...]"
"""What a slice of a text is: its pieces, with spans relative to it, and what each declares."""


class Cut(Record, frozen=True):
    """A file's pieces in order, what each declares, and whether the text was sound."""

    pieces: tuple[Piece, ...]
    facts: tuple[ChunkFacts, ...]
    sound: bool


def digest(content: bytes) -> bytes:
    """The key under which the facts of a chunk with these bytes are kept."""
    return blake2b(content, digest_size=DIGEST_SIZE).digest()


def cut(
    data: bytes,
    known: Mapping[bytes, ChunkFacts] | None = None,
    slices: dict[bytes, Read] | None = None,
) -> Cut:
    """Cuts a file, or a slice of one that begins and ends between top-level items.

    `known` are facts by digest: what is in it isn't read again. `slices` keeps what the slices of
    broken texts are, by digest.
    """
    known = known or {}
    root = parse(data).root_node
    sound = not root.has_error
    found = list(
        _sound(root, data, known)
        if sound
        else _broken(data, known, {} if slices is None else slices)
    )
    return Cut(tuple(piece for piece, _ in found), tuple(facts for _, facts in found), sound)


def _sound(
    root: Node, data: bytes, known: Mapping[bytes, ChunkFacts]
) -> Iterator[tuple[Piece, ChunkFacts]]:
    """The items of a tree without errors."""
    words = Words(data)
    start: int | None = None
    pending: list[Node] = []
    end = 0
    for node in root.children:
        kind = node.type
        if kind == "attribute_item":
            pending.append(node)
        elif kind in ("line_comment", "block_comment"):
            if node.child_by_field_name("outer") is None:
                continue
        elif kind == "empty_statement":
            continue
        else:
            span = Span(node.start_byte if start is None else start, node.end_byte)
            piece = Piece(_KINDS.get(kind, "other"), _name(node, kind, data), span)
            facts = known.get(digest(data[span.start : span.end])) if known else None
            if facts is None:
                facts = read_chunk(node, pending, Source(data, span.start), root, words)
            yield piece, facts
            start, pending = None, []
            continue
        start = node.start_byte if start is None else start
        end = node.end_byte
    if start is not None:
        yield Piece(DANGLING, "", Span(start, end)), _NO_FACTS


def _name(node: Node, kind: str, data: bytes) -> str:
    if kind == "impl_item":
        body = node.child_by_field_name("body")
        end = body.start_byte if body is not None else node.end_byte
        return _impl_name(data[node.start_byte : end])
    name = node.child_by_field_name("name")
    if name is None or kind == "extern_crate_declaration":
        return ""
    return plain(data[name.start_byte : name.end_byte].decode("utf-8", "replace"))


def _impl_name(head: bytes) -> str:
    return _SPACES.sub(" ", head.decode("utf-8", "replace").partition(" where ")[0]).strip()


def _broken(
    data: bytes, known: Mapping[bytes, ChunkFacts], slices: dict[bytes, Read]
) -> Iterator[tuple[Piece, ChunkFacts]]:
    """The pieces between items in column 0, each read alone; one with errors is a broken chunk."""
    for start, end in _slices(data):
        text = data[start:end]
        key = digest(text)
        read = slices.get(key)
        if read is None:
            read = slices[key] = tuple(_slice(text, known))
        for piece, facts in read:
            yield Piece(piece.kind, piece.name, piece.span.shift(start)), facts


def _slice(text: bytes, known: Mapping[bytes, ChunkFacts]) -> Iterator[tuple[Piece, ChunkFacts]]:
    """The complete items that a slice begins with, then what is broken of it."""
    root = parse(text).root_node
    healthy = _healthy_end(root) if root.has_error else len(text)
    if healthy < len(text):
        root = parse(text[:healthy]).root_node
    if root.has_error:
        healthy = 0
    else:
        yield from _sound(root, text[:healthy], known)
    rest = text[healthy:].strip()
    if rest:
        at = text.index(rest, healthy)
        yield Piece(BROKEN, _broken_name(rest), Span(at, at + len(rest))), _NO_FACTS


def _healthy_end(root: Node) -> int:
    """Where the items end that a broken piece begins with and that are complete; 0 without one."""
    end = 0
    for node in root.children:
        if node.has_error or node.is_error or node.is_missing:
            break
        if node.type in _KINDS:
            end = node.end_byte
    return end


def _slices(data: bytes) -> Iterator[tuple[int, int]]:
    """Ranges that begin with an item in column 0 or the attributes and doc comments before it."""
    starts = [match.start() for match in _COLUMN_0.finditer(data)]
    begin, waiting = 0, False
    for at in starts:
        if not waiting and at > begin:
            yield begin, at
            begin = at
        waiting = data[at : at + 1] in _BEFORE_AN_ITEM and data[at : at + 3] != b"#!["
    if begin < len(data):
        yield begin, len(data)


def _broken_name(text: bytes) -> str:
    """The name of the item that a broken piece begins with, so that its chunk keeps its id."""
    match = _HEAD.search(text)
    if match is None:
        return ""
    if match["impl"]:
        return _impl_name(match["impl"])
    return plain(match["name"].decode("utf-8", "replace"))
