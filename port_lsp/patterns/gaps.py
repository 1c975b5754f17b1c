"""What a linked struct lacks of its backend's model, by their facts alone: cheap enough to be asked
whenever a cursor moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from port_lsp.facts.items import Field, Model
from port_lsp.facts.links import Link
from port_lsp.facts.source import Record
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.names import snake
from port_lsp.rust.fieldnames import Naming, names_of_field, naming_of

TABLES = frozenset(("sqlalchemy", "peewee"))
_COMPARED = frozenset((*TABLES, "pydantic", "dataclass"))
_ROWS = frozenset(("FromRow", "MultipartForm", "TryFromMultipart"))
_NOT_THERE = frozenset(("unported", "ignored", "rust-only"))


class Gap(Record, frozen=True):
    """A linked pair that differs: fields that the struct lacks, and pairs of fields that are called
    otherwise on the wire (the backend's, the crate's). `pairs` are the names of all fields that
    both have, the crate's as declared in the struct itself."""

    model: Model
    struct: Model
    missing: tuple[Field, ...] = ()
    misnamed: tuple[tuple[Field, Field], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The backend's fields that something is to be done about, missing ones first."""
        return tuple(one.name for one in (*self.missing, *(ours for ours, _ in self.misnamed)))

    def __str__(self) -> str:
        parts = [f"lacks {', '.join(one.name for one in self.missing)}"] if self.missing else []
        parts += [f"has {ours.name} under another name" for ours, _ in self.misnamed]
        return f"{self.struct.key} {' and '.join(parts)}"


class Gaps:
    """Answers for one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Nothing is compared until somebody asks."""
        backend, crate = snapshot.backend, snapshot.crate
        self._links = snapshot.links.models
        self._models = {one.key: one for one in backend.models} if backend is not None else {}
        self._structs = {one.key: one for one in crate.models} if crate is not None else {}

    def of_model(self, key: str) -> Gap | None:
        """The gap of a backend's model (item key)."""
        found = (self._of(link) for link in self._links if link.backend == key)
        return next((one for one in found if one is not None), None)

    def of_struct(self, key: str) -> tuple[Gap, ...]:
        """The gaps of all models whose counterpart a struct of the crate (item key) is."""
        found = (self._of(link) for link in self._links if link.crate == key)
        return tuple(one for one in found if one is not None)

    def every(self) -> Iterator[Gap]:
        """All gaps, in the order of the backend's models."""
        for link in self._links:
            if (found := self._of(link)) is not None:
                yield found

    def _of(self, link: Link) -> Gap | None:
        if link.backend is None or link.crate is None or link.presence in _NOT_THERE:
            return None
        model, struct = self._models.get(link.backend), self._structs.get(link.crate)
        return gap(model, struct, self._structs) if model and struct else None


def gap(model: Model, struct: Model, structs: Mapping[str, Model]) -> Gap | None:
    """How a struct differs from the backend's model; None where it doesn't, or where that can't be
    told. `structs` are the crate's models by their keys."""
    if model.kind not in _COMPARED or not _is_compared(struct):
        return None
    if any(base.rpartition(".")[2] == "RootModel" for base in model.bases_outside_tree):
        return None
    there = _fields(struct, structs)
    if there is None:
        return None
    is_table = model.kind in TABLES
    exact, alike = _names(there)
    used = {
        index for field in model.fields for name in _asked(field, is_table=is_table)
        if (index := exact.get(name)) is not None
    }  # fmt: skip
    missing: list[Field] = []
    misnamed: list[tuple[Field, Field]] = []
    pairs: list[tuple[str, str]] = []
    for field in model.fields:
        index = next((exact[n] for n in _asked(field, is_table=is_table) if n in exact), None)
        if index is None:
            same = alike.get(snake(field.name)) or alike.get(snake(_wire(field)))
            index = next((one for one in same or () if one not in used), None)
        if index is None:
            missing.append(field)
            continue
        owner, other = there[index]
        if owner is struct:
            pairs.append((field.name, other.name))
        if not is_table and owner is struct and _is_misnamed(field, other, naming_of(struct)):
            misnamed.append((field, other))
    if not missing and not misnamed:
        return None
    return Gap(model, struct, tuple(missing), tuple(misnamed), tuple(pairs))


def _is_compared(struct: Model) -> bool:
    """Whether a struct is on a wire or a row by its own fields, not by an impl of somebody's."""
    if struct.kind != "struct" or struct.plain:
        return False
    if any(said.name in ("shape", "transparent", "from", "try_from", "into", "remote")
           for said in struct.attributes):  # fmt: skip
        return False
    naming = naming_of(struct)
    traits = {trait.rpartition("::")[2] for trait in struct.derives}
    return naming.reads or naming.writes or not traits.isdisjoint(_ROWS)


def _fields(
    struct: Model, structs: Mapping[str, Model], depth: int = 8
) -> list[tuple[Model, Field]] | None:
    """The fields that a struct has on the wire, with those of what is flattened into it and with
    what declares them; None where anything may be among them."""
    found: list[tuple[Model, Field]] = []
    for field in struct.fields:
        flat = next((c.value for c in field.constraints if c.name.endswith("flatten")), None)
        if flat is None:
            found.append((struct, field))
            continue
        inner = structs.get(flat)
        if inner is None or inner.kind != "struct" or depth == 0:
            return None
        fields = _fields(inner, structs, depth - 1)
        if fields is None:
            return None
        found += fields
    return found


def _names(there: Iterable[tuple[Model, Field]]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Which field each name means, as it is and in one spelling."""
    exact: dict[str, int] = {}
    alike: dict[str, list[int]] = {}
    for index, (owner, field) in enumerate(there):
        names = names_of_field(naming_of(owner), field)
        on_wire = (names.written, *names.read) if names is not None else ()
        column = (field.column,) if field.column is not None else ()
        bare = field.name.removeprefix("r#")
        for name in (*on_wire, *column, bare):
            exact.setdefault(name, index)
        for name in dict.fromkeys(snake(one) for one in (*on_wire, bare)):
            alike.setdefault(name, []).append(index)
    return exact, alike


def _wire(field: Field) -> str:
    return field.alias or field.name


def _asked(field: Field, *, is_table: bool) -> tuple[str, ...]:
    """The names by which a field is looked for."""
    if is_table:
        return (field.column or field.name, field.name)
    return (_wire(field), field.name)


def _is_misnamed(field: Field, other: Field, naming: Naming) -> bool:
    """Whether a client of the backend misses a field under its name."""
    names = names_of_field(naming, other)
    if names is None:
        return False
    if naming.reads and _wire(field) not in names.read:
        return True
    said = {one.name: one.value for one in field.constraints}
    if "exclude" in said or not naming.writes:
        return False
    if "serialization_alias" in said:
        return said["serialization_alias"].strip("'\"") != names.written
    if "validation_alias" in said:  # it is never written under that one
        return False
    return _wire(field) != names.written
