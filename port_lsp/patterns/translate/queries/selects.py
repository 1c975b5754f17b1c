"""Queries that give rows or say something of them: SQLAlchemy's `session.query(Model)…` and
`select(Model)…`, as statements that are made once and run on the pool.

SQLAlchemy: its docs, "ORM Querying Guide", "Query": `first` limits to one row, `count` counts those
of the whole.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from port_lsp.patterns.translate.queries.conditions import Binds
from port_lsp.patterns.translate.queries.database import Reached, database_of, is_session
from port_lsp.patterns.translate.queries.tables import Table, row_type, table_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import BOOL, I64, UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, named, symbol
from port_lsp.writing.printer.literals import string

_WHERE = ("filter", "where")


class Link(NamedTuple):
    """A method of a chain: its name and its call."""

    name: str
    call: ast.Call


def chain_of(node: ast.expr) -> tuple[ast.expr, list[Link]]:
    """What a chain of calls starts with, and its links in order."""
    links: list[Link] = []
    while True:
        if isinstance(node, ast.Await):
            node = node.value
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            break
        links.insert(0, Link(node.func.attr, node))
        node = node.func.value
    return node, links


def queried(scene: Scene, node: ast.expr, env: Env) -> Val | None:
    """The value of a query; None for what is none. Raises UntranslatedError."""
    root, links = chain_of(node)
    if not links or not is_session(scene, root, env):
        return None
    first, rest = links[0], links[1:]
    if first.name == "get" and not rest and len(first.call.args) == 2:
        return _got(scene, first.call, env)
    if first.name == "query" and len(first.call.args) == 1 and rest:
        return _query(scene, first.call.args[0], rest, env)
    if first.name in ("execute", "scalars", "scalar") and len(first.call.args) == 1:
        return _selected(scene, first, rest, env)
    raise UntranslatedError(f"{first.name} of a session")


def _got(scene: Scene, call: ast.Call, env: Env) -> Val:
    """`session.get(Model, key)`."""
    select = Select(scene, _table(scene, call.args[0], env), env)
    keys = [column for _, column in select.table.columns if column.is_key]
    if len(keys) != 1 or call.keywords:
        raise UntranslatedError("get of a session")
    select.conditions.append(select.binds.equal(keys[0], call.args[1]))
    return select.rows("fetch_optional", "")


def _query(scene: Scene, of: ast.expr, links: list[Link], env: Env) -> Val:
    """`session.query(Model)…` with the method that runs it."""
    *built, last = links
    if last.name == "scalar" and not built and isinstance(of, ast.Call):
        return _exists(scene, of, env)
    select = Select(scene, _table(scene, of, env), env)
    for one in built:
        select.add(one)
    if last.call.args or last.call.keywords:
        raise UntranslatedError(f"{last.name} of a query")
    if last.name == "first":
        return select.first()
    if last.name == "all":
        return select.rows("fetch_all", "")
    if last.name == "count":
        return select.count()
    raise UntranslatedError(f"{last.name} of a query")


def _exists(scene: Scene, of: ast.Call, env: Env) -> Val:
    """`session.query(session.query(Model)….exists()).scalar()`."""
    root, links = chain_of(of)
    known = len(links) > 1 and links[0].name == "query" and links[-1].name == "exists"
    if not known or not is_session(scene, root, env) or len(links[0].call.args) != 1:
        raise UntranslatedError("scalar of a query")
    select = Select(scene, _table(scene, links[0].call.args[0], env), env)
    for one in links[1:-1]:
        select.add(one)
    return select.scalar(f"SELECT EXISTS (SELECT 1 {select.source()})", BOOL)


def _selected(scene: Scene, first: Link, links: list[Link], env: Env) -> Val:
    """`session.execute(select(Model)…)` and its like, with what takes the result."""
    root, built = chain_of(first.call.args[0])
    meaning = scene.meaning(root.func, env) if isinstance(root, ast.Call) else None
    selects = isinstance(meaning, m.Outside) and meaning.name.rpartition(".")[2] == "select"
    if not isinstance(root, ast.Call) or not selects or len(root.args) != 1:
        raise UntranslatedError("a statement of a query")
    select = Select(scene, _table(scene, root.args[0], env), env)
    for one in built:
        select.add(one)
    names = tuple(one.name for one in links)
    if any(one.call.args or one.call.keywords for one in links):
        raise UntranslatedError("what takes the rows of a query")
    if first.name == "execute" and names[:1] == ("scalars",):
        names = names[1:]
        if names == ("all",):
            return select.rows("fetch_all", "")
    elif first.name == "scalars" and names == ("all",):
        return select.rows("fetch_all", "")
    # `first` takes one row of those that come; `one_or_none` refuses several.
    if names == ("first",) or (first.name == "scalar" and not names):
        return select.rows("fetch_optional", "")
    raise UntranslatedError("what takes the rows of a query")


def _table(scene: Scene, node: ast.expr, env: Env) -> Table:
    found = table_of(scene, node, env)
    if found is None:
        raise UntranslatedError("a query of what is no table")
    return found


class Select:
    """A query that is put together."""

    def __init__(self, scene: Scene, table: Table, env: Env) -> None:
        """Of a table's rows."""
        self.scene, self.table = scene, table
        self.reached: Reached = database_of(scene)
        self.binds = Binds(scene, table, env, self.reached.database)
        self.conditions: list[str] = []
        self._order: list[str] = []
        self._limit = self._offset = ""

    def add(self, link: Link) -> None:
        """A method that makes another query of it. Raises UntranslatedError."""
        call, name = link.call, link.name
        limited = bool(self._limit or self._offset)
        if name in _WHERE and not call.keywords and not limited:
            self.conditions += [self.binds.condition(one) for one in call.args]
        elif name == "filter_by" and not call.args and not limited:
            for word in call.keywords:
                if word.arg is None:
                    raise UntranslatedError("`**` in a query")
                column = self.table.column(word.arg)
                self.conditions.append(self.binds.equal(column, word.value))
        elif name == "order_by" and call.args and not call.keywords and not limited:
            self._order += [self._ordered(one) for one in call.args]
        elif name == "limit" and len(call.args) == 1 and not self._limit:
            self._limit = self._number(call.args[0])
        elif name == "offset" and len(call.args) == 1 and not self._offset:
            self._offset = self._number(call.args[0])
        else:
            raise UntranslatedError(f"{name} of a query")

    def _number(self, node: ast.expr) -> str:
        val = self.scene.value(node, self.binds.env)
        return self.binds.value(val, I64)

    def _ordered(self, node: ast.expr) -> str:
        way = ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
            words = {"asc": " ASC", "desc": " DESC"}
            if node.func.attr not in words:
                raise UntranslatedError("an order of a query")
            way, node = words[node.func.attr], node.func.value
        column = self.binds.column(node)
        if column is None:
            raise UntranslatedError("an order of a query")
        return column.sql + way

    def source(self) -> str:
        """`FROM … WHERE …`."""
        where = f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        return f"FROM {self.table.sql}{where}"

    def first(self) -> Val:
        """The first row, if there is one."""
        if self._limit:
            raise UntranslatedError("first of a limited query")
        return self.rows("fetch_optional", " LIMIT 1")

    def rows(self, fetch: str, limit: str) -> Val:
        """Rows of the table's struct."""
        order = f" ORDER BY {', '.join(self._order)}" if self._order else ""
        limit = limit or (f" LIMIT {self._limit}" if self._limit else "")
        if self._offset:
            missing = " LIMIT -1" if self.reached.database == "sqlite" else ""
            limit = f"{limit or missing} OFFSET {self._offset}"
        kind = row_type(self.scene, self.table)
        made = self._call("query_as", f"SELECT * {self.source()}{order}{limit}", kind)
        holder = "Vec" if fetch == "fetch_all" else "Option"
        return self._run(made, fetch, named(holder, kind))

    def count(self) -> Val:
        """How many rows there are."""
        if self._limit or self._offset:
            raise UntranslatedError("count of a limited query")
        return self.scalar(f"SELECT COUNT(*) {self.source()}", I64)

    def scalar(self, sql: str, kind: AnyType) -> Val:
        """One value."""
        return self._run(self._call("query_scalar", sql, kind), "fetch_one", kind)

    def delete(self) -> Val:
        """How many rows are deleted."""
        if self._limit or self._offset or self._order:
            raise UntranslatedError("delete of a limited query")
        return self.executed(f"DELETE {self.source()}")

    def returned(self, sql: str, kind: AnyType) -> Val:
        """A statement that writes one row and gives it."""
        return self._run(self._call("query_as", sql, kind), "fetch_one", kind)

    def executed(self, sql: str) -> Val:
        """A statement that writes: how many rows."""
        made = self._run(self._call("query", sql, None), "execute", UNIT)
        return Val(b.Cast(b.Method(made.expr, "rows_affected"), I64), I64)

    def _call(self, name: str, sql: str, kind: AnyType | None) -> b.Expr:
        args = () if kind is None else (named("_"), kind)
        made: b.Expr = b.Call(b.Path(symbol(f"sqlx::{name}"), args=args), (b.Lit(string(sql)),))
        for one in self.binds.values:
            made = b.Method(made, "bind", (one,))
        return made

    def _run(self, made: b.Expr, fetch: str, kind: AnyType) -> Val:
        return Val(b.Try(b.Await(b.Method(made, fetch, (self.reached.pool,)))), kind)
