"""axum's layers: `.layer(…)`, tuples of layers, tower's ServiceBuilder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.routing import Layer
from port_lsp.rust import expressions as ir
from port_lsp.rust.frames import Frame
from port_lsp.rust.registering import replace
from port_lsp.rust.values import LayerStack, Many, Routes, Value

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter


def layers_of(
    run: Interpreter, expr: ir.Expr, value: Value, frame: Frame, *, routes_only: bool
) -> list[Layer]:
    """The layers of one `.layer(…)`, outermost first."""
    if isinstance(value, LayerStack):
        return [replace(layer, routes_only=routes_only) for layer in value.layers]
    if isinstance(expr, ir.Tuple) and isinstance(value, Many):
        parts = zip(expr.items, value.items, strict=True)
        return [
            layer
            for item, of in parts
            for layer in layers_of(run, item, of, frame, routes_only=routes_only)
        ]
    if isinstance(expr, ir.Block) and expr.value is not None:
        expr = expr.value
    name = run.described(frame, expr)
    return [Layer(name, frame.place(expr.start, expr.end), "before", routes_only)]


def stack_method(
    run: Interpreter, value: LayerStack, link: ir.Link, args: list[Value], frame: Frame
) -> Value | None:
    """A method of a ServiceBuilder."""
    name = link.name
    if name in ("layer", "option_layer") and args:
        more = layers_of(run, link.args[0], args[0], frame, routes_only=False)
        return LayerStack((*value.layers, *more))
    if name == "service" and args:
        if isinstance(args[0], Routes):
            run.site(frame, link.at)
            inner = args[0]
            steps = (*inner.steps, *reversed(value.layers))
            return run.born(replace(inner, steps=steps), inner)
        run.site(frame, link.at, "excluded", "the receiver is tower's ServiceBuilder")
        return args[0]
    return value
