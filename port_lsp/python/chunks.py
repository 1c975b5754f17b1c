"""What each chunk declares, read once per text of a chunk and kept by its digest.

Three depths: the outline's `Shape`; the header (a decorated function without its body, a class
without its methods' bodies), which is what nearly every reader needs; and the whole chunk with
positions, for the few bodies in which something is registered.
"""

import msgspec

from port_lsp.facts.source import DIGEST_SIZE, Chunk, SourceFile
from port_lsp.python import syntax as ir
from port_lsp.python.bodyfacts import BodyFacts
from port_lsp.python.lower import UnreadableError, statements
from port_lsp.python.outline import Shape
from port_lsp.text import Span

_CLASS = b"class _:"

_replace = msgspec.structs.replace


class ChunkStore:
    """Facts of chunks by digest. The only state is a cache: the same bytes give the same facts."""

    def __init__(self) -> None:
        self.shapes: dict[bytes, Shape] = {}
        self._headers: dict[bytes, tuple[ir.Stmt, ...]] = {}
        self._whole: dict[bytes, tuple[ir.Stmt, ...]] = {}
        self.unreadable: dict[bytes, str] = {}
        # Facts of bodies by digest and the offset of the function's name; `bodies.py` fills them.
        self.bodies: dict[tuple[bytes, int], BodyFacts] = {}

    def header(self, file: SourceFile, chunk: Chunk) -> tuple[ir.Stmt, ...]:
        """The chunk's statements, functions and methods without bodies.

        Spans of names, decorators and a class's members are relative to the chunk; those inside
        expressions aren't kept.
        """
        found = self._headers.get(chunk.digest)
        if found is None:
            shape = self.shapes.get(chunk.digest)
            data = file.chunk_bytes(chunk)
            found = () if shape is None else self._read_header(chunk, shape, data)
            self._headers[chunk.digest] = found
        return found

    def whole(self, file: SourceFile, chunk: Chunk) -> tuple[ir.Stmt, ...]:
        """The chunk's statements with bodies and with every span."""
        found = self._whole.get(chunk.digest)
        if found is None:
            try:
                found = statements(file.chunk_bytes(chunk), positions=True)
            except UnreadableError as error:
                self.unreadable[chunk.digest] = str(error)
                found = ()
            self._whole[chunk.digest] = found
        return found

    def method(self, file: SourceFile, chunk: Chunk, name_span: Span) -> ir.FuncDef | None:
        """One method of a class chunk with its body and every span; named by where its name is.

        Only the method's own lines are parsed: what stands before them becomes one comment, so
        that offsets stay the chunk's.
        """
        key = _part_key(chunk.digest, name_span)
        found = self._whole.get(key)
        if found is None:
            shape = self.shapes.get(chunk.digest)
            member = _member_at(shape, name_span) if shape is not None else None
            if member is None:
                return None
            data = file.chunk_bytes(chunk)
            start = data.rfind(b"\n", 0, member.span.start) + 1
            # One comment and not empty lines: libcst makes a node of each of those.
            gap = start - len(_CLASS) - 1
            padded = _CLASS + b"#" * max(gap, 0) + b"\n" + data[start : member.end]
            try:
                found = statements(padded, positions=True)
            except UnreadableError as error:
                self.unreadable[chunk.digest] = str(error)
                found = ()
            self._whole[key] = found
        first = found[0] if found else None
        inner = first.body[0] if isinstance(first, ir.ClassDef) and first.body else None
        return inner if isinstance(inner, ir.FuncDef) else None

    def was_read_whole(self, digest: bytes) -> bool:
        """Whether somebody looked into the bodies of this chunk."""
        return any(key.startswith(digest) for key in self._whole)

    def retain(self, digests: set[bytes]) -> None:
        """Forgets every chunk but these."""
        for store in (self.shapes, self._headers, self._whole, self.unreadable):
            for key in [key for key in store if key[:DIGEST_SIZE] not in digests]:
                del store[key]
        self.bodies = {key: facts for key, facts in self.bodies.items() if key[0] in digests}

    def _read_header(self, chunk: Chunk, shape: Shape, data: bytes) -> tuple[ir.Stmt, ...]:
        try:
            read = statements(stub(shape, data), positions=False)
        except UnreadableError as error:
            self.unreadable[chunk.digest] = str(error)
            return ()
        if len(read) != 1:
            return read
        return (_placed(read[0], shape),)


def _part_key(digest: bytes, span: Span) -> bytes:
    """The key of a part of a chunk: its digest, then where the part's name stands."""
    return digest + b"%d" % span.start


def _member_at(shape: Shape, name_span: Span) -> Shape | None:
    return next((m for m in _functions(shape) if m.name_span == name_span), None)


def stub(shape: Shape, data: bytes) -> bytes:
    """The chunk's text with the bodies of functions and methods replaced by `pass`."""
    if shape.kind == "function":
        return data[: shape.colon] + b" pass\n"
    if shape.kind != "class":
        return data
    parts: list[bytes] = []
    at = 0
    for member in _functions(shape):
        parts += [data[at : member.colon], b" pass"]
        at = member.end
    return b"".join([*parts, data[at:]])


def _functions(shape: Shape) -> list[Shape]:
    out: list[Shape] = []
    for member in shape.members:
        if member.kind == "function":
            out.append(member)
        elif member.kind == "class":
            out += _functions(member)
    return out


def _placed(statement: ir.Stmt, shape: Shape) -> ir.Stmt:
    """A statement with the places that the outline knows; both list the same parts in order."""
    if isinstance(statement, (ir.FuncDef, ir.ClassDef)):
        decorators = statement.decorators
        if len(decorators) == len(shape.decorators):
            pairs = zip(decorators, shape.decorators, strict=True)
            decorators = tuple(ir.Decorator(d.expr, span) for d, span in pairs)
        if isinstance(statement, ir.FuncDef):
            return _replace(statement, decorators=decorators, span=shape.name_span, body=None)
        body = statement.body
        if len(body) == len(shape.members):
            body = tuple(_placed(s, m) for s, m in zip(body, shape.members, strict=True))
        else:
            body = tuple(_at(s, shape.name_span) for s in body)
        return _replace(statement, decorators=decorators, span=shape.name_span, body=body)
    return _at(statement, shape.span)


def _at(statement: ir.Stmt, span: Span) -> ir.Stmt:
    if isinstance(statement, (ir.Assign, ir.Do, ir.FuncDef, ir.ClassDef)):
        return _replace(statement, span=span)
    return statement
