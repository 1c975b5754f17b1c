"""What the traits that a struct derives ask of one more field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from port_lsp.patterns.models.context import Trait, World
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir.items import Field
from port_lsp.writing.ir.types import Type

# What any type of ours has; of a type of the crate it is looked up.
_COMMON = frozenset(("Debug", "Clone", "Serialize", "Deserialize"))
_ELSEWHERE = frozenset(("Validate", "FromRow"))  # asked by attributes, answered elsewhere
# Traits that describe a type, and that other packages' types have only behind features.
SCHEMAS = frozenset(("ToSchema", "JsonSchema", "TS", "IntoParams", "Type"))
_ASKED: dict[str, Trait] = {"PartialEq": "PartialEq", "Eq": "Eq", "Hash": "Hash"}
_PLAIN = frozenset(
    ("str", "int", "float", "bool", "any", "unknown", "literal", "ref", "list", "set", "map")
)
_TEXTS = frozenset(("", "email"))  # forms that are a String in Rust, too
_COPIED = frozenset(("int", "float", "bool"))
_ORDERED = frozenset(("str", "int", "bool"))
_BUILDERS = frozenset(("TypedBuilder", "Builder", "Constructor", "new", "From", "Into"))
TraitsOf = Callable[[str], "frozenset[str] | None"]
"""The derives of the crate's type for a model (item key); None where it has none yet."""


def short(derives: Iterable[str]) -> frozenset[str]:
    """The traits' own names."""
    return frozenset(one.rpartition("::")[2] for one in derives)


def is_option(field: Field) -> bool:
    """Whether a field need not have a value."""
    return isinstance(field.type, Type) and field.type.head.name == "Option"


def objection(
    traits: frozenset[str], schema: FieldSchema, field: Field, world: World, traits_of: TraitsOf
) -> str | None:
    """Why a struct that derives traits can't have a field; None where it can."""
    wire = schema.wire
    for trait in sorted(traits):
        if trait in _ELSEWHERE:
            continue
        if trait in _COMMON:
            fits = True
        elif trait == "Default":
            fits = is_option(field) or world.derives(wire, "Default")
        elif trait in _ASKED:
            fits = world.derives(wire, _ASKED[trait])
        elif trait == "Copy":
            fits = wire.kind in _COPIED
        elif trait in ("PartialOrd", "Ord"):
            fits = wire.kind in _ORDERED or (trait == "PartialOrd" and wire.kind == "float")
        elif trait in SCHEMAS:
            fits = all(_is_described(one) for one in _parts(wire))
        elif trait in _BUILDERS:
            return f"it derives {trait}, by which others make it of its fields"
        else:
            return f"it derives {trait}, and what that asks of a field isn't known"
        lacking = fits and trait != "Default" and _lacking(trait, wire, traits_of)
        if not fits or lacking:
            return f"it derives {trait}, which {lacking or wire} has not"
    return None


def _lacking(trait: str, wire: Wire, traits_of: TraitsOf) -> str:
    """A type of the crate that is in a type and doesn't derive a trait."""
    for one in _parts(wire):
        known = traits_of(one.name) if one.kind == "ref" else None
        if known is not None and trait not in known:
            return one.name.rpartition("::")[2]
    return ""


def _is_described(wire: Wire) -> bool:
    return wire.kind in _PLAIN and (wire.kind != "str" or wire.name in _TEXTS)


def _parts(wire: Wire) -> Iterator[Wire]:
    yield wire
    for arg in wire.args:
        yield from _parts(arg)
