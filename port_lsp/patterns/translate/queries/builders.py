"""Queries of which some steps stand under conditions: sqlx's `QueryBuilder`, to which each step
pushes where it stands.

sqlx's docs, `QueryBuilder::push_bind`: values are bound here, too. A query that is run in several
places is several of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import cast

import msgspec
from msgspec.structs import replace

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.queries.links import Link
from port_lsp.patterns.translate.queries.plans import Plan, clause_of
from port_lsp.patterns.translate.queries.selects import Select
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    I64,
    NONE,
    QUERY,
    SOME,
    Hidden,
    UntranslatedError,
    Val,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import named
from port_lsp.writing.printer.literals import string

_BUILDER = {
    "sqlite": named("sqlx::QueryBuilder", named("sqlx::Sqlite")),
    "postgres": named("sqlx::QueryBuilder", named("sqlx::Postgres")),
}
_MARK = re.compile(r"\$(\d+)")


class Building(Hidden, frozen=True, kw_only=True):
    """A query in builders: what it is of, its plan; `vars` are the builders by where they run (the
    identity of the name, the line), `kept` the variables of clauses; `rest` is what is pushed when
    it runs, `uses` what that speaks of; `safe` are variables that live as long as it does;
    `ordered` says that something was pushed that rows are ordered by."""

    base: Base
    plan: Plan
    vars: tuple[tuple[int, int, str], ...]
    kept: tuple[tuple[str, str], ...]
    rest: tuple[Link, ...] = ()
    uses: tuple[tuple[str, Val], ...] = ()
    safe: frozenset[str] = frozenset()
    legacy: bool = False
    ordered: bool = False


class Base:
    """What all steps of a query have in common."""

    def __init__(self, select: Select) -> None:
        """Of its first step."""
        self.select = select

    def again(self, scene: Scene, env: Env) -> Select:
        """A further step, with nothing in it yet."""
        of = self.select
        made = Select(scene, of.table, env)
        made.binds.tables, made.binds.qualified = of.binds.tables, of.binds.qualified
        made.columns, made.distinct = of.columns, of.distinct
        return made


def pushes(sql: str, values: Sequence[b.Expr]) -> list[tuple[str, b.Expr]]:
    """The calls that push a text with its values."""
    found: list[tuple[str, b.Expr]] = []
    for at, part in enumerate(_MARK.split(sql)):
        if at % 2:
            found.append(("push_bind", values[int(part) - 1]))
        elif part:
            found.append(("push", b.Lit(string(part))))
    return found


def pushed(of: b.Expr, calls: Iterable[tuple[str, b.Expr]]) -> b.Expr:
    """A builder to which something is pushed."""
    for name, value in calls:
        of = b.Method(of, name, (value,))
    return of


def begun(
    name: str, select: Select, plan: Plan, env: Env, *, legacy: bool
) -> tuple[Building, list[b.Statement], Env]:
    """A builder for each place where the query runs, and variables for what is kept."""
    if "$" in select.table.sql or any("$" in one.sql for _, one in select.table.columns):
        raise UntranslatedError("a table with signs in its name")
    made: list[b.Statement] = []
    variables: list[tuple[int, int, str]] = []
    safe = frozenset(val.root for val in env.names.values() if val.root)
    where = "" if select.conditions else " WHERE TRUE"
    order = f" ORDER BY {', '.join(select.orders)}" if select.orders else ""
    for at, use in enumerate(sorted(plan.uses, key=lambda one: -one.line)):
        own = name if not at else f"{name}_{at + 1}"
        rust = env.free(own)
        env = env.bind(f"{own} query", Val(b.Name(rust), QUERY, True, rust), rust)
        variables.append((use.name, use.line, rust))
        listed = "COUNT(*)" if use.counts else select.listed
        if use.counts and (order or select.distinct):
            raise UntranslatedError("count of a query with an order")
        first, *rest = pushes(
            f"SELECT {listed} {select.source()}{where}{order}", select.binds.values
        )
        new = b.Call(b.Path(_BUILDER[select.reached.database].head, ("new",)), (first[1],))
        made.append(b.Let(b.Bind(rust, "mut "), new, _BUILDER[select.reached.database]))
        if rest:
            made.append(b.Do(pushed(b.Name(rust), rest)))
    kept: list[tuple[str, str]] = []
    for clause in sorted(plan.kept):
        rust = env.free(f"{name}_{clause}")
        made.append(b.Let(b.Bind(rust, "mut "), _start(clause, select.reached.database)))
        env = env.bind(f"{name} {clause}", Val(b.Name(rust), QUERY, True, rust), rust)
        kept.append((clause, rust))
    building = Building(
        b.TupleOf(), QUERY, base=Base(select), plan=plan, vars=tuple(variables), kept=tuple(kept),
        safe=safe, legacy=legacy, lasting=True,
    )  # fmt: skip
    return building, made, env


def _start(clause: str, database: str) -> b.Expr:
    """What a variable of a clause is at first: no limit is said by -1 in SQLite (its docs, "The
    LIMIT clause"), by null in PostgreSQL."""
    if clause == "order":
        return b.Lit('""')
    if clause == "offset":
        return b.Lit("0")
    return b.Lit("-1") if database == "sqlite" else b.Path(NONE)


def added(
    scene: Scene, building: Building, links: Sequence[Link], env: Env, *, line: int, straight: bool
) -> tuple[Building, list[b.Statement]]:
    """A step: what it pushes where it stands, and what it leaves for later. Raises
    UntranslatedError."""
    made: list[b.Statement] = []
    plan, kept = building.plan, dict(building.kept)
    for link in links:
        clause = clause_of(link)
        pushed_here = clause == "where" or (clause == "order" and plan.orders_here)
        if straight and clause not in kept and not pushed_here:
            said = {one.id for one in walked(link.call) if isinstance(one, ast.Name)}
            uses = tuple((one, env.names[one]) for one in sorted(said & env.names.keys()))
            mine = tuple((one, val) for one, val in uses if not isinstance(val, Hidden))
            rest = (*building.rest, link)
            building = replace(building, rest=rest, uses=(*building.uses, *mine))
            continue
        step = building.base.again(scene, env)
        step.add(link)
        values = [_lasting(scene, building, one) for one in step.binds.values]
        if clause == "where":
            text = "".join(f" AND {one}" for one in step.conditions)
            made += _everywhere(building, pushes(text, values), line)
        elif clause == "order" and "order" not in kept:
            word = ", " if _is_ordered(building) else " ORDER BY "
            made += _everywhere(building, pushes(word + ", ".join(step.orders), values), line)
            if straight:
                building = replace(building, ordered=True)
        elif clause == "order":
            if values:
                raise UntranslatedError("an order of a query by values")
            text = f" ORDER BY {', '.join(step.orders)}"
            made.append(b.Assign(b.Name(kept["order"]), b.Lit(string(text))))
        else:
            (value,) = values if values else (None,)
            if value is None:
                raise UntranslatedError("a limit of None")
            none = clause == "limit" and step.reached.database == "postgres"
            given = b.Call(b.Path(SOME), (value,)) if none else value
            made.append(b.Assign(b.Name(kept[clause]), given))
    return building, made


def _is_ordered(building: Building) -> bool:
    return building.ordered or bool(building.base.select.orders)


def _everywhere(
    building: Building, calls: Sequence[tuple[str, b.Expr]], line: int
) -> list[b.Statement]:
    """What is pushed to every builder that runs later."""
    return [
        b.Do(pushed(b.Name(rust), calls)) for _, at, rust in reversed(building.vars) if at > line
    ]


def _lasting(scene: Scene, building: Building, value: b.Expr) -> b.Expr:
    """A value that lives as long as the builder: what the block inside has bound is cloned."""
    borrowed = isinstance(value, b.Unary) and value.operator == "&"
    of = value.of if isinstance(value, b.Unary) and borrowed else value
    root = _root(of)
    if root and root in building.safe:
        return value
    if root:
        return b.Method(of, "to_owned")
    return value


def _root(of: b.Expr) -> str:
    while isinstance(of, b.Access):
        of = of.of
    return of.name if isinstance(of, b.Name) else ""


def run(
    scene: Scene, building: Building, name: int, links: Sequence[Link], env: Env
) -> tuple[Select, b.Expr]:
    """The builder with all that is pushed at its end, at a name (by its identity) where it runs,
    after further links; and what it is of. Raises UntranslatedError."""
    use = next((one for one in building.plan.uses if one.name == name), None)
    rust = next((var for one, _, var in building.vars if one == name), None)
    if use is None or rust is None:
        raise UntranslatedError("a query that isn't run here")
    kept = dict(building.kept)
    for each, val in building.uses:
        if env.names.get(each) is not val:
            raise UntranslatedError("a query of what has changed since")
    select = building.base.again(scene, env)
    for one in (*building.rest, *links):
        if clause_of(one) in kept:
            raise UntranslatedError("a query that is limited twice")
        if clause_of(one) == "order" and (building.plan.orders_here):
            raise UntranslatedError("a query with several orders under conditions")
        select.add(one)
    if use.counts and (kept or select.orders or select.limit or select.offset):
        raise UntranslatedError("count of a limited query")
    text = "".join(f" AND {one}" for one in select.conditions)
    if select.conditions and (building.plan.orders_here):
        raise UntranslatedError("a condition behind an order")
    if "order" in kept and select.orders:
        raise UntranslatedError("a query with several orders under conditions")
    calls = pushes(
        text + (f" ORDER BY {', '.join(select.orders)}" if select.orders else ""),
        select.binds.values,
    )
    if "order" in kept:
        calls.append(("push", b.Name(kept["order"])))
    sqlite = select.reached.database == "sqlite"
    if "limit" in kept:
        calls += [("push", b.Lit('" LIMIT "')), ("push_bind", b.Name(kept["limit"]))]
    elif select.limit:
        calls += pushes(f" LIMIT {select.limit}", select.binds.values)
    elif sqlite and (select.offset or "offset" in kept):
        calls.append(("push", b.Lit('" LIMIT -1"')))
    if "offset" in kept:
        calls += [("push", b.Lit('" OFFSET "')), ("push_bind", b.Name(kept["offset"]))]
    elif select.offset:
        calls += pushes(f" OFFSET {select.offset}", select.binds.values)
    return select, pushed(b.Name(rust), _merged(calls))


def ran(select: Select, made: b.Expr, how: str) -> Val:
    """All rows of a builder, the first, or how many they are."""
    if how == "count":
        made = b.Method(made, "build_query_scalar", (), (I64,))
        return select.run(made, "fetch_one", I64)
    kind = select.row()
    made = b.Method(made, "build_query_as", (), (kind,))
    if how == "all":
        return select.run(made, "fetch_all", named("Vec", kind))
    return select.run(made, "fetch_optional", named("Option", kind))


def _merged(calls: Sequence[tuple[str, b.Expr]]) -> list[tuple[str, b.Expr]]:
    """Texts that follow each other are one."""
    found: list[tuple[str, b.Expr]] = []
    for name, value in calls:
        before = found[-1] if found else None
        both = before is not None and before[0] == name == "push"
        if (
            both
            and before is not None
            and isinstance(before[1], b.Lit)
            and isinstance(value, b.Lit)
        ):
            found[-1] = (name, b.Lit(before[1].text[:-1] + value.text[1:]))
        else:
            found.append((name, value))
    return found


def is_run(building: Building, block: b.Block) -> bool:
    """Whether a body runs the query wherever Python does."""
    found = {_receiver(one) for one in _calls(block)}
    return all(rust in found for _, _, rust in building.vars)


def _calls(part: object) -> list[b.Method]:
    if isinstance(part, (tuple, list)):
        return [found for one in cast("Sequence[object]", part) for found in _calls(one)]
    if not isinstance(part, msgspec.Struct):
        return []
    inner = [found for name in part.__struct_fields__ for found in _calls(getattr(part, name))]
    own = isinstance(part, b.Method) and part.name.startswith("build_query")
    return [part, *inner] if own and isinstance(part, b.Method) else inner


def _receiver(of: b.Expr) -> str:
    while isinstance(of, b.Method):
        of = of.receiver
    return of.name if isinstance(of, b.Name) else ""
