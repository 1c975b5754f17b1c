"""What holds for a model by way of all the models that it holds: which traits it can derive, and
whether it must be validated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from port_lsp.patterns.models.context import Trait
from port_lsp.patterns.models.defaults import is_rusts_own
from port_lsp.patterns.models.limits import has_limits
from port_lsp.patterns.models.unions import nests
from port_lsp.types.schema import ModelSchema
from port_lsp.types.wire import Wire

# What a kind of value can't be, whatever is in it: floats have no total equality, hash tables no
# hash, JSON neither as far as older serde_json goes.
_NEVER: dict[Trait, frozenset[str]] = {
    "Debug": frozenset(),
    "Clone": frozenset(),
    "PartialEq": frozenset(),
    "Eq": frozenset(("float", "any", "unknown")),
    "Hash": frozenset(("float", "any", "unknown", "map", "set")),
    "Default": frozenset(("literal", "union", "datetime", "date", "time", "timedelta")),
}
_OF_ALL: tuple[Trait, ...] = ("Debug", "Clone", "PartialEq")  # that what isn't ours has, too
_NO_DEFAULT = frozenset(("url", "http-url", "ip-address", "ipv4-address", "ipv6-address"))
Linked = Callable[[str], "frozenset[str] | None"]
"""The derives of a model that the crate has already; None for one that is to be written."""


class Closure:
    """Asks each question once per model."""

    def __init__(self, schemas: Callable[[str], ModelSchema | None], linked: Linked) -> None:
        """`schemas` by item key; None for what is no model of the backend."""
        self._schemas, self._linked = schemas, linked
        self._known: dict[tuple[str, Trait], bool] = {}
        self._validated: dict[str, bool] = {}

    def derives(self, wire: Wire, trait: Trait) -> bool:
        """Whether a type can have a trait."""
        if wire.kind in _NEVER[trait]:
            return False
        if wire.kind == "optional" and trait == "Default":
            return True
        if wire.kind == "ref" and not self._of_ref(wire.name, trait):
            return False
        if wire.kind == "map" and trait not in _OF_ALL and wire.args[1].kind == "any":
            return trait == "Default"
        if trait == "Default":
            return not (wire.kind == "str" and wire.name in _NO_DEFAULT)
        return all(self.derives(arg, trait) for arg in wire.args)

    def _of_ref(self, key: str, trait: Trait) -> bool:
        if "::" not in key:  # of another package, or a type parameter: Rust asks no more of those
            return trait in (*_OF_ALL, "Default") or ("." not in key and trait == "Eq")
        known = self._known.get((key, trait))
        if known is None:
            self._known[(key, trait)] = True  # a model in itself stands in nobody's way
            known = self._known[(key, trait)] = self._model(key, trait)
        return known

    def _model(self, key: str, trait: Trait) -> bool:
        derives = self._linked(key)
        return self.own(key, trait) if derives is None else trait in derives

    def own(self, key: str, trait: Trait) -> bool:
        """Whether a model that is written now can derive a trait, whatever there is already."""
        schema = self._schemas(key)
        if schema is None:
            return trait in (*_OF_ALL, "Default")
        if schema.kind == "enum":
            return trait != "Default"
        if schema.extra == "allow" and trait in ("Eq", "Hash"):
            return False
        if schema.root is not None:
            return self.derives(schema.root, trait)
        has_decimals = any(field.wire.kind == "decimal" for field in schema.fields)
        if schema.is_row and trait in ("Eq", "Hash") and has_decimals:
            return False  # SQLite has no decimals: its rows hold floats
        if trait != "Default":
            return all(self.derives(field.wire, trait) for field in schema.fields)
        # A default that isn't Python's would be a trap.
        return (
            all(
                field.absent or (not field.required and is_rusts_own(field))
                for field in schema.fields
            )
            and not schema.unset
        )

    def validates(self, key: str) -> bool:
        """Whether a model, or one that it holds, has limits or validators."""
        known = self._validated.get(key)
        if known is None:
            self._validated[key] = False
            known = self._validated[key] = self._validates(key)
        return known

    def _validates(self, key: str) -> bool:
        derives = self._linked(key)
        if derives is not None:
            return "Validate" in derives
        schema = self._schemas(key)
        if schema is None or schema.kind == "enum" or schema.is_row:
            return False
        if any(one.kind == "validator" for one in schema.methods) and schema.root is None:
            return True
        if schema.root is not None:
            root = schema.root
            return root.kind != "map" and nests(root) and self._holds(root)
        return any(has_limits(field) or self._holds(field.wire) for field in schema.fields)

    def _holds(self, wire: Wire) -> bool:
        if wire.kind == "ref":
            return "::" in wire.name and self.validates(wire.name)
        if wire.kind in ("optional", "list", "union"):
            return any(self._holds(arg) for arg in wire.args)
        return wire.kind == "map" and self._holds(wire.args[1])


def hashed_in(schemas: Mapping[str, ModelSchema]) -> frozenset[str]:
    """The models that are items of a set or keys of a map."""

    def of(wire: Wire) -> Iterator[str]:
        inside = wire.args[:1] if wire.kind in ("set", "map") else ()
        yield from (one.name for one in inside if one.kind == "ref")
        for arg in wire.args:
            yield from of(arg)

    return frozenset(
        key for schema in schemas.values() for field in schema.fields for key in of(field.wire)
    )
