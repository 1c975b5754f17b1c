"""The rows that gates look up: a struct for each such table, and a function for each lookup.

SQL for SQLite and PostgreSQL alike; sqlx takes `$1` for both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from port_lsp.facts.source import Record
from port_lsp.patterns.ground.facts import RowStruct
from port_lsp.patterns.names import camel, distinct, snake
from port_lsp.types.auth import Row
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, Symbol, named, symbol
from port_lsp.writing.printer.literals import raw_string, string

_SECRET = re.compile(r"pass|hash|secret|salt|token|(?:^|_)key(?:$|_)", re.I)
_TYPES = {"str": "String", "int": "i64", "float": "f64", "bool": "bool", "uuid": "String",
          "literal": "String"}  # fmt: skip


class ColumnOf(Record, frozen=True):
    """A column that is read: its field in Rust, its type without null, the SQL that reads it, and
    the two sides of a comparison with a parameter, which is a text. `variants` are an enum's, by
    its members' values, each with the enum's path and its name."""

    field: str
    kind: str
    nullable: bool
    reads: str
    left: str
    right: str = "{}"
    variants: tuple[tuple[str, Symbol, str], ...] = ()


class Caller(Record, frozen=True):
    """A table's row: its struct and its columns by the model's fields; `path` is that of a struct
    that stands elsewhere in the crate."""

    name: str
    table: str
    columns: tuple[tuple[str, ColumnOf], ...]
    path: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The struct as it is written."""
        return self.name if not self.path else "::".join(self.path)

    def column(self, name: str) -> ColumnOf | None:
        """A column by the model's field."""
        return next((one for field, one in self.columns if field == name), None)


def callers_of(
    schemas: Mapping[str, ModelSchema], rows: Iterable[Row], used: Mapping[str, set[str]]
) -> dict[str, Caller]:
    """The rows' structs by their models. `used` are the fields that gates look at: what speaks of a
    secret is read only where it is one of them."""
    models = list(dict.fromkeys(row.model for row in rows))
    found: dict[str, Caller] = {}
    for key in models:
        schema = schemas[key]
        name = "Caller" if len(models) == 1 else f"{camel(schema.name)}Caller"
        taken: set[str] = set()
        columns = tuple(
            (field.name, column)
            for field in schema.fields
            if field.name in used.get(key, ()) or not _SECRET.search(field.name)
            if (column := _column(field, schemas, taken)) is not None
        )
        found[key] = Caller(name, schema.table or schema.name, columns)
    return found


def with_rows(
    callers: Mapping[str, Caller],
    rows: Iterable[RowStruct],
    schemas: Mapping[str, ModelSchema],
    asked: Mapping[str, set[str]],
) -> dict[str, Caller]:
    """The callers with the crate's own structs in place of those whose columns can all be asked
    for; `asked` are the fields of models whose values gates look at."""
    found = dict(callers)
    for row in rows:
        if row.key not in callers:
            continue
        if any(one.kind == "" and one.name in asked.get(row.key, ()) for one in row.fields):
            continue
        by_name = {one.name: one for one in schemas[row.key].fields}
        columns: list[tuple[str, ColumnOf]] = []
        for one in row.fields:
            column = _column(by_name[one.name], schemas, set())
            if column is None:
                continue
            kind = one.kind or column.kind
            variants = tuple(
                (str(json.loads(value)), Symbol(one.path), variant)
                for value, variant in one.variants
                if isinstance(json.loads(value), str)
            )
            columns.append((
                one.name,
                replace(
                    column, field=one.field, kind=kind, nullable=one.nullable, variants=variants
                ),
            ))  # fmt: skip
        found[row.key] = Caller(row.path[-1], callers[row.key].table, tuple(columns), row.path)
    return found


def _column(
    field: FieldSchema, schemas: Mapping[str, ModelSchema], taken: set[str]
) -> ColumnOf | None:
    wire = field.wire.args[0] if field.wire.kind == "optional" else field.wire
    enum = schemas.get(wire.name) if wire.kind == "ref" else None
    kind = "String" if enum is not None and enum.kind == "enum" else _TYPES.get(wire.kind)
    if kind is None or field.column is None:
        return None
    name = f'"{field.column}"'
    text = f"CAST({name} AS TEXT)"
    reads, left, right = name, name, "{}"
    nullable = field.nullable or field.wire.kind == "optional"
    if enum is not None:
        # SQLAlchemy stores a member's name, unless `values_callable` says otherwise.
        cases = "".join(
            f" WHEN {_sql(member.name)} THEN {_sql(member.value.strip(chr(34)))}"
            for member in enum.members
            if member.value is not None and member.value.strip('"') != member.name
        )
        reads = left = f"CASE {text}{cases} ELSE {text} END" if cases else text
    elif kind == "i64":
        reads, right = f"CAST({name} AS BIGINT)", "CAST({} AS BIGINT)"
    elif kind == "f64":
        reads = f"CAST({name} AS DOUBLE PRECISION)"
    elif wire.kind == "uuid":
        reads = text
        left, right = f"REPLACE({text}, '-', '')", "REPLACE({}, '-', '')"
    return ColumnOf(distinct(snake(field.name), taken), kind, nullable, reads, left, right)


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def lookup_name(caller: Caller, row: Row) -> str:
    """The function that looks a row up: `caller_by_id`."""
    fields = "_and_".join(snake(field) for field, _ in row.where)
    return f"{snake(caller.name)}_by_{fields}"


def caller_items(callers: Mapping[str, Caller], rows: Sequence[Row]) -> tuple[i.Item, ...]:
    """The structs, and a function for each way in which rows are looked up."""
    items: list[i.Item] = [_struct(caller) for caller in callers.values() if not caller.path]
    done: set[str] = set()
    for row in rows:
        name = lookup_name(callers[row.model], row)
        if name not in done:
            done.add(name)
            items.append(_lookup(name, callers[row.model], row))
    return tuple(items)


def _struct(caller: Caller) -> i.Struct:
    fields = tuple(i.Field(column.field, _type(column)) for _, column in caller.columns)
    derives = (symbol("Clone"), symbol("Debug"))
    docs = (f"Who asks: a row of `{caller.table}`, without what is secret.",)
    return i.Struct(caller.name, fields, derives=derives, docs=docs)


def _type(column: ColumnOf) -> AnyType:
    kind = named(column.kind)
    return named("Option", kind) if column.nullable else kind


def _lookup(name: str, caller: Caller, row: Row) -> i.Function:
    columns = dict(caller.columns)
    params = [i.Param(b.Bind("db"), Reference(named("Pool")))]
    for field, _ in row.where:
        params.append(i.Param(b.Bind(columns[field].field), Reference(named("str"))))
    binds = [columns[field].field for field, _ in row.where]
    docs = (f"The row whose {' and '.join(field for field, _ in row.where)} it is.",)
    returns = named("Result", named("Option", named(caller.written)), named("sqlx::Error"))
    if caller.path:
        kinds = (named("_"), named(caller.written))
        asked: b.Expr = b.Call(
            b.Path(symbol("sqlx::query_as"), args=kinds), (b.Name(name.upper()),)
        )
        for one in binds:
            asked = b.Method(asked, "bind", (b.Name(one),))
        tail = b.Await(b.Method(asked, "fetch_optional", (b.Name("db"),)))
        body = b.Block((), tail)
        return i.Function(
            name, tuple(params), returns, body, is_async=True, visibility="pub", docs=docs
        )
    query: b.Expr = b.Call(b.Path(symbol("sqlx::query")), (b.Name(name.upper()),))
    for one in binds:
        query = b.Method(query, "bind", (b.Name(one),))
    found = b.Await(b.Method(b.Name("query"), "fetch_optional", (b.Name("db"),)))
    values = tuple(
        (one.field, b.Try(b.Method(b.Name("row"), "try_get", (b.Lit(string(one.field)),))))
        for one in columns.values()
    )
    made = b.Call(
        b.Path(symbol("Ok")),
        (b.Call(b.Path(symbol("Some")), (b.StructLiteral(symbol(caller.name), values),)),),
    )
    nobody = b.Block((b.Do(b.Jump("return", b.Call(b.Path(symbol("Ok")), (b.Name("None"),)))),))
    some = b.TuplePattern(symbol("Some"), (b.Bind("row"),))
    body = b.Block(
        (
            b.Let(b.Bind("query"), query),
            b.Let(b.Bind("found"), b.Try(found)),
            b.Let(some, b.Name("found"), otherwise=nobody),
        ),
        made,
    )
    return i.Function(
        name, tuple(params), returns, body, is_async=True, visibility="pub", docs=docs
    )


def statements_of(callers: Mapping[str, Caller], rows: Sequence[Row]) -> list[dict[str, str]]:
    """The lookups' SQL, each with the name of its constant."""
    found: dict[str, str] = {}
    for row in rows:
        caller = callers[row.model]
        columns = dict(caller.columns)
        listed = ",\n".join(f'    {one.reads} AS "{one.field}"' for one in columns.values())
        tests = (
            f"{columns[field].left} = {columns[field].right.format(f'${at}')}"
            for at, (field, _) in enumerate(row.where, 1)
        )
        if caller.path:
            sql = f'SELECT * FROM "{caller.table}" WHERE {" AND ".join(tests)}'  # noqa: S608 - names quoted, values bound
        else:
            sql = f'\nSELECT\n{listed}\nFROM "{caller.table}"\nWHERE {" AND ".join(tests)}\n'
        found[lookup_name(caller, row).upper()] = raw_string(sql)
    return [{"name": name, "sql": sql} for name, sql in found.items()]
