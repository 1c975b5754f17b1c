"""utoipa-axum's `routes!(a, b)`: paths and methods are those of the handlers' attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.rust import expressions as ir
from port_lsp.rust.declared import FnItem
from port_lsp.rust.frames import Frame
from port_lsp.rust.lookup import value_of_path
from port_lsp.rust.registering import handler_of, register
from port_lsp.rust.utoipa import documented_routes
from port_lsp.rust.values import UNKNOWN, Function, Handler, Routes, Value

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter


def routes_macro(run: Interpreter, expr: ir.Macro, frame: Frame) -> Value:
    """The registrations that the macro stands for.

    It makes one method router of all its handlers; `OpenApiRouter::routes` registers that under
    each path that they have between them (utoipa-axum's `router.rs`).
    """
    at = expr.start + sum(len(part) + 2 for part in expr.name[:-1])
    run.site(frame, at)
    place = frame.place(expr.start, expr.end)
    given: list[tuple[Handler, str, tuple[str, ...]]] = []
    for arg in expr.args:
        value = value_of_path(run, arg, frame) if isinstance(arg, ir.Path) else UNKNOWN
        item = value.found.item if isinstance(value, Function) else None
        if not isinstance(item, FnItem):
            shown = run.text(frame, arg.start, arg.end)
            run.unreadable(frame, at, "routes!", f"not a function of the tree: {shown}", shown)
            continue
        handler = handler_of(run, value, arg, frame)
        found = documented_routes(item)
        if not found:
            reason = f"{item.name} has no #[utoipa::path] with a literal path"
            run.unreadable(frame, at, "routes!", reason, item.name)
        for path, methods in found:
            given.append((handler, path, methods))
    steps = [
        register(handler, methods, place, path)
        for path in dict.fromkeys(path for _, path, _ in given)
        for handler, _, methods in given
    ]
    return run.born(Routes("methods", frame.key, place, tuple(steps), openapi=True))
