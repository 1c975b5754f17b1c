"""The variables of answers that something is set on."""

from __future__ import annotations

from typing import cast

import msgspec
from msgspec.structs import replace

from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.replies.building import INTO, actix_builder, status
from port_lsp.patterns.translate.scene import Scene
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol

_OK = 200
_CHANGING = frozenset(("headers_mut", "status_mut"))


def beginning(scene: Scene, answer: Answer) -> tuple[b.Statement, ...]:
    """What a handler begins with that sets something on the answer which is made of its value."""
    if scene.desk.framework != "axum":
        return (b.Let(b.Bind(answer.begun, "mut "), actix_builder(scene, answer.status)),)
    made = b.Let(
        b.Bind(answer.begun),
        b.Call(b.Path(symbol("axum::response::Response"), ("new",)), (b.TupleOf(),)),
    )
    if answer.status == _OK:
        return (made,)
    place = b.Unary("*", b.Method(b.Name(answer.begun), "status_mut"))
    return (made, b.Assign(place, status(scene, answer.status)))


def changeable(block: b.Block) -> b.Block:
    """A body whose answers that are changed are bound to be; a builder that a hole only looks at
    isn't."""
    names = _changed(block)
    block = cast("b.Block", _bound(block, names)) if names else block
    builders = {
        id(one): one.pattern.name
        for one in block.statements
        if isinstance(one, b.Let) and isinstance(one.pattern, b.Bind) and one.value is not None
        and one.pattern.word and _is_builder(one.value)
    }  # fmt: skip
    if not builders:
        return block
    used = _used(block)
    statements = tuple(
        replace(one, pattern=b.Bind(builders[id(one)]))
        if isinstance(one, b.Let) and id(one) in builders and builders[id(one)] not in used
        else one
        for one in block.statements
    )
    return replace(block, statements=statements)


def _used(part: object) -> frozenset[str]:
    """The variables that something is done with, and not only looked at."""
    found: frozenset[str] = frozenset()
    if isinstance(part, b.Method) and isinstance(part.receiver, b.Name):
        found = frozenset((part.receiver.name,))
    if isinstance(part, b.Unary) and part.operator == "&mut " and isinstance(part.of, b.Name):
        found = frozenset((part.of.name,))
    if isinstance(part, tuple):
        return found.union(*map(_used, cast("tuple[object, ...]", part)))
    if isinstance(part, msgspec.Struct):
        return found.union(*(_used(getattr(part, name)) for name in part.__struct_fields__))
    return found


def _changed(part: object) -> frozenset[str]:
    """The variables that something is set on."""
    found: frozenset[str] = frozenset()
    if isinstance(part, b.Method) and part.name in _CHANGING and isinstance(part.receiver, b.Name):
        found = frozenset((part.receiver.name,))
    if isinstance(part, tuple):
        return found.union(*map(_changed, cast("tuple[object, ...]", part)))
    if isinstance(part, msgspec.Struct):
        return found.union(*(_changed(getattr(part, name)) for name in part.__struct_fields__))
    return found


def _bound(part: object, names: frozenset[str]) -> object:
    if isinstance(part, tuple):
        return tuple(_bound(one, names) for one in cast("tuple[object, ...]", part))
    if not isinstance(part, msgspec.Struct):
        return part
    name = part.pattern.name if isinstance(part, b.Let) and isinstance(part.pattern, b.Bind) else ""
    if isinstance(part, b.Let) and name in names and _is_answer(part.value):
        return replace(part, pattern=b.Bind(name, "mut "))
    changed = {
        name: now
        for name in part.__struct_fields__
        if (now := _bound(was := getattr(part, name), names)) is not was
    }
    return replace(part, **changed) if changed else part


def _is_answer(value: b.Expr | None) -> bool:
    """Whether an expression makes an answer."""
    if isinstance(value, b.Method):
        made = value.name in ("finish", "body", "json", "streaming")
        return value.trait == INTO or (made and _is_builder(value.receiver))
    return isinstance(value, b.Call) and value.function == b.Path(
        symbol("axum::response::Response"), ("new",)
    )


def _is_builder(value: b.Expr) -> bool:
    while isinstance(value, b.Method):
        value = value.receiver
    if not isinstance(value, b.Call) or not isinstance(value.function, b.Path):
        return False
    return value.function.symbol == symbol("actix_web::HttpResponse")
