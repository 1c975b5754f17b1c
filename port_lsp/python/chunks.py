"""What each chunk declares, read once per text of a chunk and kept by its digest.

Three depths: the outline's `Shape`; the header (functions and methods without their bodies), which
is what nearly every reader needs; and the whole chunk or one method of it, for the few bodies in
which something is registered.
"""

from hashlib import blake2b

from port_lsp.facts.recut import BROKEN
from port_lsp.facts.source import DIGEST_SIZE, Chunk, SourceFile
from port_lsp.python import syntax as ir
from port_lsp.python.bodies import facts_of
from port_lsp.python.bodyfacts import BodyFacts
from port_lsp.python.grammar import with_newlines
from port_lsp.python.lower import UnreadableError, statements
from port_lsp.python.nodesource import Source
from port_lsp.python.outline import Shape
from port_lsp.python.turns import Searched, Turn, turn_of
from port_lsp.python.words import Words, words_of
from port_lsp.text import Span

_CLASS = b"class _:\n"
_PASS = b" pass"
_MOST = 20_000  # chunks of which the words are remembered


class ChunkStore:
    """Facts of chunks by digest. The only state is a cache: the same bytes give the same facts."""

    def __init__(self) -> None:
        self.shapes: dict[bytes, Shape] = {}
        self._headers: dict[bytes, tuple[ir.Stmt, ...]] = {}
        self._whole: dict[bytes, tuple[ir.Stmt, ...]] = {}
        self._looked_into: set[bytes] = set()  # the digests of what is in `_whole`
        self._stands_for: set[bytes] = set()  # those of which an earlier text was read
        self._matches: dict[tuple[bytes, Searched], bool] = {}
        self._words: dict[tuple[bytes, bool], Words] = {}
        self._turns: dict[bytes, tuple[Shape, Turn]] = {}
        self._texts: dict[bytes, BodyFacts] = {}
        self._files: dict[tuple[str, bytes], tuple[SourceFile, bool]] = {}
        self.unreadable: dict[bytes, str] = {}
        # Facts of bodies by digest and the offset of the function's name; `bodies.py` fills them.
        self.bodies: dict[tuple[bytes, int], BodyFacts] = {}

    def shape_of(self, text: bytes) -> Shape | None:
        """The shape of a sound chunk with this text; None where there was none."""
        found = self.shapes.get(blake2b(text, digest_size=DIGEST_SIZE).digest())
        return found if found is not None and found.kind != BROKEN else None

    def header(self, file: SourceFile, chunk: Chunk) -> tuple[ir.Stmt, ...]:
        """The chunk's statements, functions and methods without bodies."""
        found = self._headers.get(chunk.digest)
        if found is None:
            shape = self.shapes.get(chunk.digest)
            data = file.chunk_bytes(chunk)
            source = stub(shape, data) if shape is not None else Source(b"")
            found = self._headers[chunk.digest] = self._read(chunk.digest, source)
        return found

    def whole(self, file: SourceFile, chunk: Chunk) -> tuple[ir.Stmt, ...]:
        """The chunk's statements with bodies."""
        found = self._whole.get(chunk.digest)
        if found is None:
            source = Source(file.chunk_bytes(chunk))
            found = self._whole[chunk.digest] = self._read(chunk.digest, source)
            self._looked_into.add(chunk.digest)
        return found

    def method(self, file: SourceFile, chunk: Chunk, name_span: Span) -> ir.FuncDef | None:
        """One method of a class chunk with its body, named by where its name is."""
        key = _part_key(chunk.digest, name_span)
        found = self._whole.get(key)
        if found is None:
            shape = self.shapes.get(chunk.digest)
            member = _member_at(shape, name_span) if shape is not None else None
            if member is None:
                return None
            data = file.chunk_bytes(chunk)
            # From the line's begin: the method keeps its indentation, and the class has it.
            data = with_newlines(data)
            start = data.rfind(b"\n", 0, member.span.start) + 1
            text = _CLASS + data[start : member.end]
            source = Source(text, (len(_CLASS),), (start - len(_CLASS),))
            found = self._whole[key] = self._read(chunk.digest, source)
            self._looked_into.add(chunk.digest)
        first = found[0] if found else None
        inner = first.body[0] if isinstance(first, ir.ClassDef) and first.body else None
        return inner if isinstance(inner, ir.FuncDef) else None

    def turn(self, file: SourceFile, chunk: Chunk, shape: Shape) -> Turn:
        """Whether the chunk, which has this shape, must be looked into in its turn."""
        found = self._turns.get(chunk.digest)
        if found is None or found[0] is not shape:  # a hasty cut may have called it broken
            if len(self._turns) >= _MOST:
                self._turns.clear()
            found = self._turns[chunk.digest] = shape, turn_of(shape, file.chunk_bytes(chunk))
        return found[1]

    def has_word(self, file: SourceFile, word: bytes) -> bool:
        """Whether bytes are found in a file; asked of each version of it once."""
        known = self._files.get((file.path, word))
        if known is None or known[0] is not file:
            known = self._files[file.path, word] = file, word in file.text.data
        return known[1]

    def body(self, text: bytes) -> BodyFacts:
        """The facts of a body's text; of each text once."""
        digest = blake2b(text, digest_size=DIGEST_SIZE).digest()
        found = self._texts.get(digest)
        if found is None:
            if len(self._texts) >= _MOST:
                self._texts.clear()
            found = self._texts[digest] = facts_of(text)
        return found

    def words(self, file: SourceFile, chunk: Chunk) -> Words:
        """The words of what its facts rest on: of its header and of what its bodies return, or of
        all where somebody looked into its bodies."""
        whole = self.was_read_whole(chunk.digest)
        key = chunk.digest, whole
        found = self._words.get(key)
        if found is None:
            data = file.chunk_bytes(chunk)
            shape = self.shapes.get(chunk.digest)
            text = data if whole or shape is None else self._read_of(shape, data)
            found = words_of(text)
            if len(self._words) >= _MOST:
                self._words.clear()
            self._words[key] = found
        return found

    def _read_of(self, shape: Shape, data: bytes) -> bytes:
        """What is read of a chunk nobody looked into: its header, and the models its bodies
        return."""
        bodies = (self.body(data[one.colon : one.end]) for one in functions_in(shape))
        returned = [name.encode() for facts in bodies for name in facts.returns]
        return b" ".join([stub(shape, data).data, *returned])

    def was_read_whole(self, digest: bytes) -> bool:
        """Whether somebody looked into the bodies of this chunk."""
        return digest in self._looked_into

    def was_read(self, digest: bytes) -> bool:
        """Whether somebody read this chunk or its header, and may hold places inside it."""
        return digest in self._headers or digest in self._looked_into or digest in self._stands_for

    def inherit(self, before: bytes, now: bytes) -> None:
        """A chunk has another text that means the same: what was read of it still counts."""
        if self.was_read(before):
            self._stands_for.add(now)

    def mentions(self, file: SourceFile, chunk: Chunk, pattern: Searched) -> bool:
        """Whether a pattern is found in a chunk's text; asked of each text once."""
        key = (chunk.digest, pattern)
        found = self._matches.get(key)
        if found is None:
            found = bool(pattern.search(file.chunk_bytes(chunk)))
            self._matches[key] = found
        return found

    def retain(self, digests: set[bytes]) -> None:
        """Forgets every chunk but these."""
        for store in (self.shapes, self._headers, self._whole, self.unreadable):
            for key in [key for key in store if key[:DIGEST_SIZE] not in digests]:
                del store[key]
        self._looked_into &= digests
        self._stands_for &= digests
        self._matches = {key: found for key, found in self._matches.items() if key[0] in digests}
        self.bodies = {key: facts for key, facts in self.bodies.items() if key[0] in digests}

    def _read(self, digest: bytes, source: Source) -> tuple[ir.Stmt, ...]:
        try:
            return statements(source)
        except UnreadableError as error:
            self.unreadable[digest] = str(error)
            return ()


def _part_key(digest: bytes, span: Span) -> bytes:
    """The key of a part of a chunk: its digest, then where the part's name stands."""
    return digest + b"%d" % span.start


def _member_at(shape: Shape, name_span: Span) -> Shape | None:
    return next((m for m in functions_in(shape) if m.name_span == name_span), None)


def stub(shape: Shape, data: bytes) -> Source:
    """The chunk's text with the bodies of functions and methods replaced by `pass`."""
    if shape.kind == "function":
        return Source(data[: shape.colon] + _PASS, bodies=False)
    if shape.kind != "class":
        return Source(data)
    parts: list[bytes] = []
    cuts: list[int] = []
    shifts: list[int] = []
    at = length = 0
    for member in functions_in(shape):
        parts += [data[at : member.colon], _PASS]
        length += member.colon - at + len(_PASS)
        at = member.end
        cuts.append(length)
        shifts.append(at - length)
    return Source(b"".join([*parts, data[at:]]), cuts, shifts, bodies=False)


def functions_in(shape: Shape) -> list[Shape]:
    """The function that a shape is, or the methods of a class and of the classes in it."""
    if shape.kind == "function":
        return [shape]
    return [found for member in shape.members for found in functions_in(member)]
