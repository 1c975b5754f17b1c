"""Unions as untagged enums (serde's docs, "Enum representations"): a discriminated union's models
keep their tag as a field with one value, so that the untagged enum tells them apart by it."""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.patterns.models.literals import SERDE
from port_lsp.patterns.names import distinct
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol


def union_enum(name: str, parts: Sequence[tuple[str, AnyType]]) -> list[i.Item]:
    """The enum: a variant per part, in the order in which they are tried."""
    taken: set[str] = set()
    variants = tuple(i.Variant(distinct(part, taken), (kind,)) for part, kind in parts)
    derives = (Symbol(("Debug",)), Symbol(("Clone",)), *SERDE)
    return [
        i.Enum(name, variants, derives=derives, attributes=(i.Attribute("serde", (UNTAGGED,)),))
    ]


UNTAGGED = i.Meta("untagged")
