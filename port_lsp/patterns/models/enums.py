"""Python's Enums as Rust enums."""

from __future__ import annotations

import json

from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.literals import enum_items
from port_lsp.patterns.names import camel, distinct, type_name
from port_lsp.types.schema import ModelSchema
from port_lsp.writing.ir.items import Item


def members_of(schema: ModelSchema) -> list[tuple[str, str]]:
    """An Enum's variants with their values as JSON; a member of equal value is an alias (Python's
    `enum`, "Duplicating enum members and values") and has none."""
    taken: set[str] = set()
    seen: set[str] = set()
    found: list[tuple[str, str]] = []
    for member in schema.members:
        if member.value is not None and member.value not in seen:
            seen.add(member.value)
            found.append((distinct(camel(member.name), taken), member.value))
    return found


def enum_of(context: Context) -> list[Item]:
    """The items of an Enum. Where no value is known, the members' names stand for them: others
    name the type."""
    schema = context.schema
    members = members_of(schema)
    unknown = [one.name for one in schema.members if one.value is None]
    if unknown and not members:
        context.note("the values of its members can't be told; their names are taken instead")
        taken: set[str] = set()
        members = [(distinct(camel(name), taken), json.dumps(name)) for name in unknown]
    elif unknown:
        context.note(f"the values of {', '.join(unknown)} can't be told; they are left out")
    return enum_items(type_name(schema.name), members, schema.docs) if members else []
