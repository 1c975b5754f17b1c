"""Open documents: the client's text, edited as the client says, in our own line index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lsprotocol import types

from port_lsp.text import PositionEncoding, Text

_CONTINUATION = 0xC0  # the two highest bits of a byte that continues a character are 10
_IS_CONTINUATION = 0x80


@dataclass(frozen=True, slots=True)
class Document:
    """One version of an open document. `path` is None where the URI names no file of a disk."""

    uri: str
    path: str | None
    version: int
    text: Text


class Documents:
    """The open documents, by URI and by path."""

    def __init__(self) -> None:
        self._by_uri: dict[str, Document] = {}
        self._by_path: dict[str, Document] = {}

    def put(self, document: Document) -> None:
        """A document was opened or edited."""
        self._by_uri[document.uri] = document
        if document.path is not None:
            self._by_path[document.path] = document

    def drop(self, uri: str) -> Document | None:
        """A document was closed; the one that it was."""
        document = self._by_uri.pop(uri, None)
        if document is not None and document.path is not None:
            self._by_path.pop(document.path, None)
        return document

    def get(self, uri: str) -> Document | None:
        """The document of a URI, as the client wrote it."""
        return self._by_uri.get(uri)

    def all(self) -> tuple[Document, ...]:
        """All open documents."""
        return tuple(self._by_uri.values())

    @property
    def by_path(self) -> Mapping[str, Document]:
        """The documents that are files, by absolute path."""
        return self._by_path


def text_of(content: str) -> Text:
    """A client's string as a text. Lone surrogates, which JSON can hold, become U+FFFD."""
    try:
        return Text(content.encode())
    except UnicodeEncodeError:
        clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in content)
        return Text(clean.encode())


def edited(
    text: Text,
    changes: Sequence[types.TextDocumentContentChangeEvent],
    encoding: PositionEncoding,
) -> Text:
    """The text after changes, each given against the text that the one before left.

    Positions beyond an end mean that end; one inside a character, its start.
    """
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            text = text_of(change.text)
            continue
        first = _offset(text, change.range.start, encoding)
        last = _offset(text, change.range.end, encoding)
        start, end = min(first, last), max(first, last)
        new = text_of(change.text).data
        text = text.replaced(start, end, new)
    return text


def _offset(text: Text, position: types.Position, encoding: PositionEncoding) -> int:
    at = text.offset(position.line, position.character, encoding)
    data = text.data
    while 0 < at < len(data) and data[at] & _CONTINUATION == _IS_CONTINUATION:
        at -= 1
    return at
