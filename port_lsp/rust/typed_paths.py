"""axum-extra's typed paths: `#[typed_path("/users/{id}")]` at a type, `.typed_get(handler)`.

The first parameter of the handler is of the type whose path it answers (axum-extra 0.10,
routing/mod.rs: `H::First: TypedPath`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from port_lsp.rust.attributes import Meta
from port_lsp.rust.declared import FnItem, TypeItem
from port_lsp.rust.literals import unquote
from port_lsp.rust.lookup import head_of_type
from port_lsp.rust.module import Found
from port_lsp.rust.values import Function, Value

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter

PREFIX = "typed_"


def typed_path(metas: Iterable[Meta]) -> str | None:
    """The path that a type's attributes give it, as axum's router takes it."""
    for meta in metas:
        if meta.name == "typed_path" and meta.entries:
            return unquote(meta.entries[0].value or "")
    return None


def path_of_handler(run: Interpreter, handler: Value) -> str | None:
    """The path that a handler's first parameter names; None where it isn't known."""
    if not isinstance(handler, Function) or not isinstance(handler.found.item, FnItem):
        return None
    params = handler.found.item.params
    if not params:
        return None
    found = run.modules.meaning(handler.found.module, head_of_type(params[0][1]), value=False)
    if not isinstance(found, Found) or not isinstance(found.item, TypeItem):
        return None
    target = run.modules.alias_target(found)
    if not isinstance(target, Found) or not isinstance(target.item, TypeItem):
        return None
    run.looks_at(target)
    return target.item.path
