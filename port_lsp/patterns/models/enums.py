"""Python's Enums as Rust enums."""

from __future__ import annotations

import json

from msgspec.structs import replace

from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.literals import enum_items
from port_lsp.patterns.models.storing import TYPE, Stored
from port_lsp.patterns.names import camel, distinct, type_name
from port_lsp.types.schema import ModelSchema
from port_lsp.writing.ir.items import Attribute, Enum, Item, Meta
from port_lsp.writing.printer.literals import string


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
    if not members:
        return []
    items = enum_items(type_name(schema.name), members, schema.docs)
    stored = context.world.stored(schema.key)
    return [_stored(context, items[0], stored), *items[1:]] if stored is not None else items


def _stored(context: Context, item: Item, stored: Stored) -> Item:
    """An enum that sqlx stores, too: by a variant's name, unless it is told another (sqlx's docs,
    `derive(Type)`). PostgreSQL's types have names, which must be those of the columns'."""
    assert isinstance(item, Enum)
    context.need("sqlx", "0.8", "derive")
    variants = tuple(
        replace(variant, attributes=(*variant.attributes, *_renamed(variant.name, text)))
        for variant, (_, text) in zip(item.variants, stored.texts, strict=True)
    )
    attributes = item.attributes
    if context.conventions.database == "postgres":
        named = Meta("type_name", string(stored.postgres))
        attributes = (*attributes, Attribute("sqlx", (named,)))
    derives = (*item.derives, TYPE)
    return replace(item, variants=variants, attributes=attributes, derives=derives)


def _renamed(variant: str, text: str) -> tuple[Attribute, ...]:
    return (Attribute("sqlx", (Meta("rename", string(text)),)),) if variant != text else ()
