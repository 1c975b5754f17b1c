"""What serde must be told so that a field has the backend's names on the wire."""

from __future__ import annotations

from port_lsp.facts.items import Field
from port_lsp.rust.fieldnames import Naming, names_of_field
from port_lsp.types.schema import FieldSchema
from port_lsp.writing.ir.items import Meta
from port_lsp.writing.printer.literals import string


def naming_words(naming: Naming, field: Field, schema: FieldSchema) -> tuple[Meta, ...] | None:
    """The words for a field that is there, instead of the ones about its names that it has; None
    where these say the same. Nobody of the backend's clients knows its name of before, so that one
    isn't read any more; a further name that an `alias` reads is."""
    names = names_of_field(naming, field)
    if names is None:
        return None
    own = naming.own(field.name)
    written, read = wire_names(naming, schema)
    words: list[Meta] = []
    if (written, read) != own:
        if written == read or not (naming.writes and naming.reads):
            words.append(Meta("rename", string(read if naming.reads else written)))
        else:
            both = (Meta("serialize", string(written)), Meta("deserialize", string(read)))
            words.append(Meta("rename", args=both))
    aliases: tuple[str, ...] = ()
    if naming.reads:
        further = (*schema.read_as[1:], *names.read[1:])
        aliases = tuple(dict.fromkeys(one for one in further if one != read))
        words += [Meta("alias", string(one)) for one in aliases]
    is_written = not naming.writes or names.written == written
    is_read = not naming.reads or {read, *schema.read_as} <= set(names.read)
    return None if is_written and is_read else tuple(words)


def wire_names(naming: Naming, schema: FieldSchema) -> tuple[str, str]:
    """The names that a field of a struct is to be written and read under; of a struct that does
    only one of both, twice that one."""
    written, read = schema.written_as or schema.name, (schema.read_as or (schema.name,))[0]
    if not naming.writes:
        written = read
    return written, read if naming.reads else written
