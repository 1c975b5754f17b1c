"""One `SELECT` that is put together of what SQLAlchemy's methods say: its text.

SQLAlchemy: its docs, "ORM Querying Guide", "Query": `count` counts the rows of the whole.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.queries.chains import loads_only, outside
from port_lsp.patterns.translate.queries.conditions import Binds
from port_lsp.patterns.translate.queries.database import Reached, database_of
from port_lsp.patterns.translate.queries.links import Link
from port_lsp.patterns.translate.queries.tables import Column, Table, table_of, whole_row
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import I64, UntranslatedError, is_none

WHERE = ("filter", "where")
IGNORED = ("execution_options", "yield_per")
"""What only says how rows are fetched, or is remembered."""
_NARROW = frozenset(("Integer", "INTEGER", "SmallInteger", "SMALLINT"))


class Statement:
    """A query that is put together."""

    def __init__(self, scene: Scene, table: Table, binds: Binds) -> None:
        """Of a table's rows, with the values that the whole statement has."""
        self.scene, self.table, self.binds = scene, table, binds
        self.reached: Reached = database_of(scene)
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
        elif name == "options" and loads_only(self.scene, call, self.binds.env):
            return  # what belongs to a row is asked for when somebody reads it
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
            return self._distinct(", ".join(one.sql for one in self.columns))
        found, computed = whole_row(self.scene, self.table, self._of)
        ordered = {one.split(" ")[0].removeprefix(self._of) for one in self.orders}
        if ordered.intersection(computed) or (computed and self._groups):
            raise UntranslatedError("a query that is ordered by JSON")
        return self._distinct(found)

    @property
    def _of(self) -> str:
        """What stands before the names of the table's columns."""
        return f"{self.table.sql}." if self._joins else ""

    def _distinct(self, listed: str) -> str:
        return f"DISTINCT {listed}" if self.distinct else listed

    def text(self, limit: str = "", *, counted: bool = False) -> str:
        """The whole; `limit` instead of its own. Rows that are only `counted` aren't read."""
        listed = [one.sql for one in self.columns]
        if self.distinct and listed and any(one.split(" ")[0] not in listed for one in self.orders):
            raise UntranslatedError("distinct of a query that is ordered by something else")
        group = f" GROUP BY {', '.join(self._groups)}" if self._groups else ""
        having = f" HAVING {' AND '.join(self._havings)}" if self._havings else ""
        what = self.listed if self.columns or not counted else self._distinct(f"{self._of}*")
        return f"SELECT {what} {self.source()}{group}{having}{self.end(limit)}"

    def end(self, limit: str = "") -> str:
        """`ORDER BY … LIMIT … OFFSET …`."""
        order = f" ORDER BY {', '.join(self.orders)}" if self.orders else ""
        limit = limit or (f" LIMIT {self.limit}" if self.limit else "")
        if self.offset:
            missing = " LIMIT -1" if self.reached.database == "sqlite" else ""
            limit = f"{limit or missing} OFFSET {self.offset}"
        return order + limit

    def counting(self) -> str:
        """The statement that counts the rows."""
        if self.limit or self.offset or self.distinct or self._groups:
            return f"SELECT COUNT(*) FROM ({self.text(counted=True)}) AS counted"  # noqa: S608 - names quoted, values bound
        return f"SELECT COUNT(*) {self.source()}"

    def existing(self) -> str:
        """The condition that there are any rows."""
        if self.limit or self.offset or self._groups:
            raise UntranslatedError("exists of a limited query")
        return f"EXISTS (SELECT 1 {self.source()})"
