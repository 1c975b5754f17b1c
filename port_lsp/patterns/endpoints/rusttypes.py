"""What a wire type is in Rust, where no model of its own is made of it."""

from __future__ import annotations

from collections.abc import Callable

from port_lsp.types.wire import Wire
from port_lsp.writing.ir.types import AnyType, Symbol, Tuple, Type, named

VALUE = named("serde_json::Value")
STRING = named("String")
OBJECT = named("serde_json::Map", STRING, VALUE)
I64 = named("i64")

_PLAIN = {
    "str": STRING,
    "int": I64,
    "float": named("f64"),
    "bool": named("bool"),
    "bytes": STRING,
    "any": VALUE,
    "null": Tuple(),
    "timedelta": named("f64"),  # Pydantic takes seconds, and writes an ISO 8601 duration
}
# By the dependency that has them; as text else, which is what they are on the wire.
_BY_DEPENDENCY: dict[str, tuple[tuple[str, AnyType], ...]] = {
    "datetime": (("chrono", named("chrono::DateTime", named("chrono::Utc"))),),
    "date": (("chrono", named("chrono::NaiveDate")),),
    "time": (("chrono", named("chrono::NaiveTime")),),
    "uuid": (("uuid", named("uuid::Uuid")),),
    "decimal": (("rust_decimal", named("rust_decimal::Decimal")),),
}


class RustTypes:
    """Makes types; `notes` collect what became less than it was."""

    def __init__(
        self,
        model: Callable[[str], Symbol | None],
        has: Callable[[str], bool],
        arguments: Callable[[Wire], tuple[Wire, ...]],
    ) -> None:
        """`model` gives the symbol of a model's item key, `has` says whether a crate is known,
        `arguments` what a reference to a model gives it for its type parameters."""
        self._model, self._has, self._arguments = model, has, arguments
        self.notes: list[str] = []

    def of(self, wire: Wire) -> AnyType:
        """The type of a value in JSON."""
        if wire.kind in _PLAIN:
            return _PLAIN[wire.kind]
        if wire.kind in _BY_DEPENDENCY:
            found = (kind for name, kind in _BY_DEPENDENCY[wire.kind] if self._has(name))
            return next(found, STRING)
        if wire.kind == "optional":
            return named("Option", self.of(wire.args[0]))
        if wire.kind in ("list", "set"):
            return named("Vec", self.of(wire.args[0]) if wire.args else VALUE)
        if wire.kind == "map":
            return self._map(wire)
        if wire.kind == "tuple":
            return Tuple(tuple(map(self.of, wire.args))) if wire.args else named("Vec", VALUE)
        if wire.kind == "literal":
            return self._literal(wire)
        if wire.kind == "ref":
            symbol = self._model(wire.name)
            if symbol is not None:
                return Type(symbol, tuple(map(self.of, self._arguments(wire))))
        return self._degraded(wire)

    def _map(self, wire: Wire) -> AnyType:
        value = self.of(wire.args[1]) if len(wire.args) > 1 else VALUE
        if value == VALUE:
            return OBJECT
        return named("std::collections::HashMap", STRING, value)

    def _literal(self, wire: Wire) -> AnyType:
        if all(value.startswith('"') for value in wire.values):
            return STRING
        if all(value.lstrip("-").isdigit() for value in wire.values):
            return I64
        return VALUE

    def _degraded(self, wire: Wire) -> AnyType:
        self.notes.append(f"{wire} became serde_json::Value")
        return VALUE
