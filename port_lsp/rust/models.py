"""The crate's models: structs and enums that carry data, and aliases of them.

The step over the crate: which types count (they derive or implement a trait that reads or writes
them), what a type alias stands for, which model a `#[serde(flatten)]` brings in, what a default's
function gives, and to which table the rows of a struct belong.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from port_lsp.facts.items import Constraint, Field, Model, ModelKind, Query
from port_lsp.facts.source import Place
from port_lsp.rust.serde import FieldFact, TypeFact, is_optional
from port_lsp.rust.sqlx import tables
from port_lsp.rust.typetable import PlacedType, Types, arguments, head

_MODEL_TRAITS = """
    Serialize Deserialize DeserializeOwned Serialize_repr Deserialize_repr SerializeDisplay
    DeserializeFromStr FromRow Validate MultipartForm TryFromMultipart Queryable QueryableByName
    Insertable AsChangeset Selectable DeriveEntityModel FromQueryResult
"""
MODEL_TRAITS = frozenset(_MODEL_TRAITS.split())
_ROW_TRAITS = frozenset({"FromRow", "Queryable", "QueryableByName", "FromQueryResult"})
_OWN_DEFAULTS = ("Default::default()", "Self::default()")
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_DEEPEST = 8  # aliases of aliases


class Kept(NamedTuple):
    """A model that was made, and what it was made of. `alone` says that nothing of it was looked
    up elsewhere, so that it stands as long as its own type does, `row` that its table is the one
    that statements name."""

    placed: PlacedType
    table: str | None
    names: frozenset[str]
    model: Model
    alone: bool
    row: bool = False
    plain: Model | None = None


def models(
    types: Types,
    implemented: Iterable[tuple[str, str, str]],
    values: Mapping[tuple[str, str], str],
    rows: Mapping[str, str],
    kept: dict[str, Kept],
) -> tuple[Model, ...]:
    """Every model of the crate, in the order of `types`.

    `implemented` are (file, type as written, trait) of the crate's impls, `values` the texts of
    functions that are one expression, by file and qualified name, `rows` those of `row_tables`.
    `kept` are models by key from the last time, and is brought up to date.
    """
    counted = {key for key, placed in types.by_key.items() if _makes_model(placed.fact.derives)}
    for file, name, trait in implemented:
        if trait in MODEL_TRAITS and (key := types.key_of(file, "", name)) is not None:
            counted.add(key)
    making = _Making(types, values, rows, kept)
    found: list[Model] = []
    for key, placed in types.by_key.items():
        if placed.fact.kind == "alias":
            model = making.alias(key, placed, counted)
            if model is not None:
                found.append(model)
        elif key in counted:
            found.append(making.model(key, placed))
        elif placed.fact.kind in ("struct", "enum"):
            model = making.model(key, placed)
            if model.fields:
                found.append(making.plain(key, model))
    kept.clear()
    kept.update(making.made)
    return tuple(found)


@lru_cache(maxsize=4096)
def _makes_model(derives: tuple[str, ...]) -> bool:
    for trait in derives:
        path, _, name = trait.rpartition("::")
        if name in MODEL_TRAITS or (name == "Type" and path in ("", "sqlx")):
            return True
    return False


def row_tables(types: Types, queries: Iterable[Query]) -> dict[str, str]:
    """The table that most of a row type's statements name first, by the type's key."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for query in queries:
        if query.sql is None or query.row_type is None:
            continue
        file, _, function = query.function.partition("::")
        scope = function.rpartition("::")[0]
        key = types.key_of(file, f"{scope}::" if scope else "", head(query.row_type))
        if key is not None and (named := tables(query.sql)):
            votes[key][named[0]] += 1
    return {key: counted.most_common(1)[0][0] for key, counted in votes.items()}


class _Making:
    """Makes models out of types."""

    def __init__(
        self,
        types: Types,
        values: Mapping[tuple[str, str], str],
        rows: Mapping[str, str],
        kept: Mapping[str, Kept],
    ) -> None:
        self.types, self.values, self.rows = types, values, rows
        self.kept = kept
        self.made: dict[str, Kept] = {}
        self.alone = True
        # Names that may stand for an Option; all other types needn't be looked up.
        self.aliases = frozenset(
            placed.fact.name.rpartition("::")[2]
            for placed in types.by_key.values()
            if placed.fact.kind == "alias"
            or any(attribute.name == "transparent" for attribute in placed.fact.attributes)
        )

    def model(self, key: str, placed: PlacedType) -> Model:
        """A struct or an enum."""
        fact = placed.fact
        last = self.kept.get(key)
        if last is not None and self.stands(last, key, placed):
            self.made[key] = last
            return last.model
        table = fact.table
        row = table is None and any(t.rpartition("::")[2] in _ROW_TRAITS for t in fact.derives)
        if row:
            table = self.rows.get(key)
        self.alone = True
        kind: ModelKind = "enum" if fact.kind == "enum" else "struct"
        model = Model(
            key,
            kind,
            fact.name.rpartition("::")[2],
            Place(placed.file, placed.chunk, fact.span),
            tuple(self.field(key, placed, field) for field in fact.fields),
            table=table,
            attributes=tuple(_attributes(fact)),
            derives=fact.derives,
        )
        self.made[key] = Kept(placed, table, self.aliases, model, self.alone, row)
        return model

    def stands(self, last: Kept, key: str, placed: PlacedType) -> bool:
        """Whether a model is what it was the last time."""
        if not last.alone or last.placed != placed or last.names != self.aliases:
            return False
        return not last.row or last.table == self.rows.get(key)

    def plain(self, key: str, model: Model) -> Model:
        """A model that is no part of a wire or a row."""
        made = self.made[key]
        if made.plain is None:
            plain = msgspec.structs.replace(model, plain=True)
            made = self.made[key] = made._replace(plain=plain)
        return made.plain or model

    def alias(self, key: str, placed: PlacedType, counted: set[str]) -> Model | None:
        """An alias of a model, with the model's fields and their types' parameters put in."""
        target, given = self.follow(placed)
        if target is None or target not in counted:
            return None
        aimed = self.types.by_key[target]
        put = dict(zip(aimed.fact.generics, given, strict=False))
        model = self.model(target, aimed)
        fields = tuple(_with(field, put) for field in model.fields) if put else model.fields
        fact = placed.fact
        return Model(
            key,
            "alias",
            fact.name.rpartition("::")[2],
            Place(placed.file, placed.chunk, fact.span),
            fields,
            bases=(target,),
            table=model.table,
            attributes=model.attributes,
            derives=model.derives,
        )

    def follow(self, placed: PlacedType) -> tuple[str | None, tuple[str, ...]]:
        """The type that an alias stands for in the end, and the arguments it gives it."""
        given: tuple[str, ...] = ()
        for _ in range(_DEEPEST):
            if placed.fact.kind != "alias" or not placed.fact.target:
                break
            written = placed.fact.target
            key = self.types.key_of(placed.file, _scope(placed.fact), head(written))
            if key is None:
                return None, ()
            given = arguments(written)
            placed = self.types.by_key[key]
            if placed.fact.kind != "alias":
                return key, given
        return None, ()

    def field(self, owner: str, placed: PlacedType, fact: FieldFact) -> Field:
        """One field, with what only the whole crate knows of it."""
        required = fact.required
        kind = fact.annotation or ""
        if required and placed.fact.kind == "struct" and not _reads_itself(fact):
            required = not self.may_miss(placed, kind)
        return Field(
            fact.name,
            fact.annotation,
            required,
            Place(placed.file, placed.chunk, fact.span),
            owner,
            self.default(placed, fact.default),
            fact.alias,
            fact.column,
            tuple(self.constraints(placed, fact)),
        )

    def constraints(self, placed: PlacedType, fact: FieldFact) -> Iterator[Constraint]:
        """Those of the field; `flatten` says the key of the model whose fields it brings in, and
        `fields` of a variant the names of its own on the wire."""
        for constraint in fact.constraints:
            if constraint.name in ("flatten", "sqlx.flatten"):
                path = head(_unwrapped(fact.annotation or ""))
                self.alone = False
                key = self.types.key_of(placed.file, _scope(placed.fact), path)
                yield Constraint(constraint.name, key or "")
            else:
                yield constraint
        if fact.inner and not fact.inner[0].name.isdigit():
            yield Constraint("fields", ", ".join(inner.alias or inner.name for inner in fact.inner))

    def may_miss(self, placed: PlacedType, kind: str) -> bool:
        """Whether a type that isn't written as an Option is one: an alias, or transparent."""
        for _ in range(_DEEPEST):
            if is_optional(kind):
                return True
            path = head(kind)
            if path.rpartition("::")[2] not in self.aliases:
                return False
            self.alone = False
            key = self.types.key_of(placed.file, _scope(placed.fact), path)
            if key is None:
                return False
            placed = self.types.by_key[key]
            fact = placed.fact
            if fact.kind != "alias" and len(fact.fields) != 1:
                return False
            inner = fact.target if fact.kind == "alias" else fact.fields[0].annotation
            kind = inner or ""
        return False

    def default(self, placed: PlacedType, written: str | None) -> str | None:
        """The value that a default's function gives, where that is one expression."""
        if written is None or not written.endswith("()") or written in _OWN_DEFAULTS:
            return written
        self.alone = False
        name = written[:-2]
        for scope in (_scope(placed.fact), ""):
            if (value := self.values.get((placed.file, scope + name))) is not None:
                return value
        return written


def _reads_itself(fact: FieldFact) -> bool:
    """Whether a function of the crate reads a field: that one is never asked what is missing."""
    return any(c.name in ("with", "deserialize_with") for c in fact.constraints)


def _attributes(fact: TypeFact) -> Iterator[Constraint]:
    yield from fact.attributes
    if fact.generics:
        yield Constraint("generics", ", ".join(fact.generics))
    if fact.shape != "named":
        yield Constraint("shape", fact.shape)
    if fact.condition:
        yield Constraint("cfg", fact.condition)


def _scope(fact: TypeFact) -> str:
    outer = fact.name.rpartition("::")[0]
    return f"{outer}::" if outer else ""


def _unwrapped(kind: str) -> str:
    """What an Option or a Box holds."""
    while head(kind).rpartition("::")[2] in ("Option", "Box", "Arc") and (inner := arguments(kind)):
        kind = inner[0]
    return kind


def _with(field: Field, put: Mapping[str, str]) -> Field:
    kind = field.annotation
    if kind is None:
        return field
    kind = _WORD.sub(lambda match: put.get(match.group(), match.group()), kind)
    return Field(
        field.name,
        kind,
        field.required and not is_optional(kind),
        field.place,
        field.owner,
        field.default,
        field.alias,
        field.column,
        field.constraints,
    )
