"""Attributes as constraints: what serde, sqlx, a validator or an ORM is told about an item.

serde's keywords keep their bare names, those of others carry their crate's (`sqlx.rename`), and
what a validator checks carries the name that Pydantic has for it (`min_length`, `ge`, `pattern`),
so that the two sides can be compared.
"""

from collections.abc import Iterable, Iterator

from port_lsp.facts.items import Constraint
from port_lsp.rust.attributes import Meta

_PREFIXED = {
    "sqlx": "sqlx.",
    "diesel": "diesel.",
    "sea_orm": "sea_orm.",
    "serde_as": "serde_as.",
    "multipart": "multipart.",
    "form_data": "multipart.",
    "schema": "schema.",
    "schemars": "schema.",
}
_SINGLE = frozenset({"repr", "skip_serializing_none", "serde_as", "table_name"})
_VALIDATORS = frozenset({"validate", "garde"})

# (check, its keyword) → Pydantic's name; the same for the crates validator and garde.
_CHECKS = {
    ("length", "min"): "min_length",
    ("length", "max"): "max_length",
    ("length", "equal"): "length",
    ("range", "min"): "ge",
    ("range", "max"): "le",
    ("range", "exclusive_min"): "gt",
    ("range", "exclusive_max"): "lt",
    ("regex", "path"): "pattern",
}


def constraints(metas: Iterable[Meta]) -> tuple[Constraint, ...]:
    """The constraints that attributes put on a type, a field or a variant, in their order."""
    return tuple(constraint for meta in metas for constraint in _of(meta))


def _of(meta: Meta) -> Iterator[Constraint]:
    name = meta.name
    if name == "serde":
        for entry in meta.entries:
            yield Constraint(entry.path, entry.value or "")
    elif name in _VALIDATORS:
        for entry in meta.entries:
            yield from _checked(name, entry)
    elif name in _PREFIXED and meta.entries:
        for entry in meta.entries:
            yield Constraint(_PREFIXED[name] + entry.path, entry.value or "")
    elif name in _SINGLE:
        yield Constraint(name, meta.value or "")


def _checked(crate: str, entry: Meta) -> Iterator[Constraint]:
    if entry.path in ("email", "url"):
        yield Constraint(entry.path, "")
    elif entry.path == "pattern":  # garde's regex
        yield Constraint("pattern", entry.value or "")
    elif entry.path in ("length", "range", "regex"):
        for part in entry.entries:
            known = _CHECKS.get((entry.path, part.path))
            yield Constraint(known or f"{crate}.{entry.path}.{part.path}", part.value or "")
    else:
        yield Constraint(f"{crate}.{entry.path}", entry.value or "")
