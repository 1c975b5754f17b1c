"""What of a field's attributes a struct can have: those of the traits that it derives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from port_lsp.rust.fieldnames import Naming
from port_lsp.types.schema import NO_DEFAULT, FieldSchema
from port_lsp.writing.ir.items import Attribute, Meta

# serde_derive's words for one direction alone (serde.rs, "Field attributes").
_READING = frozenset(("default", "deserialize_with", "alias", "skip_deserializing"))
_WRITING = frozenset(("skip_serializing_if", "skip_serializing", "serialize_with"))


def for_naming(field: FieldSchema, naming: Naming, *, told_apart: bool) -> FieldSchema:
    """A field as a struct needs it: in one that is never read nothing is a default. With
    `told_apart` the backend tells a key that isn't there from null."""
    if naming.reads or field.required:
        return field
    return replace(field, required=True, default=NO_DEFAULT, absent=field.absent or told_apart)


def for_traits(attributes: Iterable[Attribute], naming: Naming) -> Iterator[Attribute]:
    """The attributes without the words of traits that aren't derived."""
    for one in attributes:
        if one.path != "serde":
            yield one
            continue
        words = tuple(_words(one.args or (), naming))
        if words and (naming.reads or naming.writes):
            yield replace(one, args=words)


def _words(words: Iterable[Meta], naming: Naming) -> Iterator[Meta]:
    for word in words:
        if word.name == "rename" and word.args is not None:
            wanted = "deserialize" if naming.reads else "serialize"
            if naming.reads and naming.writes:
                yield word
            else:
                yield Meta("rename", next(arg.value for arg in word.args if arg.name == wanted))
        elif naming.reads if word.name in _READING else naming.writes or word.name not in _WRITING:
            yield word
