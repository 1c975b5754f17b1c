"""One struct and what becomes of it: its new fields in order, its fields' names, and what must be
said where its fields are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from port_lsp.facts.items import Field, Model
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.fields.derives import SCHEMAS, objection, short
from port_lsp.patterns.fields.drafted import (
    Drafted,
    Struct,
    UndraftableError,
    draft_column,
    draft_field,
)
from port_lsp.patterns.fields.listed import Listed, listed, shown
from port_lsp.patterns.fields.naming import naming_words, wire_names
from port_lsp.patterns.fields.notes import notes_of
from port_lsp.patterns.fields.order import place_behind, styled
from port_lsp.patterns.fields.qualify import qualified
from port_lsp.patterns.gaps import TABLES, Gap
from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.pattern import Drafting
from port_lsp.patterns.models.places import traits_of
from port_lsp.patterns.names import distinct
from port_lsp.patterns.port import CannotPortError
from port_lsp.rust.fieldnames import names_of_field, naming_of
from port_lsp.rust.structtext import StructText, struct_at
from port_lsp.types.schema import FieldSchema
from port_lsp.writing.draft import Draft, Filling, Naming, NewFields, Piece
from port_lsp.writing.imports import symbols_in
from port_lsp.writing.ir import items as ir
from port_lsp.writing.ir.types import Symbol

_UNLIMITED = (0, 0)  # what Conventions say of a crate without `validator`
_VISIBLE: dict[str, ir.Visibility] = {"": "", "pub": "pub", "pub(crate)": "pub(crate)"}


class _New(Record, frozen=True):
    """A field that is to be written: for which targets, behind which field that is there."""

    ids: tuple[str, ...]
    schema: FieldSchema
    drafted: Drafted
    after: str
    order: int
    wire: str


class Changing:
    """Collects the changes of one struct."""

    def __init__(self, desk: Desk, drafting: Drafting, struct: Model, taken: set[str]) -> None:
        """`taken` are names that other changes of the struct's file have given. Raises
        CannotPortError for a struct that can't be changed."""
        self._desk, self._drafting, self._struct = desk, drafting, struct
        self._file = desk.workshop.files[struct.place.file]
        text = struct_at(self._file.text.data, self._file.span(struct.place).start)
        if text is None:
            raise CannotPortError(f"{struct.name} has no fields with names")
        self._text: StructText = text
        self._naming = naming_of(struct)
        self._traits = short(struct.derives)
        self._names = {one.name for one in text.fields}
        self._taken = taken
        self._new: list[_New] = []
        self._namings: list[Naming] = []
        self._contexts: dict[str, Context] = {}
        self._listed: list[Listed] | None = None

    def take(self, gap: Gap, ident: str) -> None:
        """One target (its id) is to be done. Raises CannotPortError."""
        name = ident.partition("#")[2]
        fields = {one.name: one for one in gap.missing}
        others = {one.name: other for one, other in gap.misnamed}
        if name in others:
            self._name(gap, others[name], self._schema(gap, name))
        elif name in fields:
            self._add(gap, name, ident)
        else:
            raise CannotPortError(f"{self._struct.name} has it already")

    def draft(self) -> Draft:
        """All that was taken."""
        struct = self._struct
        new = sorted(self._new, key=lambda one: one.order)
        wires = [one.schema.wire for one in new]
        nested = self._drafting.nested(wires, self._struct.place.file)
        draft = self._drafting.draft(nested) if nested else Draft()
        contexts = list(self._contexts.values())
        fields = [one.drafted.field for one in new]
        made = [
            item
            for context in contexts
            for item in (*context.before, *context.behind)
            if _is_called(item, fields)
        ]
        pieces = [*draft.pieces, Piece(struct.place.file, tuple(made), struct.key)]
        own = Draft(
            pieces=tuple(self._described(one) for one in pieces if one.items),
            fields=(self._fields(new),) if new else (),
            namings=tuple(self._namings),
            fillings=tuple(self._fillings(new, made)),
            notes=tuple(notes_of(self._desk, struct, fields)),
        )
        for context in contexts:
            context.support = {one for one in context.support if _is_used(one, (own, made))}
        needs = self._drafting.needs([(struct.place.file, context) for context in contexts])
        return replace(draft, pieces=()).with_(own).with_(needs)

    # New fields

    def _add(self, gap: Gap, name: str, ident: str) -> None:
        schema = self._schema(gap, name)
        is_table = gap.model.kind in TABLES
        for index, one in enumerate(self._new):  # of a table and of a model that are one struct
            if one.schema.name == name:
                self._new[index] = replace(one, ids=(*one.ids, ident))
                return
        context = self._context(gap.model)
        context.boxed = self._drafting.boxed_in(gap.model.key, [schema.wire])
        rust_name = distinct(styled(gap, name), self._names)
        struct = self._drafted_struct()
        try:
            if is_table:
                drafted = draft_column(context, schema, rust_name, struct)
            else:
                row = self._row(name)
                drafted = draft_field(context, schema, rust_name, struct, row)
        except UndraftableError as error:
            raise CannotPortError(str(error)) from error
        reason = objection(self._traits, schema, drafted.field, context.world, self._traits_of)
        if reason is not None:
            raise CannotPortError(f"{self._struct.name} can't have {rust_name}: {reason}")
        self._check_names(drafted)
        self._check_listings(rust_name, drafted)
        after = place_behind(gap, name, self._text)
        own = self._naming.own(rust_name)[1]
        wire = own if is_table else wire_names(self._naming, schema)[1]
        order = [one.name for one in gap.model.fields].index(name)
        self._new.append(_New((ident,), schema, drafted, after, order, wire))

    def _schema(self, gap: Gap, name: str) -> FieldSchema:
        fields = self._drafting.schema(gap.model.key).fields
        found = next((one for one in fields if one.name == name), None)
        if found is None:
            raise CannotPortError("what it is in the backend can't be told")
        return found

    def _context(self, model: Model) -> Context:
        """What the fields of one model are written with. What the struct doesn't validate isn't
        given limits."""
        if model.key not in self._contexts:
            file = self._struct.place.file
            world = self._drafting.world(file)
            context = self._drafting.context(model.key, file, self._struct.name, world)
            context.taken |= self._taken
            self._taken |= context.taken
            context.taken = self._taken
            if "Validate" not in self._traits:
                context.conventions = replace(context.conventions, validator=_UNLIMITED)
                context.unchecked = f"for {self._struct.name} doesn't derive Validate"
            self._contexts[model.key] = context
        return self._contexts[model.key]

    def _row(self, name: str) -> tuple[Context, FieldSchema] | None:
        """The column of the table that the struct is linked with, too."""
        if "FromRow" not in self._traits:
            return None
        for link in self._desk.snapshot.links.models:
            model = self._drafting.models.get(link.backend or "")
            if link.crate != self._struct.key or model is None or model.kind not in TABLES:
                continue
            for column in self._drafting.schema(model.key).fields:
                if column.name == name:
                    return self._context(model), column
        return None

    def _drafted_struct(self) -> Struct:
        seen = Counter(one.visibility for one in self._text.fields)
        visible = max(seen, key=lambda one: seen[one], default="pub")
        scopes = self._desk.workshop.scopes
        trait = scopes.name_of(self._struct.place.file, ("serde", "Deserialize"))
        rows = "FromRow" in self._traits
        return Struct(self._naming, rows, _VISIBLE.get(visible, "pub"), trait == "Deserialize")

    def _traits_of(self, key: str) -> frozenset[str] | None:
        found = self._drafting.places.counterpart(key, self._struct.place.file)
        return traits_of(self._desk, found) if found is not None else None

    def _fields(self, new: Sequence[_New]) -> NewFields:
        return NewFields(
            self._struct.place.file,
            self._struct.place,
            self._struct.key,
            tuple((one.drafted.field, one.after) for one in new),
            tuple((one.drafted.field.name, one.wire) for one in new),
        )

    def _described(self, piece: Piece) -> Piece:
        """New types in a struct that is described (for OpenAPI…) are described, too."""
        scopes, file = self._desk.workshop.scopes, self._struct.place.file
        more: list[Symbol] = []
        for written in self._struct.derives:
            path = tuple(written.split("::"))
            if path[-1] in SCHEMAS:
                more.append(Symbol(scopes.meant(file, path) or path))
        items = tuple(
            replace(item, derives=(*item.derives, *more))
            if isinstance(item, (ir.Struct, ir.Enum)) and more
            else item
            for item in piece.items
        )
        return replace(piece, items=items)

    def _check_names(self, drafted: Drafted) -> None:
        """Raises CannotPortError for a type that the struct's file can't name."""
        file, scopes = self._struct.place.file, self._desk.workshop.scopes
        for symbol in symbols_in(drafted.field.type):
            if not scopes.can_name(file, symbol.path):
                path = "::".join(symbol.path)
                raise CannotPortError(f"it needs {path}, which is private where it is")

    # Where fields are listed

    def _check_listings(self, name: str, drafted: Drafted) -> None:
        """Raises CannotPortError where a new field would have no value."""
        every = self._listings()
        unclear = [one for one in every if not one.sure or one.listing.kind in ("query", "unclear")]
        if unclear:
            raise CannotPortError(
                f"{self._struct.name} is made by a query's columns, or where it can't be told: "
                f"{shown(unclear)}"
            )
        literals = [one for one in every if one.listing.kind == "literal"]
        if literals and drafted.value is None:
            what = f"{self._struct.name} is made where nothing says a value for {name}"
            raise CannotPortError(f"{what}: {shown(literals)}")

    def _listings(self) -> list[Listed]:
        if self._listed is None:
            self._listed = listed(self._desk, self._struct)
        return self._listed

    def _fillings(self, new: Sequence[_New], made: Sequence[ir.Item]) -> list[Filling]:
        """Values for where the struct's fields are listed; in other files new types are named by
        their paths."""
        values = [
            (one.drafted.field.name, one.drafted.value)
            for one in new
            if one.drafted.value is not None
        ]
        names = frozenset(item.name for item in made if isinstance(item, (ir.Struct, ir.Enum)))
        module = self._desk.workshop.scopes.planned_path(self._struct.place.file)
        return [
            Filling(
                one.file,
                one.place,
                one.listing.path[-1],
                tuple((name, qualified(value, names, module)) for name, value in values),
            )
            for one in (self._listings() if new else ())
        ]

    # Names

    def _name(self, gap: Gap, field: Field, schema: FieldSchema) -> None:
        words = naming_words(self._naming, field, schema)
        if words is None:
            raise CannotPortError(f"{field.name} has the backend's names already")
        wire = wire_names(self._naming, schema)[1]
        for other in self._struct.fields:
            names = names_of_field(self._naming, other) if other.name != field.name else None
            if names is not None and wire in (names.written, *names.read):
                raise CannotPortError(f"{other.name} is called `{wire}` already")
        own = Naming(field.place.file, field.place, self._struct.key, field.name, words, wire)
        self._namings.append(own)


def _is_called(item: ir.Item, fields: Sequence[ir.Field]) -> bool:
    """Whether an item is no function, or one that an attribute names."""
    return not isinstance(item, ir.Function) or f'"{item.name}"' in repr(
        [one.attributes for one in fields]
    ).replace("'", "")


def _is_used(module: str, records: object) -> bool:
    """Whether a module of `wire` is named somewhere."""
    text = repr(records)
    return f"crate::wire::{module}::" in text or f"'wire', '{module}'" in text
