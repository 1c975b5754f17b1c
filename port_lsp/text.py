"""Immutable documents: byte offsets inside, lines and columns at the edges.

Everything below the server and the reports counts in byte offsets of the UTF-8 text. This module
is the one place that knows lines, columns and their encodings.

Line ends are those of the Language Server Protocol (3.17, "Text Documents"): ``\\n``, ``\\r\\n``
and ``\\r``. Form feeds and U+2028 end no line.
"""

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal

import msgspec

PositionEncoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(rb"\r\n|\n|\r")
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")  # PEP 263


class Span(msgspec.Struct, frozen=True, gc=False, order=True):
    """A half-open range of byte offsets."""

    start: int
    end: int

    def shift(self, by: int) -> "Span":
        """The same range, `by` bytes further on."""
        return Span(self.start + by, self.end + by)

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end


class Edit(msgspec.Struct, frozen=True, gc=False, order=True):
    """Replace the bytes of `span` by `new`."""

    span: Span
    new: str


class Text:
    """One version of one document: UTF-8 bytes and, when asked for, where its lines begin."""

    __slots__ = ("_ascii", "_starts", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._starts: list[int] | None = None
        self._ascii: bool | None = None

    def replaced(self, start: int, end: int, new: bytes) -> "Text":
        """The text with the bytes from `start` to `end` replaced. Where lines begin that the edit
        left alone isn't looked for again."""
        text = Text(b"".join((self.data[:start], new, self.data[end:])))
        if self._starts is not None:
            text._starts = self._starts_after(text.data, start, end, len(new) - (end - start))
        return text

    def _starts_after(self, data: bytes, start: int, end: int, by: int) -> list[int]:
        """Where the lines of `data` begin, which is this text edited from `start` to `end`.

        One whole line on either side is looked at again: an edit beside a `\\r` or `\\n` makes or
        parts a line end, but not one further off.
        """
        starts = self.line_starts
        first = max(0, bisect_right(starts, start) - 2)
        last = bisect_right(starts, end) + 1
        stop = starts[last] + by if last < len(starts) else len(data)
        found = (match.end() for match in _LINE_END.finditer(data, starts[first], stop))
        return [*starts[: first + 1], *found, *(at + by for at in starts[last + 1 :])]

    @property
    def line_starts(self) -> list[int]:
        """The byte offset at which each line begins; the first is 0."""
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.data))]
        return self._starts

    def line_of(self, offset: int) -> int:
        """The 1-based line of a byte offset."""
        return bisect_right(self.line_starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and 1-based column, in code points, of a byte offset."""
        line, column = self.line_column(offset, "utf-32")
        return line + 1, column + 1

    def line_column(self, offset: int, encoding: PositionEncoding) -> tuple[int, int]:
        """The 0-based line and the 0-based column in units of `encoding`, as LSP counts."""
        offset = max(0, min(offset, len(self.data)))
        line = bisect_right(self.line_starts, offset) - 1
        prefix = self.data[self.line_starts[line] : offset]
        if encoding == "utf-8" or self._is_ascii():
            return line, len(prefix)
        decoded = prefix.decode("utf-8", "ignore")
        if encoding == "utf-32":
            return line, len(decoded)
        return line, len(decoded) + sum(char > "\uffff" for char in decoded)

    def offset(self, line: int, column: int, encoding: PositionEncoding) -> int:
        """The byte offset of a 0-based line and column; beyond an end, that end (LSP's rule)."""
        starts = self.line_starts
        if line < 0:
            return 0
        if line >= len(starts):
            return len(self.data)
        start = starts[line]
        end = starts[line + 1] if line + 1 < len(starts) else len(self.data)
        content = self.data[start:end].rstrip(b"\r\n")
        column = max(0, column)
        if encoding == "utf-8" or self._is_ascii():
            return start + min(column, len(content))
        return start + _prefix_bytes(content.decode("utf-8", "replace"), column, encoding)

    def slice(self, span: Span) -> str:
        """The text of a range of byte offsets."""
        return self.data[span.start : span.end].decode("utf-8", "replace")

    def _is_ascii(self) -> bool:
        if self._ascii is None:
            self._ascii = self.data.isascii()
        return self._ascii


def _prefix_bytes(line: str, column: int, encoding: PositionEncoding) -> int:
    """How many bytes the first `column` units of a line take."""
    if encoding == "utf-32":
        return len(line[:column].encode())
    units = size = 0
    for char in line:
        units += 2 if char > "\uffff" else 1
        if units > column:  # a column inside a surrogate pair means the character's start
            break
        size += len(char.encode())
    return size


def decode(raw: bytes) -> Text:
    """Bytes of a file as UTF-8 text: its mark is dropped, PEP 263's declaration is honoured.

    Bytes that the encoding doesn't know become U+FFFD: reading never fails.
    """
    if raw.startswith(codecs.BOM_UTF8):
        raw = raw[len(codecs.BOM_UTF8) :]
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return Text(raw.decode(_declared(raw), "replace").encode("utf-8", "replace"))
    return Text(raw)


def _declared(raw: bytes) -> str:
    """The encoding that one of the first two lines declares, else UTF-8."""
    for line in raw.splitlines()[:2]:
        if match := _CODING.match(line):
            name = match.group(1).decode("ascii")
            try:
                return codecs.lookup(name).name
            except LookupError:
                return "utf-8"
    return "utf-8"


def apply(text: Text, edits: Iterable[Edit]) -> Text:
    """The text after edits that don't overlap, all given against the same version.

    Raises ValueError where two overlap.
    """
    data, at = text.data, 0
    out: list[bytes] = []
    for edit in sorted(edits):
        if edit.span.start < at:
            raise ValueError("overlapping edits")
        out += [data[at : edit.span.start], edit.new.encode()]
        at = edit.span.end
    return Text(b"".join([*out, data[at:]]))
