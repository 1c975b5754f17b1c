"""How a body reaches what the application's state holds: a field of it, or one of a struct of the
crate's that it holds (`state.db.pool`)."""

from __future__ import annotations

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
    for _, name, kind in shape.fields:
        if scene.shapes.may_name(shape, name, scene.needs.file):
            yield b.Access(place, name), kind
