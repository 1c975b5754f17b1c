"""A `SELECT` that is run on the pool.

SQLAlchemy: its docs, "ORM Querying Guide", "Query": `first` limits to one row.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.queries.conditions import bound_value
from port_lsp.patterns.translate.queries.database import database_of
from port_lsp.patterns.translate.queries.links import Link
from port_lsp.patterns.translate.queries.nesting import Nesting, put_together
from port_lsp.patterns.translate.queries.statement import Statement
from port_lsp.patterns.translate.queries.tables import Column, Table, row_type
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import BOOL, I64, UntranslatedError, Val
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Tuple, named, symbol
from port_lsp.writing.printer.literals import string


def select_of(scene: Scene, call: ast.Call, links: Sequence[Link], env: Env) -> Select:
    """`select(…)` or `session.query(…)` with what is called on it. Raises UntranslatedError."""
    return put_together(lambda table: Select(scene, table, env), scene, call, links, env)


class Select(Statement):
    """A query that is put together, and what may be done with it."""

    def __init__(self, scene: Scene, table: Table, env: Env) -> None:
        """Of a table's rows."""
        super().__init__(scene, table, Nesting(scene, table, env, database_of(scene).database))

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

    def exists(self) -> Val:
        """Whether there are any rows."""
        return self.scalar(f"SELECT {self.existing()}", BOOL)

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
