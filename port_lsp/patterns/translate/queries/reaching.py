"""How a body reaches what the application's state holds: a field of it, or one of a struct of the
crate's that it holds (`state.db.pool`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import inside
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType

_DEEP = 2


def held(scene: Scene, fits: Callable[[AnyType], bool]) -> b.Expr | None:
    """The place of the first value that the state holds of a type that fits, its own fields before
    those of what it holds; None where there is none, or the body may not name it."""
    state = scene.state
    level: list[tuple[b.Expr, AnyType]] = [(b.Name(state.name), state.type)] if state else []
    for _ in range(_DEEP):
        level = [one for place, of in level for one in _fields(scene, place, of)]
        found = next((place for place, of in level if fits(of)), None)
        if found is not None:
            return found
    return None


def _fields(scene: Scene, place: b.Expr, of: AnyType) -> Iterator[tuple[b.Expr, AnyType]]:
    shape = scene.shapes.of(inside(of, "Arc") or of)
    if shape is None or shape.is_enum:
        return
    declared = scene.desk.workshop.scopes.type_item(shape.symbol.path)
    file = declared[0] if declared is not None else scene.needs.file
    source = scene.desk.snapshot.crate_files.get(file)
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    for _, name, kind in shape.fields:
        if file == scene.needs.file or not text or re.search(rf"\bpub\b[^\n]*\b{name}\s*:", text):
            yield b.Access(place, name), kind
