"""What a handler is given: one snapshot and what is needed to speak of it to this client."""

from dataclasses import dataclass, field

from lsprotocol import types

from port_lsp.facts.links import SideName
from port_lsp.facts.source import Place, SourceFile
from port_lsp.server.capabilities import Client
from port_lsp.server.catalog import Item
from port_lsp.server.documents import Document, Documents
from port_lsp.server.positions import NOTHING, At, at
from port_lsp.server.uris import to_path, to_uri
from port_lsp.server.view import View
from port_lsp.text import Span

START = types.Range(types.Position(0, 0), types.Position(0, 0))


@dataclass(frozen=True, slots=True)
class Where:
    """A document that the snapshot knows: its side, its path below the root, its file."""

    side: SideName
    path: str
    file: SourceFile


@dataclass(frozen=True, slots=True)
class Context:
    """A snapshot, the client, the open documents. Handlers change none of them."""

    view: View
    client: Client
    documents: Documents
    _uris: dict[tuple[SideName, str], str] = field(default_factory=dict[tuple[SideName, str], str])

    def where(self, uri: str) -> Where | None:
        """The document of a URI; None where it isn't part of either side."""
        document = self.documents.get(uri)
        path = document.path if document is not None else to_path(uri)
        located = self.view.locate(path) if path is not None else None
        file = self.view.file(*located) if located is not None else None
        return Where(*located, file) if located is not None and file is not None else None

    def offset(self, where: Where, position: types.Position) -> int:
        """The byte offset of a position."""
        return where.file.text.offset(position.line, position.character, self.client.encoding)

    def at(self, uri: str, position: types.Position) -> At:
        """What stands at a position."""
        where = self.where(uri)
        if where is None:
            return NOTHING
        return at(self.view, where.side, where.path, self.offset(where, position))

    def uri(self, path: str) -> str:
        """The URI of an absolute path: the client's own where the document is open."""
        document = self.documents.by_path.get(path)
        return document.uri if document is not None else to_uri(path)

    def file_uri(self, side: SideName, path: str) -> str:
        """The URI of a file of one side; "" where that side has no root."""
        found = self._uris.get((side, path))
        if found is None:
            absolute = self.view.absolute(side, path)
            found = self._uris[side, path] = self.uri(absolute) if absolute is not None else ""
        return found

    def range(self, file: SourceFile, span: Span) -> types.Range:
        """A range of bytes as the client counts."""
        encoding = self.client.encoding
        return types.Range(
            types.Position(*file.text.line_column(span.start, encoding)),
            types.Position(*file.text.line_column(span.end, encoding)),
        )

    def range_of(self, side: SideName, place: Place) -> types.Range | None:
        """The range of a place; None where it isn't there right now."""
        file, span = self.view.file(side, place.file), self.view.span(side, place)
        return self.range(file, span) if file is not None and span is not None else None

    def location(self, side: SideName, place: Place) -> types.Location | None:
        """The location of a place; None where it isn't there right now."""
        found = self.range_of(side, place)
        uri = self.file_uri(side, place.file)
        return types.Location(uri, found) if found is not None and uri else None

    def link(self, item: Item) -> str:
        """Where an item is, as people read it; in Markdown, it leads there."""
        return self.link_to(item.side, item.place)

    def link_to(self, side: SideName, place: Place) -> str:
        """A place as people read it; in Markdown, it leads there."""
        line = self.view.line(side, place)
        shown = f"{self.view.short(side, place.file)}:{line}"
        if not self.client.markdown:
            return shown
        return f"[{shown}]({self.file_uri(side, place.file)}#L{line})"

    def version(self, uri: str) -> int | None:
        """The version of an open document."""
        document: Document | None = self.documents.get(uri)
        return document.version if document is not None else None
