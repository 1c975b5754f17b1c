"""A handler's parameter as a writer needs it: its type resolved, its default and limits as values.

Read on demand, as a model's fields are. Rules: FastAPI's `analyze_param`; what is written as
`Query(…)` and its like says the same as Pydantic's `Field`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.items import Parameter
from port_lsp.python.lower import lone_expression
from port_lsp.python.schema import bare_of
from port_lsp.python.schemafields import default_of
from port_lsp.python.schemalimits import limits_of
from port_lsp.python.wires import wire_of
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import ANY

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def parameter_schema(run: Interpreter, file: str, parameter: Parameter) -> FieldSchema:
    """A parameter of a handler in a module of the backend (relative path), as a field that is read
    by the parameter's name on the wire."""
    state = run.module(parameter.module or file)
    scope = state.scope if state is not None else None
    expr = lone_expression(parameter.annotation) if parameter.annotation else None
    wire = wire_of(run, expr, scope) if expr is not None and scope is not None else ANY
    limits, inner = limits_of(run, parameter.constraints, expr, scope)
    default = default_of(run, parameter.default, scope)
    no_value = default.kind == "value" and default.text == "null"
    alias = parameter.alias or parameter.name
    return FieldSchema(
        name=parameter.name,
        wire=bare_of(wire),
        # FastAPI doesn't validate defaults: `q: str = None` is what it says.
        nullable=wire.kind in ("optional", "any", "null") or no_value,
        required=parameter.required,
        default=default,
        read_as=(alias,),
        written_as=alias,
        limits=limits,
        inner=inner,
        owner=parameter.module or file,
    )
