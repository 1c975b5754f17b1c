"""Peewee's `Model.select()…` and what runs it: `get`, `get_or_none`, `first`, `count`, `exists`,
`scalar`; its rows where something goes through them.

Its docs, "Querying" and `ModelSelect`: a method says its clause anew, but `where` and `having`
join; `get` takes the first row of the whole, and it is an error where there is none.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.queries.links import Link
from port_lsp.patterns.translate.queries.peewee.models import asked_of
from port_lsp.patterns.translate.queries.peewee.operators import Operators
from port_lsp.patterns.translate.queries.selects import Select
from port_lsp.patterns.translate.queries.tables import Table, table_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import I64, UntranslatedError, Val, option_of
from port_lsp.writing.ir import body as b

_LOOKUPS = ("get", "get_or_none", "get_by_id")


class PeeweeSelect(Select):
    """A query of Peewee's that is put together."""

    def __init__(self, scene: Scene, table: Table, env: Env) -> None:
        """Of a model's rows."""
        super().__init__(scene, table, env)
        self.binds = Operators(scene, table, env, self.reached.database)

    def add(self, link: Link) -> None:
        """A method that makes another query of it. Raises UntranslatedError."""
        call, name = link.call, link.name
        if name == "paginate":
            self._paginate(call)
        elif call.keywords:
            raise UntranslatedError(f"{name} of a query")
        elif name in ("where", "filter"):
            self.conditions += self.binds.conditions(call.args)
        elif name == "order_by":
            self.orders = [self.ordered(one) for one in call.args]
        elif name == "order_by_extend":
            self.orders += [self.ordered(one) for one in call.args]
        elif name in ("limit", "offset") and len(call.args) == 1:
            super().add(link)
        elif name == "group_by":
            self._groups = []
            super().add(link)
        elif name == "having" and call.args:
            self._havings += self.binds.conditions(call.args)
        elif name == "distinct" and not call.args:
            self.distinct = True
        else:
            raise UntranslatedError(f"{name} of a query")

    def ordered(self, node: ast.expr) -> str:
        """What rows are ordered by: also `-Model.column`."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            way = " DESC" if isinstance(node.op, ast.USub) else " ASC"
            return f"{self._column(node.operand).sql}{way}"
        return super().ordered(node)

    def _paginate(self, call: ast.Call) -> None:
        """`paginate(page, 20)`: pages are counted from 1."""
        given = {word.arg: word.value for word in call.keywords}
        page = call.args[0] if call.args else given.get("page")
        size = call.args[1] if len(call.args) > 1 else given.get("paginate_by", ast.Constant(20))
        if page is None:
            raise UntranslatedError("paginate of a query")
        pages, rows = (self.scene.value(one, self.binds.env) for one in (page, size))
        if I64 not in (pages.type, rows.type) or pages.type != rows.type:
            raise UntranslatedError("paginate of a query")
        self.limit = self.binds.value(rows, I64)
        behind = b.Method(b.Binary(pages.expr, "-", b.Lit("1")), "max", (b.Lit("0"),))
        self.offset = self.binds.number(b.Binary(behind, "*", rows.expr))

    def got(self) -> Val:
        """The first row of the whole, if there is one."""
        self.offset = ""
        return self.rows("fetch_optional", " LIMIT 1")

    def first(self) -> Val:
        """The first row, if there is one: instead of the query's own limit."""
        return self.rows("fetch_optional", " LIMIT 1")


def model_asked(scene: Scene, node: ast.expr, env: Env) -> Val | None:
    """The value of a query of Peewee's; None for what is none. Raises UntranslatedError."""
    found = asked_of(scene, node, env)
    if found is None:
        return None
    table, links = found
    if links[0].name in _LOOKUPS and len(links) == 1:
        return _looked_up(scene, table, links[0], env)
    if links[0].name != "select" or len(links) < 2:
        return None
    *built, last = links
    if last.call.keywords or (last.call.args and last.name != "get_or_none"):
        raise UntranslatedError(f"{last.name} of a query")
    select = select_of(scene, table, built, env)
    return _taken(scene, select, last.name)


def model_rows(scene: Scene, node: ast.expr, env: Env) -> Val | None:
    """The rows that are gone through in a loop over a query, or by `list`; None for what is none.
    Raises UntranslatedError."""
    if isinstance(node, ast.Name):
        node = ast.Call(ast.Attribute(node, "clone", ast.Load()), [], [])
    found = asked_of(scene, node, env)
    if found is None or found[1][0].name != "select":
        return None
    table, links = found
    links = [one for one in links if one.name not in ("clone", "execute")]
    select = select_of(scene, table, links, env)
    if select.columns:
        raise UntranslatedError("rows with some of their columns")
    return select.rows("fetch_all")


def select_of(scene: Scene, table: Table, links: Sequence[Link], env: Env) -> PeeweeSelect:
    """`Model.select(…)` with what is called on it. Raises UntranslatedError."""
    select = PeeweeSelect(scene, table, env)
    of = links[0].call
    if of.keywords:
        raise UntranslatedError("a query of what isn't known")
    if of.args and not (len(of.args) == 1 and table_of(scene, of.args[0], env) == table):
        select.select(of.args)
    for one in links[1:]:
        select.add(one)
    return select


def _taken(scene: Scene, select: PeeweeSelect, how: str) -> Val:
    if how == "count":
        return select.count()
    if how == "exists":
        return select.exists()
    if how == "scalar" and select.is_one_value:
        return select.value()
    if select.columns:
        raise UntranslatedError("rows with some of their columns")
    if how == "first":
        return select.first()
    if how == "get_or_none":
        return select.got()
    if how == "get":
        return _there(scene, select)
    raise UntranslatedError(f"{how} of a query")


def _looked_up(scene: Scene, table: Table, link: Link, env: Env) -> Val:
    """`Model.get(condition)`, `Model.get_or_none(condition)`, `Model.get_by_id(key)`."""
    call, select = link.call, PeeweeSelect(scene, table, env)
    if call.keywords:
        raise UntranslatedError(f"{link.name} of a model")
    if link.name == "get_by_id":
        keys = [column for _, column in table.columns if column.is_key]
        if len(keys) != 1 or len(call.args) != 1:
            raise UntranslatedError("get_by_id of a model")
        select.conditions.append(select.binds.equal(keys[0], call.args[0]))
    else:
        select.conditions += select.binds.conditions(call.args)
    return select.got() if link.name == "get_or_none" else _there(scene, select)


def _there(scene: Scene, select: PeeweeSelect) -> Val:
    """The first row, where there has to be one: Peewee's DoesNotExist is nobody's to answer."""
    found = select.got()
    inner = option_of(found.type)
    assert inner is not None
    refused = unsaid(scene, "DoesNotExist")
    made = b.Try(b.Method(found.expr, "ok_or_else", (b.Closure((), refused),)))
    return Val(made, inner)
