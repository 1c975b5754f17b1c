"""One `SELECT` that is put together of what SQLAlchemy's methods say, and run on the pool.

SQLAlchemy: its docs, "ORM Querying Guide", "Query": `first` limits to one row, `count` counts those
of the whole.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.queries.chains import Link, builder_of, chain_of, outside
from port_lsp.patterns.translate.queries.conditions import Binds, bound_value
from port_lsp.patterns.translate.queries.database import Reached, database_of
from port_lsp.patterns.translate.queries.tables import Column, Table, row_type, table_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import BOOL, I64, UntranslatedError, Val, is_none
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Tuple, named, symbol
from port_lsp.writing.printer.literals import string

WHERE = ("filter", "where")
IGNORED = ("execution_options", "yield_per")
"""What only says how rows are fetched, or is remembered."""
_NARROW = frozenset(("Integer", "INTEGER", "SmallInteger", "SMALLINT"))


class Nesting(Binds):
    """Values of a statement that others may stand in."""

    def nested(self, node: ast.Call) -> str | None:
        """`exists().where(…)`, `query.exists()`."""
        root, links = chain_of(node)
        first = root if isinstance(root, ast.Call) else links[0].call if links else None
        if first is not None and outside(self.scene, first.func, self.env) == "exists":
            rest = links if first is root else links[1:]
            return self._exists(first, rest)
        if len(links) > 1 and links[-1].name == "exists" and not links[-1].call.args:
            of = links[-1].call.func
            assert isinstance(of, ast.Attribute)
            inner = inner_select(self, of.value)
            return inner.existing() if inner is not None else None
        return None

    def _exists(self, first: ast.Call, rest: list[Link]) -> str:
        if len(first.args) == 1:
            inner = inner_select(self, first.args[0])
            if inner is not None and not rest:
                return inner.existing()
        if first.args or not rest:
            raise UntranslatedError("exists in a query")
        found = next((one for one in tables_in(self, rest)), None)
        if found is None:
            raise UntranslatedError("exists in a query")
        inner = Select(self.scene, found, self.env, self)
        for one in rest:
            inner.add(one)
        return inner.existing()

    def rows_of(self, node: ast.expr) -> str | None:
        """A statement that selects one column."""
        _, links = chain_of(node)
        named_so = links and links[-1].name in ("subquery", "scalar_subquery")
        if named_so and isinstance(links[-1].call.func, ast.Attribute):
            node = links[-1].call.func.value
        inner = inner_select(self, node)
        if inner is None:
            return None
        if len(inner.columns) != 1:
            raise UntranslatedError("a statement in the place of a list")
        return f"({inner.text()})"


def tables_in(binds: Binds, links: Sequence[Link]) -> list[Table]:
    """The tables that conditions speak of and that the statement around them hasn't."""
    found: list[Table] = []
    for one in links:
        for part in ast.walk(ast.Tuple([*one.call.args])):
            if isinstance(part, ast.Attribute):
                table = table_of(binds.scene, part.value, binds.env)
                if table is not None and all(table.key != each.key for each in binds.tables):
                    found.append(table)
    return found


def inner_select(binds: Binds, node: ast.expr) -> Select | None:
    """A statement inside of another; None for anything else. Raises UntranslatedError."""
    found = builder_of(binds.scene, node, binds.env)
    if found is None or found[0] not in ("query", "select"):
        return None
    made = select_of(binds.scene, found[1], found[2], binds.env, binds)
    if any(one.key == made.table.key for one in binds.tables):
        raise UntranslatedError("a table twice in a query")
    return made


def select_of(
    scene: Scene, call: ast.Call, links: Sequence[Link], env: Env, outer: Binds | None = None
) -> Select:
    """`select(…)` or `session.query(…)` with what is called on it. Raises UntranslatedError."""
    of = list(call.args)
    if call.keywords or any(isinstance(one, ast.Starred) for one in of):
        raise UntranslatedError("a query of what isn't known")
    for one in links:  # the last says what is selected
        if one.name in ("with_entities", "with_only_columns") and not one.call.keywords:
            of = list(one.call.args)
    table = _from(scene, call, links, of, env)
    select = Select(scene, table, env, outer)
    rest = [one for one in links if one.name not in ("with_entities", "with_only_columns")]
    rest = [one for one in rest if one.name != "select_from"]
    joins = [one for one in rest if one.name in ("join", "outerjoin")]
    select.binds.qualified = select.binds.qualified or bool(joins)
    for one in joins:
        select.join(one)
    if len(of) != 1 or table_of(scene, of[0], env) is None:
        select.select(of)
    elif table_of(scene, of[0], env) != table:
        raise UntranslatedError("a query of another table than it begins with")
    for one in rest:
        if one not in joins:
            select.add(one)
    return select


def _from(
    scene: Scene, call: ast.Call, links: Sequence[Link], of: Sequence[ast.expr], env: Env
) -> Table:
    """The table that a query begins with."""
    said = [one for one in links if one.name == "select_from"]
    if said:
        args = said[0].call.args
        table = table_of(scene, args[0], env) if len(args) == 1 and len(said) == 1 else None
        if table is None:
            raise UntranslatedError("a query of what is no table")
        return table
    found: list[Table] = []
    for one in (*call.args, *of):
        for part in ast.walk(one):
            table = None
            if isinstance(part, (ast.Name, ast.Attribute)):
                table = table_of(scene, part, env)
            if table is not None and all(table.key != each.key for each in found):
                found.append(table)
    joined = [one for one in links if one.name in ("join", "outerjoin") and one.call.args]
    others = [table_of(scene, one.call.args[0], env) for one in joined]
    found = [one for one in found if all(other is None or one.key != other.key for other in others)]
    if len(found) != 1:
        raise UntranslatedError("a query of what is no table")
    return found[0]


class Select:
    """A query that is put together."""

    def __init__(self, scene: Scene, table: Table, env: Env, outer: Binds | None = None) -> None:
        """Of a table's rows."""
        self.scene, self.table = scene, table
        self.reached: Reached = database_of(scene)
        self.binds = Nesting(scene, table, env, self.reached.database, outer)
        self.conditions: list[str] = []
        self.columns: list[Column] = []
        self.only_one = False
        self.orders: list[str] = []
        self.limit = self.offset = ""
        self.distinct = False
        self._joins: list[str] = []
        self._groups: list[str] = []
        self._havings: list[str] = []

    def add(self, link: Link) -> None:
        """A method that makes another query of it. Raises UntranslatedError."""
        call, name = link.call, link.name
        limited = bool(self.limit or self.offset)
        if name in WHERE and not call.keywords and not limited:
            self.conditions += self.binds.conditions(call.args)
            for one in call.args:
                self._look(one)
        elif name == "filter_by" and not call.args and not limited and not self._joins:
            for word in call.keywords:
                if word.arg is None:
                    raise UntranslatedError("`**` in a query")
                column = self.binds.named(self.table, word.arg)
                self.conditions.append(self.binds.equal(column, word.value))
                self._leaves(column)
        elif name == "order_by" and call.args and not call.keywords and not limited:
            self.orders += [self.ordered(one) for one in call.args]
        elif name == "limit" and len(call.args) == 1:
            self.limit = self._number(call.args[0])
        elif name == "offset" and len(call.args) == 1:
            self.offset = self._number(call.args[0])
        elif name == "distinct" and not call.args and not limited:
            self.distinct = True
        elif name == "group_by" and call.args and not call.keywords and not limited:
            self._groups += [self._column(one).sql for one in call.args]
        elif name == "having" and call.args and not call.keywords and not limited:
            self._havings += self.binds.conditions(call.args)
        elif name not in IGNORED:
            raise UntranslatedError(f"{name} of a query")

    def select(self, nodes: Sequence[ast.expr]) -> None:
        """Columns instead of whole rows."""
        for one in nodes:
            column = self._column(one)
            if column.type is None:
                raise UntranslatedError("a column of a type that isn't read")
            if self.reached.database == "postgres" and column.kind in _NARROW:
                raise UntranslatedError("a column of a narrow type by itself")
            self.columns.append(column)

    def join(self, link: Link) -> None:
        """`join(Model, condition)`, `outerjoin`."""
        call = link.call
        outer = link.name == "outerjoin"
        for word in call.keywords:
            on = isinstance(word.value, ast.Constant) and word.value.value is True
            if word.arg != "isouter" or not on:
                raise UntranslatedError("a join of a query")
            outer = True
        table = table_of(self.scene, call.args[0], self.binds.env) if call.args else None
        if table is None or len(call.args) != 2:
            raise UntranslatedError("a join of a query")
        if any(one.key == table.key for one in self.binds.tables):
            raise UntranslatedError("a table twice in a query")
        self.binds.tables.append(table)
        condition = self.binds.condition(call.args[1])
        self._joins.append(f" {'LEFT ' if outer else ''}JOIN {table.sql} ON {condition}")

    @property
    def is_joined(self) -> bool:
        """Whether it is of several tables."""
        return bool(self._joins)

    def _look(self, node: ast.expr) -> None:
        """Notes that a condition leaves one row at most: it asks for what only one has."""
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            column = self.binds.column(node.left)
            if column is not None and not self._joins:
                self._leaves(column)

    def _leaves(self, column: Column) -> None:
        keys = [one for _, one in self.table.columns if one.is_key]
        alone = len(keys) == 1 if column.is_key else column.is_unique and not column.nullable
        self.only_one = self.only_one or alone

    def _number(self, node: ast.expr) -> str:
        val = self.scene.value(node, self.binds.env)
        return "" if is_none(val) else self.binds.value(val, I64)

    def _column(self, node: ast.expr) -> Column:
        column = self.binds.operand(node)
        if column is None:
            raise UntranslatedError("a column of a query")
        return column

    def ordered(self, node: ast.expr) -> str:
        """What rows are ordered by."""
        way = ""
        words = {"asc": " ASC", "desc": " DESC", "nulls_first": " NULLS FIRST",
                 "nulls_last": " NULLS LAST", "nullsfirst": " NULLS FIRST",
                 "nullslast": " NULLS LAST"}  # fmt: skip
        while isinstance(node, ast.Call):
            word = outside(self.scene, node.func, self.binds.env)
            if word in words and len(node.args) == 1 and not node.keywords:
                way, node = words[word] + way, node.args[0]
            elif isinstance(node.func, ast.Attribute) and node.func.attr in words and not node.args:
                way, node = words[node.func.attr] + way, node.func.value
            else:
                break
        column = self.binds.operand(node)
        if column is None:
            raise UntranslatedError("an order of a query")
        return column.sql + way

    def source(self) -> str:
        """`FROM … WHERE …`."""
        where = f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        return f"FROM {self.table.sql}{''.join(self._joins)}{where}"

    @property
    def listed(self) -> str:
        """What is selected."""
        if self.columns:
            found = ", ".join(one.sql for one in self.columns)
        else:
            found = f"{self.table.sql}.*" if self._joins else "*"
        return f"DISTINCT {found}" if self.distinct else found

    def text(self, limit: str = "") -> str:
        """The whole; `limit` instead of its own."""
        listed = [one.sql for one in self.columns]
        if self.distinct and listed and any(one.split(" ")[0] not in listed for one in self.orders):
            raise UntranslatedError("distinct of a query that is ordered by something else")
        group = f" GROUP BY {', '.join(self._groups)}" if self._groups else ""
        having = f" HAVING {' AND '.join(self._havings)}" if self._havings else ""
        return f"SELECT {self.listed} {self.source()}{group}{having}{self.end(limit)}"

    def end(self, limit: str = "") -> str:
        """`ORDER BY … LIMIT … OFFSET …`."""
        order = f" ORDER BY {', '.join(self.orders)}" if self.orders else ""
        limit = limit or (f" LIMIT {self.limit}" if self.limit else "")
        if self.offset:
            missing = " LIMIT -1" if self.reached.database == "sqlite" else ""
            limit = f"{limit or missing} OFFSET {self.offset}"
        return order + limit

    def row(self) -> AnyType:
        """What a row is read as: the table's struct, or its columns."""
        if not self.columns:
            return row_type(self.scene, self.table)
        return Tuple(tuple(_read_as(one) for one in self.columns))

    def first(self) -> Val:
        """The first row, if there is one."""
        if self.limit:
            raise UntranslatedError("first of a limited query")
        return self.rows("fetch_optional", " LIMIT 1")

    def rows(self, fetch: str, limit: str = "") -> Val:
        """Rows of the table's struct, or of columns."""
        kind = self.row()
        made = self._call("query_as", self.text(limit), kind)
        holder = "Vec" if fetch == "fetch_all" else "Option"
        return self.run(made, fetch, named(holder, kind))

    def values(self, fetch: str) -> Val:
        """The first column of rows; of whole rows they themselves."""
        if not self.columns:
            return self.rows(fetch)
        kind = _read_as(self.columns[0])
        self.columns = self.columns[:1]
        made = self._call("query_scalar", self.text(), kind)
        if fetch == "fetch_optional" and self.columns[0].nullable:  # None is either
            found = self.run(made, fetch, kind)
            return Val(b.Method(found.expr, "flatten"), kind)
        holder = {"fetch_all": "Vec", "fetch_optional": "Option"}[fetch]
        return self.run(made, fetch, named(holder, kind))

    @property
    def is_one_value(self) -> bool:
        """Whether it gives exactly one row: what is computed of all of them."""
        starts = ("COUNT(", "MAX(", "MIN(", "SUM(", "AVG(", "CAST(SUM(", "CAST(AVG(")
        return (
            bool(self.columns) and not self._groups and not self.limit and not self.offset
            and all(one.sql.startswith(starts) for one in self.columns)
        )  # fmt: skip

    def value(self) -> Val:
        """The one value of `is_one_value`."""
        return self.scalar(self.text(), _read_as(self.columns[0]))

    def count(self) -> Val:
        """How many rows there are."""
        return self.scalar(self.counting(), I64)

    def counting(self) -> str:
        """The statement that counts the rows."""
        if self.limit or self.offset or self.distinct or self._groups:
            return f"SELECT COUNT(*) FROM ({self.text()}) AS counted"  # noqa: S608 - names quoted, values bound
        return f"SELECT COUNT(*) {self.source()}"

    def exists(self) -> Val:
        """Whether there are any rows."""
        return self.scalar(f"SELECT {self.existing()}", BOOL)

    def existing(self) -> str:
        """The condition that there are any rows."""
        if self.limit or self.offset or self._groups:
            raise UntranslatedError("exists of a limited query")
        return f"EXISTS (SELECT 1 {self.source()})"

    def scalar(self, sql: str, kind: AnyType) -> Val:
        """One value."""
        return self.run(self._call("query_scalar", sql, kind), "fetch_one", kind)

    def delete(self) -> Val:
        """How many rows are deleted."""
        if self.limit or self.offset or self.orders or self._joins or self.distinct:
            raise UntranslatedError("delete of a limited query")
        return self.executed(f"DELETE {self.source()}")

    def returned(self, sql: str, kind: AnyType) -> Val:
        """A statement that writes one row and gives it."""
        return self.run(self._call("query_as", sql, kind), "fetch_one", kind)

    def executed(self, sql: str) -> Val:
        """A statement that writes: how many rows."""
        made = self.run(self._call("query", sql, None), "execute", UNIT)
        return Val(b.Cast(b.Method(made.expr, "rows_affected"), I64), I64)

    def bound(self, val: Val, column: Column) -> str:
        """A value as what is written into a column."""
        return self.binds.number(bound_value(val, column.type))

    def _call(self, name: str, sql: str, kind: AnyType | None) -> b.Expr:
        args = () if kind is None else (named("_"), kind)
        made: b.Expr = b.Call(b.Path(symbol(f"sqlx::{name}"), args=args), (b.Lit(string(sql)),))
        for one in self.binds.values:
            made = b.Method(made, "bind", (one,))
        return made

    def run(self, made: b.Expr, fetch: str, kind: AnyType) -> Val:
        """What a call gives that waits for the database."""
        return Val(b.Try(b.Await(b.Method(made, fetch, (self.reached.pool,)))), kind)


def _read_as(column: Column) -> AnyType:
    assert column.type is not None
    return named("Option", column.type) if column.nullable else column.type
