"""What runs a query and takes its rows: `session.query(Model)….all()`, `session.execute(select(…))`
with `scalars`, `first` and the like, `session.get`.

SQLAlchemy: its docs, "Query", "Result", "Session API": `one` and its like refuse none, or several.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.queries.alone import at_most_one
from port_lsp.patterns.translate.queries.builders import Building, ran, run
from port_lsp.patterns.translate.queries.chains import builder_of, is_unfinished
from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.queries.held import expanded, expanded_call
from port_lsp.patterns.translate.queries.links import Link, chain_of
from port_lsp.patterns.translate.queries.literal import literal
from port_lsp.patterns.translate.queries.peewee.selects import model_rows
from port_lsp.patterns.translate.queries.plans import is_step
from port_lsp.patterns.translate.queries.selects import Select, select_of
from port_lsp.patterns.translate.queries.tables import table_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    Hidden,
    UntranslatedError,
    Val,
    option_of,
)
from port_lsp.writing.ir import body as b

_RUNS = ("execute", "scalars", "scalar")


def queried(scene: Scene, node: ast.expr, env: Env) -> Val | None:
    """The value of a query; None for what is none. Raises UntranslatedError."""
    root, links = chain_of(node)
    hidden = isinstance(root, ast.Name) and isinstance(env.names.get(root.id), Hidden)
    if not links or not (hidden or is_session(scene, root, env)):
        return None
    if isinstance(root, ast.Name) and isinstance(building := env.names.get(root.id), Building):
        return _built(scene, building, root, links, env)
    through = _through(scene, links, env) if is_session(scene, root, env) else None
    if through is not None:
        return through
    node = expanded(scene, node, env)
    root, links = chain_of(node)
    first, rest = links[0], links[1:]
    if first.name == "get" and not rest and len(first.call.args) == 2:
        return _got(scene, first.call, env)
    if first.name == "query" and rest and is_session(scene, root, env):
        return _query(scene, first.call, rest, env)
    if first.name in _RUNS and len(first.call.args) == 1 and not first.call.keywords:
        return _selected(scene, first, rest, env)
    raise UntranslatedError(f"{first.name} of a session")


def iterated(scene: Scene, node: ast.expr, env: Env) -> Val | None:
    """The rows that are gone through in a loop over a query, or over what a session gives of one;
    None for anything else. Raises UntranslatedError."""
    rows = model_rows(scene, node, env)
    if rows is not None:
        return rows
    root, links = chain_of(node)
    hidden = isinstance(root, ast.Name) and isinstance(env.names.get(root.id), Hidden)
    if not hidden and not (links and is_session(scene, root, env)):
        return None
    building = env.names.get(root.id) if isinstance(root, ast.Name) else None
    if isinstance(building, Building) and isinstance(root, ast.Name):
        if not building.legacy or not all(map(is_step, links)):
            return None
        call = ast.Call(ast.Attribute(node, "all", ast.Load()), [], [])
        return _built(scene, building, root, [*links, Link("all", call)], env)
    names = [one.name for one in links]
    if names in (["scalars"], ["execute", "scalars"]):
        call = ast.Call(ast.Attribute(node, "all", ast.Load()), [], [])
        through = _through(scene, [*links, Link("all", call)], env)
        if through is not None:
            return through
    node = expanded(scene, node, env)
    root, links = chain_of(node)
    names = [one.name for one in links]
    if names and names[0] == "query" and is_unfinished(scene, node, env):
        return _taken(scene, select_of(scene, links[0].call, links[1:], env), "all", legacy=True)
    ends = names == ["scalars"] or names == ["execute", "scalars"] or names == ["execute"]
    if ends and is_session(scene, root, env):
        call = ast.Call(ast.Attribute(node, "all", ast.Load()), [], [])
        return queried(scene, call, env)
    return None


def _built(
    scene: Scene, building: Building, root: ast.Name, links: Sequence[Link], env: Env
) -> Val:
    """`query.all()` of a query in a builder."""
    *built, last = links
    if last.call.args or last.call.keywords or not building.legacy:
        raise UntranslatedError(f"{last.name} of a query")
    calls = [Link(one.name, expanded_call(scene, one.call, env)) for one in built]
    select, made = run(scene, building, id(root), calls, env)
    if last.name == "first" and not select.limit and not select.offset and not building.kept:
        made = b.Method(made, "push", (b.Lit('" LIMIT 1"'),))
    elif last.name not in ("all", "count"):
        raise UntranslatedError(f"{last.name} of a query")
    if select.is_joined and not select.columns and last.name == "all" and not select.distinct:
        raise UntranslatedError("rows of a joined query")
    return ran(select, made, last.name)


def _through(scene: Scene, links: Sequence[Link], env: Env) -> Val | None:
    """`session.scalars(query).all()` and its like of a query in a builder; None for another."""
    first = links[0]
    one = first.call.args[0] if len(first.call.args) == 1 else None
    building = env.names.get(one.id) if isinstance(one, ast.Name) else None
    if not isinstance(building, Building) or not isinstance(one, ast.Name) or building.legacy:
        return None
    names = tuple(each.name for each in links)
    ways: dict[tuple[str, ...], str] = {
        ("scalars", "all"): "all", ("scalars", "first"): "first", ("scalar",): "first",
        ("execute", "scalars", "all"): "all", ("execute", "scalars", "first"): "first",
    }  # fmt: skip
    if names not in ways or first.call.keywords:
        raise UntranslatedError("what takes the rows of a query")
    select, made = run(scene, building, id(one), (), env)
    return ran(select, made, ways[names])


def _got(scene: Scene, call: ast.Call, env: Env) -> Val:
    """`session.get(Model, key)`."""
    table = table_of(scene, call.args[0], env)
    if table is None:
        raise UntranslatedError("a query of what is no table")
    select = Select(scene, table, env)
    keys = [column for _, column in select.table.columns if column.is_key]
    if len(keys) != 1 or call.keywords:
        raise UntranslatedError("get of a session")
    select.conditions.append(select.binds.equal(keys[0], call.args[1]))
    return select.rows("fetch_optional")


def _query(scene: Scene, of: ast.Call, links: list[Link], env: Env) -> Val:
    """`session.query(Model)…` with the method that runs it."""
    *built, last = links
    if last.name == "scalar" and not built and len(of.args) == 1:
        found = _exists(scene, of.args[0], env)
        if found is not None:
            return found
    if last.name == "get" and not built and len(last.call.args) == 1 and len(of.args) == 1:
        return _got(scene, ast.Call(last.call.func, [of.args[0], last.call.args[0]], []), env)
    if last.call.args or last.call.keywords:
        raise UntranslatedError(f"{last.name} of a query")
    return _taken(scene, select_of(scene, of, built, env), last.name, legacy=True)


def _taken(scene: Scene, select: Select, how: str, *, legacy: bool) -> Val:
    """Rows as a method of a Query, or of a Result, takes them."""
    whole = legacy and select.is_joined and not select.columns and not select.distinct
    if whole and how not in ("first", "count"):  # a Query gives each of a table's rows once
        raise UntranslatedError("rows of a joined query")
    if how == "first":
        return select.first() if legacy else select.rows("fetch_optional")
    if how in ("all", "fetchall"):
        return select.rows("fetch_all")
    if how == "count" and legacy:
        return select.count()
    if how == "scalar" and select.is_one_value:
        return select.value()
    if how == "scalar" and legacy and not select.only_one:
        raise UntranslatedError("scalar of a query")  # which refuses several rows
    if how == "scalar":
        return select.values("fetch_optional")
    if how in ("one", "one_or_none") and select.only_one:
        found = select.rows("fetch_optional")
        return found if how == "one_or_none" else _there(scene, found)
    if how in ("one", "one_or_none"):
        found = at_most_one(scene, select.rows("fetch_all"))
        return found if how == "one_or_none" else _there(scene, found)
    raise UntranslatedError(f"{how} of a query")


def _there(scene: Scene, found: Val) -> Val:
    """The value, where there has to be one: SQLAlchemy's NoResultFound is nobody's to answer."""
    inner = option_of(found.type)
    assert inner is not None
    refused = unsaid(scene, "NoResultFound")
    made = b.Try(b.Method(found.expr, "ok_or_else", (b.Closure((), refused),)))
    return Val(made, inner)


def _exists(scene: Scene, of: ast.expr, env: Env) -> Val | None:
    """`session.query(session.query(Model)….exists()).scalar()`."""
    _, links = chain_of(of)
    if len(links) < 2 or links[-1].name != "exists" or links[-1].call.args:
        return None
    func = links[-1].call.func
    assert isinstance(func, ast.Attribute)
    found = builder_of(scene, func.value, env)
    if found is None or found[0] not in ("query", "select"):
        return None
    return select_of(scene, found[1], found[2], env).exists()


def _selected(scene: Scene, first: Link, links: Sequence[Link], env: Env) -> Val:
    """`session.execute(select(Model)…)` and its like, with what takes the result."""
    if any(one.call.args or one.call.keywords for one in links):
        raise UntranslatedError("what takes the rows of a query")
    every, links = links, [one for one in links if one.name != "unique"]
    written = literal(scene, first.name, first.call.args[0], env) if not links else None
    if written is not None:
        return written
    found = builder_of(scene, first.call.args[0], env)
    if found is None or found[0] != "select":
        raise UntranslatedError("a statement of a query")
    _, call, built = found
    names = tuple(one.name for one in links)
    if first.name == "scalar" and not names and len(call.args) == 1 and not built:
        exists = _exists(scene, call.args[0], env)
        if exists is not None:
            return exists
    select = _counted(scene, call, built, env) or select_of(scene, call, built, env)
    if len(every) != len(links) and (select.is_joined or select.columns):
        raise UntranslatedError("unique rows of a query")
    if first.name == "scalars" or names[:1] == ("scalars",):
        names = names if first.name == "scalars" else names[1:]
        return _values(scene, select, names)
    if first.name == "scalar" and not names:
        return _scalar(select)
    if first.name != "execute" or len(names) != 1:
        raise UntranslatedError("what takes the rows of a query")
    if names[0] in ("scalar", "scalar_one", "scalar_one_or_none"):
        if names[0] == "scalar":
            return _scalar(select)
        if select.is_one_value:
            return select.value()
        return _values(scene, select, (names[0].removeprefix("scalar_"),))
    if not select.columns:
        raise UntranslatedError("rows of one entity each")
    return _taken(scene, select, names[0], legacy=False)


def _scalar(select: Select) -> Val:
    return select.value() if select.is_one_value else select.values("fetch_optional")


def _values(scene: Scene, select: Select, names: tuple[str, ...]) -> Val:
    """The first of each row, as `scalars` gives it."""
    if names == ("all",):
        return select.values("fetch_all")
    if names == ("first",):
        return select.values("fetch_optional")
    if names == ("one",) and select.is_one_value:
        return select.value()
    if names in (("one",), ("one_or_none",)) and select.only_one:
        if names == ("one",) and select.columns and select.columns[0].nullable:
            raise UntranslatedError("one value that may be null")
        found = select.values("fetch_optional")
        return found if names == ("one_or_none",) else _there(scene, found)
    if names in (("one",), ("one_or_none",)):
        if select.columns and select.columns[0].nullable:
            raise UntranslatedError("one value that may be null")
        found = at_most_one(scene, select.values("fetch_all"))
        return found if names == ("one_or_none",) else _there(scene, found)
    raise UntranslatedError("what takes the rows of a query")


def _counted(scene: Scene, call: ast.Call, built: Sequence[Link], env: Env) -> Select | None:
    """`select(func.count()).select_from(query.subquery())`: all rows of another statement; None
    for anything else."""
    if len(built) != 1 or built[0].name != "select_from" or len(built[0].call.args) != 1:
        return None
    _, links = chain_of(built[0].call.args[0])
    func = links[-1].call.func if links and links[-1].name == "subquery" else None
    if not isinstance(func, ast.Attribute) or len(call.args) != 1:
        return None
    found = builder_of(scene, func.value, env)
    counts = call.args[0]
    count = isinstance(counts, ast.Call) and not counts.args and not counts.keywords
    if found is None or not count or not ast.unparse(counts).endswith("func.count()"):
        return None
    return Counted(select_of(scene, found[1], found[2], env))


class Counted(Select):
    """The count of another statement's rows."""

    def __init__(self, of: Select) -> None:
        """Of a statement."""
        super().__init__(of.scene, of.table, of.binds.env)
        self.of, self.binds = of, of.binds

    @property
    def is_one_value(self) -> bool:
        """It is."""
        return True

    def value(self) -> Val:
        """How many."""
        return self.of.count()
