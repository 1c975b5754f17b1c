"""Structs for what a handler's parameters are read into: a query, a form, several body values.

serde's attributes: serde.rs, "Field attributes". A default that isn't its type's own one is a
function, as serde wants it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from port_lsp.facts.items import Parameter
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.rusttypes import STRING
from port_lsp.patterns.names import camel, snake
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, named, symbol
from port_lsp.writing.printer.literals import string

_DESERIALIZE = symbol("serde::Deserialize")
_OWN = {"bool": "false", "int": "0", "float": "0.0", "str": '""'}


class ValueStructs:
    """Makes the structs of one handler; `items` are they and what they need, `fields` the
    names of each one's fields."""

    def __init__(self, needs: Needs, handler: str) -> None:
        """`handler` is the name of the Rust function."""
        self._needs, self._handler = needs, handler
        self.items: list[i.Item] = []
        self.fields: dict[Symbol, tuple[str, ...]] = {}

    def query(self, parameters: Iterable[Parameter]) -> Symbol:
        """The struct of a query string."""
        return self._struct("Query", [self._field(one, text=True) for one in parameters])

    def body(self, parameters: Iterable[Parameter], kind: str) -> Symbol:
        """The struct of a form (`kind` Form, values are text) or of a JSON object (Body)."""
        text = kind == "Form"
        return self._struct(kind, [self._field(one, text=text) for one in parameters])

    def _struct(self, kind: str, fields: Sequence[i.Field]) -> Symbol:
        name = self._needs.claim(f"{camel(self._handler)}{kind}")
        # Models in a body may be without Debug.
        derives = (_DESERIALIZE,) if kind == "Body" else (symbol("Debug"), _DESERIALIZE)
        struct = i.Struct(name, tuple(fields), derives=derives, visibility="pub")
        self.items.insert(0, struct)
        made = Symbol((name,))
        self.fields[made] = tuple(field.name for field in fields)
        return made

    def _field(self, one: Parameter, *, text: bool) -> i.Field:
        wire = self._needs.wire(one.annotation)
        inner = wire.args[0] if wire.kind == "optional" else wire
        kind = self._text_type(inner) if text else self._needs.type(inner, "Deserialize")
        name = snake(one.name)
        metas: list[i.Meta] = []
        wire_name = one.alias or one.name
        if wire_name != name:
            metas.append(i.Meta("rename", string(wire_name)))
        if inner.kind in ("list", "set") and not one.required and text:
            return _field(name, kind, [*metas, i.Meta("default")])
        if one.required:
            whole = named("Option", kind) if wire.kind == "optional" else kind
            return _field(name, whole, metas)
        value = _literal(one.default, inner)
        if value is None:
            comment = ()
            if one.default not in (None, "None", "..."):
                comment = (f"Python's default: {' '.join((one.default or '').split())}",)
            return _field(name, named("Option", kind), metas, comment)
        if value == _OWN.get(inner.kind):
            metas.append(i.Meta("default"))
        else:
            metas.append(i.Meta("default", string(self._default(name, kind, value))))
        return _field(name, kind, metas)

    def _text_type(self, wire: Wire) -> AnyType:
        """The type of a value that stands as text in a query or a form."""
        if wire.kind in ("list", "set", "tuple"):
            return named("Vec", self._text_type(wire.args[0]) if wire.args else STRING)
        if wire.kind in ("any", "unknown", "map", "union", "bytes", "null"):
            return STRING
        return self._needs.type(wire, "Deserialize")

    def _default(self, field: str, kind: AnyType, value: str) -> str:
        """The name of a function that gives a default."""
        name = self._needs.claim(f"{self._handler}_default_{field}")
        given: b.Expr = b.Lit(value)
        if kind == STRING:
            given = b.Method(b.Lit(value), "to_string")
        self.items.append(i.Function(name, (), kind, b.Block((), given)))
        return name


def _field(
    name: str, kind: AnyType, metas: Sequence[i.Meta], comments: tuple[str, ...] = ()
) -> i.Field:
    attributes = (i.Attribute("serde", tuple(metas)),) if metas else ()
    return i.Field(name, kind, attributes, comments=comments)


def _literal(default: str | None, wire: Wire) -> str | None:
    """A default as a Rust literal of the field's type; None where it isn't one."""
    try:
        value: object = ast.literal_eval(default or "")
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if isinstance(value, bool):
        return str(value).lower() if wire.kind == "bool" else None
    if isinstance(value, int) and wire.kind == "int":
        return str(value)
    if isinstance(value, (int, float)) and wire.kind == "float":
        return repr(float(value))
    if isinstance(value, str) and wire.kind in ("str", "literal") and not wire.name:
        return string(value)
    return None
