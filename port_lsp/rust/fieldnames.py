"""What a struct's fields are called on the wire, in each direction."""

from __future__ import annotations

from collections.abc import Iterable

from port_lsp.facts.items import Constraint, Field, Model
from port_lsp.facts.source import Record
from port_lsp.rust.attributes import Meta, attributes
from port_lsp.rust.cases import field_name
from port_lsp.rust.wirenames import two_ways

_SKIPPED = frozenset(("skip", "flatten"))


class Naming(Record, frozen=True):
    """How a container names its fields: the rules of `rename_all` for Serialize and Deserialize,
    and which of the two it derives."""

    writing: str | None = None
    reading: str | None = None
    writes: bool = False
    reads: bool = False

    def own(self, name: str) -> tuple[str, str]:
        """What a field without attributes is written and read as."""
        bare = name.removeprefix("r#")
        return field_name(self.writing, bare), field_name(self.reading, bare)


class FieldNames(Record, frozen=True):
    """One field: the name that it is written under, those that it is read by, the first of them
    the one that isn't an `alias`."""

    written: str
    read: tuple[str, ...]


def naming_of(model: Model) -> Naming:
    """How a struct names its fields."""
    traits = {trait.rpartition("::")[2] for trait in model.derives}
    writing, reading = two_ways(_metas(model.attributes, "rename_all"), "rename_all")
    return Naming(writing, reading, "Serialize" in traits, "Deserialize" in traits)


def names_of_field(naming: Naming, field: Field) -> FieldNames | None:
    """The names of a field; None for one that isn't on the wire by itself."""
    if any(said.name in _SKIPPED for said in field.constraints):
        return None
    written, reading = two_ways(_metas(field.constraints, "rename"), "rename")
    own = naming.own(field.name)
    metas = _metas(field.constraints, "alias")
    aliases = [entry.text for meta in metas for entry in meta.entries if entry.text is not None]
    return FieldNames(written or own[0], tuple(dict.fromkeys((reading or own[1], *aliases))))


def _metas(constraints: Iterable[Constraint], name: str) -> tuple[Meta, ...]:
    """serde's words of one name as attributes again."""
    said = [_word(one) for one in constraints if one.name == name]
    return attributes([f"#[serde({', '.join(said)})]".encode()]) if said else ()


def _word(said: Constraint) -> str:
    """A keyword's value is a literal, or what stood in its brackets."""
    is_listed = "=" in said.value and not said.value.startswith(('"', "r"))
    return f"{said.name}({said.value})" if is_listed else f"{said.name} = {said.value}"
