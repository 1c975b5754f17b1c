"""The functions and methods of a file, so that its list of what there is to port is complete."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from port_lsp.facts.items import Function
from port_lsp.facts.source import Chunk, Place, SourceFile, item_key
from port_lsp.python.outline import Shape

_INSTANCE = re.compile(rb"^(\w+)\s*(?::[^=\n]+)?=\s*(\w+)\s*\(")
_ACCESSOR = re.compile(rb"@[\w.]+\.(?:setter|deleter)\s*$")
_MOST = 20_000  # assignments that are remembered

Instances = dict[str, list[str]]
"""The names under which a module offers objects: `Users = UsersTable()` by class."""


class _Known(NamedTuple):
    """What is known of a file: its functions, also by id and digest of their chunks."""

    file: SourceFile
    instances: Instances
    chunks: dict[tuple[str, bytes], tuple[Function, ...]]
    functions: tuple[Function, ...]


class FunctionReader:
    """Gives the functions of files; those of chunks that an edit left alone are the same again."""

    def __init__(self, shapes: Mapping[bytes, Shape]) -> None:
        """`shapes` has the shape of each chunk by its digest."""
        self._shapes = shapes
        self._known: dict[str, _Known] = {}
        self._made: dict[bytes, tuple[str, str] | None] = {}

    def of(self, file: SourceFile) -> tuple[Function, ...]:
        """Every function of a module and every method of its classes, in order; one of a name."""
        known = self._known.get(file.path)
        if known is None or known.file is not file:
            known = self._known[file.path] = self._read(file, known)
        return known.functions

    def _read(self, file: SourceFile, before: _Known | None) -> _Known:
        instances = self._instances(file)
        kept = before.chunks if before is not None and before.instances == instances else {}
        chunks: dict[tuple[str, bytes], tuple[Function, ...]] = {}
        for chunk in file.chunks:
            if chunk.kind in ("function", "class"):
                key = chunk.id, chunk.digest
                found = kept.get(key)
                if found is None and (shape := self._shapes.get(chunk.digest)) is not None:
                    found = tuple(_below(file, chunk, shape, "", instances))
                chunks[key] = found or ()
        functions = _distinct(one for found in chunks.values() for one in found)
        if before is not None and functions == before.functions:
            functions = before.functions
        return _Known(file, instances, chunks, functions)

    def _instances(self, file: SourceFile) -> Instances:
        found: Instances = {}
        for chunk in file.chunks:
            if chunk.kind == "assignment":
                if chunk.digest not in self._made:
                    if len(self._made) >= _MOST:
                        self._made.clear()
                    self._made[chunk.digest] = _made(file.chunk_bytes(chunk))
                if (pair := self._made[chunk.digest]) is not None:
                    found.setdefault(pair[0], []).append(pair[1])
        return found


def _distinct(listed: Iterable[Function]) -> tuple[Function, ...]:
    """Functions by key: of those under one name the last, which is what the name means."""
    found: dict[str, Function] = {}
    for one in listed:
        found.pop(one.key, None)
        found[one.key] = one
    return tuple(found.values())


def _made(data: bytes) -> tuple[str, str] | None:
    """The class, if an assignment may make an object, and the object's name."""
    match = _INSTANCE.match(data)
    if match is None:
        return None
    name, maker = (group.decode("utf-8", "replace") for group in match.groups())
    return maker, name


def _below(
    file: SourceFile, chunk: Chunk, shape: Shape, above: str, instances: Instances
) -> Iterator[Function]:
    name = f"{above}.{shape.name}" if above else shape.name
    if shape.kind == "function" and not _is_accessor(file.chunk_bytes(chunk), shape):
        yield Function(
            key=item_key(file.path, name),
            name=shape.name,
            place=Place(file.path, chunk.id, shape.name_span),
            owner=item_key(file.path, above) if above else None,
            instances=tuple(instances.get(above, ())),
            public=not shape.name.startswith("_"),
        )
    elif shape.kind == "class":
        for member in shape.members:
            yield from _below(file, chunk, member, name, instances)


def _is_accessor(data: bytes, shape: Shape) -> bool:
    """Whether a method of a chunk (its bytes) sets or deletes a property, whose getter stands
    for it."""
    spans = shape.decorators
    return any(_ACCESSOR.match(data[span.start : span.end]) for span in spans)
