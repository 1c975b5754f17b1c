"""Methods of lists and iterators, as far as they pass routers on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.rust import actix, axum
from port_lsp.rust import expressions as ir
from port_lsp.rust.frames import Frame
from port_lsp.rust.values import NOTHING, UNKNOWN, Function, Lambda, Many, Name, Value

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter


def many_method(
    run: Interpreter, value: Many, receiver: ir.Expr, name: str, args: list[Value], frame: Frame
) -> Value:
    """A method of a tuple, an array, a vector or an iterator."""
    function = args[-1] if args and isinstance(args[-1], (Function, Lambda, Name)) else None
    if name == "push" and args and isinstance(receiver, ir.Path):
        frame.assign(receiver.segments[-1], Many((*value.items, args[0])))
        return NOTHING
    if name in ("extend", "append") and args and isinstance(receiver, ir.Path):
        more = args[0].items if isinstance(args[0], Many) else ()
        frame.assign(receiver.segments[-1], Many((*value.items, *more)))
        return NOTHING
    if name == "chain" and args and isinstance(args[0], Many):
        return Many((*value.items, *args[0].items))
    if name in ("fold", "try_fold") and function is not None:
        result = args[0]
        for item in value.items:
            result = _apply_any(run, function, [result, item], frame)
        return result
    if name in ("map", "for_each", "filter_map", "flat_map") and function is not None:
        return Many(tuple(_apply_any(run, function, [item], frame) for item in value.items))
    if name == "enumerate":
        return Many(tuple(Many((UNKNOWN, item)) for item in value.items))
    if name in ("reduce",) and function is not None and value.items:
        result = value.items[0]
        for item in value.items[1:]:
            result = _apply_any(run, function, [result, item], frame)
        return result
    return value


def _apply_any(run: Interpreter, function: Value, args: list[Value], frame: Frame) -> Value:
    """Calls whatever can be called: `fold(Router::new(), Router::merge)` names a method."""
    if isinstance(function, (Function, Lambda)):
        return run.apply(function, args)
    if isinstance(function, Name):
        for framework in (axum, actix):
            found = framework.applied(run, function.path, args, frame)
            if found is not None:
                return found
    return UNKNOWN
