"""Statements that stand in others, and how the methods of a query are put together.

SQLAlchemy: its docs, "ORM Querying Guide": `exists`, `subquery`, `select_from`, `join`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TypeVar

from port_lsp.patterns.translate.queries.chains import builder_of, outside
from port_lsp.patterns.translate.queries.conditions import Binds
from port_lsp.patterns.translate.queries.links import Link, chain_of
from port_lsp.patterns.translate.queries.statement import Statement
from port_lsp.patterns.translate.queries.tables import Table, table_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UntranslatedError

_Made = TypeVar("_Made", bound=Statement)


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
            inner = self._select(of.value)
            return inner.existing() if inner is not None else None
        return None

    def _exists(self, first: ast.Call, rest: list[Link]) -> str:
        if len(first.args) == 1:
            inner = self._select(first.args[0])
            if inner is not None and not rest:
                return inner.existing()
        if first.args or not rest:
            raise UntranslatedError("exists in a query")
        found = next((one for one in tables_in(self, rest)), None)
        if found is None:
            raise UntranslatedError("exists in a query")
        inner = self._inner(found)
        for one in rest:
            inner.add(one)
        return inner.existing()

    def rows_of(self, node: ast.expr) -> str | None:
        """A statement that selects one column."""
        _, links = chain_of(node)
        named_so = links and links[-1].name in ("subquery", "scalar_subquery")
        if named_so and isinstance(links[-1].call.func, ast.Attribute):
            node = links[-1].call.func.value
        inner = self._select(node)
        if inner is None:
            return None
        if len(inner.columns) != 1:
            raise UntranslatedError("a statement in the place of a list")
        return f"({inner.text()})"

    def _select(self, node: ast.expr) -> Statement | None:
        """A statement inside of this one; None for anything else. Raises UntranslatedError."""
        found = builder_of(self.scene, node, self.env)
        if found is None or found[0] not in ("query", "select"):
            return None
        made = put_together(self._inner, self.scene, found[1], found[2], self.env)
        if any(one.key == made.table.key for one in self.tables):
            raise UntranslatedError("a table twice in a query")
        return made

    def _inner(self, table: Table) -> Statement:
        """A statement inside of this one, of another table."""
        binds = Nesting(self.scene, table, self.env, self.database, self)
        return Statement(self.scene, table, binds)


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


def put_together(
    of_table: Callable[[Table], _Made],
    scene: Scene,
    call: ast.Call,
    links: Sequence[Link],
    env: Env,
) -> _Made:
    """`select(…)` or `session.query(…)` with what is called on it. Raises UntranslatedError."""
    of = list(call.args)
    if call.keywords or any(isinstance(one, ast.Starred) for one in of):
        raise UntranslatedError("a query of what isn't known")
    for one in links:  # the last says what is selected
        if one.name in ("with_entities", "with_only_columns") and not one.call.keywords:
            of = list(one.call.args)
    table = _from(scene, call, links, of, env)
    select = of_table(table)
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
