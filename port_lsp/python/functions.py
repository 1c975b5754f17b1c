"""The functions and methods of a file, so that its list of what there is to port is complete."""

import re
from collections.abc import Iterator

from port_lsp.facts.items import Function
from port_lsp.facts.source import Chunk, Place, SourceFile, item_key
from port_lsp.python.outline import Shape

_INSTANCE = re.compile(rb"^(\w+)\s*(?::[^=\n]+)?=\s*(\w+)\s*\(")


def functions_of(file: SourceFile, shapes: dict[bytes, Shape]) -> Iterator[Function]:
    """Every function of a module and every method of its classes, in order."""
    instances = _instances(file)
    for chunk in file.chunks:
        shape = shapes.get(chunk.digest)
        if shape is not None:
            yield from _below(file, chunk, shape, "", instances)


def _below(
    file: SourceFile, chunk: Chunk, shape: Shape, above: str, instances: dict[str, list[str]]
) -> Iterator[Function]:
    name = f"{above}.{shape.name}" if above else shape.name
    if shape.kind == "function":
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


def _instances(file: SourceFile) -> dict[str, list[str]]:
    """The names under which a module offers objects: `Users = UsersTable()` by class."""
    found: dict[str, list[str]] = {}
    for chunk in file.chunks:
        if chunk.kind == "assignment" and (match := _INSTANCE.match(file.chunk_bytes(chunk))):
            name, maker = (group.decode("utf-8", "replace") for group in match.groups())
            found.setdefault(maker, []).append(name)
    return found
