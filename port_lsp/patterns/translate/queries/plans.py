"""What becomes of a query some of whose steps stand under conditions: where the function adds to
it, and where it runs it. Found before any of it is translated.

SQL has an order: conditions, then what rows are ordered by, then how many. Conditions are pushed
where they stand; what is said of the order where no condition can follow; how many rows is kept in
variables until the query runs, as is what they are ordered by otherwise.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.queries.links import Link, chain_of
from port_lsp.patterns.translate.values import UntranslatedError

_CLAUSES = {
    "filter": "where", "where": "where", "filter_by": "where", "order_by": "order",
    "limit": "limit", "offset": "offset",
}  # fmt: skip
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_LATER = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.GeneratorExp)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)


class Stage(NamedTuple):
    """One link of a step: its clause, the line, whether it stands under a condition."""

    clause: str
    line: int
    under: bool


class Use(NamedTuple):
    """Where a query is run: the name there (by its identity), the line, whether its rows are only
    counted."""

    name: int
    line: int
    counts: bool


class Plan(Record, frozen=True):
    """The steps of one query: those that stand under no condition (by their identity), the clauses
    that variables keep, whether what rows are ordered by is pushed where it stands, where it is
    run."""

    straight: frozenset[int]
    kept: frozenset[str]
    orders_here: bool
    uses: tuple[Use, ...]


def plan_of(name: str, first: Sequence[Link], behind: Sequence[ast.stmt]) -> Plan | None:
    """The plan for a variable that gets a query (its links) in front of some statements of its
    block; None where no step stands under a condition. Raises UntranslatedError for what can't be
    made in SQL's order."""
    straight: set[int] = set()
    stages = [Stage(_clause(one), 0, under=False) for one in first if one.name in _CLAUSES]
    within: list[ast.stmt] = []
    for node in behind:
        links = step_of(node, name)
        if links is None and isinstance(node, ast.Assign) and _assigns(node, name):
            break
        within.append(node)
        if links is not None:
            straight.add(id(node))
            stages += [Stage(_clause(one), node.lineno, under=False) for one in links]
        elif name in stored(node):
            stages += _under(node, name)
    if not any(one.under for one in stages):
        return None
    uses = tuple(_uses(within, name))
    if not uses:
        raise UntranslatedError("a query that isn't run here")
    wheres = [at for at, one in enumerate(stages) if one.clause == "where"]
    orders = [at for at, one in enumerate(stages) if one.clause == "order"]
    ends = [at for at, one in enumerate(stages) if one.clause in ("limit", "offset")]
    if ends and (wheres + orders) and max(wheres + orders) > min(ends):
        raise UntranslatedError("a query that is limited before it is complete")
    asked = [stages[at].under for at in orders]
    here = any(asked) and not (wheres and min(orders) < max(wheres))
    if any(asked) and _most(within, name) > 1:
        raise UntranslatedError("a query with several orders under conditions")
    if any(asked) and not all(asked[asked.index(True) :]):
        raise UntranslatedError("a query with several orders under conditions")
    if any(asked) and not here and not all(asked):
        raise UntranslatedError("a query with several orders under conditions")
    kept = {one.clause for one in stages if one.under and one.clause in ("limit", "offset")}
    if any(asked) and not here:
        kept.add("order")
    for clause in kept:
        if any(_always(one, name, clause) for one in within):
            raise UntranslatedError("a query that is limited either way")
    return Plan(frozenset(straight), frozenset(kept), here, uses)


def step_of(node: ast.stmt, name: str) -> list[Link] | None:
    """The links of `name = name.filter(…)`; None for anything else."""
    if not isinstance(node, ast.Assign) or not _assigns(node, name):
        return None
    root, links = chain_of(node.value)
    own = isinstance(root, ast.Name) and root.id == name and bool(links)
    return links if own and all(one.name in _CLAUSES for one in links) else None


def is_step(link: Link) -> bool:
    """Whether a link only adds to a query."""
    return link.name in _CLAUSES


def clause_of(link: Link) -> str:
    """`where`, `order`, `limit` or `offset`. Raises UntranslatedError."""
    return _clause(link)


def waits_for_the_end(link: Link, plan: Plan) -> bool:
    """Whether a link that stands under no condition says what is pushed when the query runs."""
    clause = _CLAUSES.get(link.name, "")
    return clause in ("limit", "offset") or (clause == "order" and not plan.orders_here)


def _clause(link: Link) -> str:
    found = _CLAUSES.get(link.name)
    if found is None:
        raise UntranslatedError(f"{link.name} of a query")
    return found


def _assigns(node: ast.Assign, name: str) -> bool:
    target = node.targets[0]
    return len(node.targets) == 1 and isinstance(target, ast.Name) and target.id == name


def _under(node: ast.stmt, name: str) -> Iterator[Stage]:
    """The steps in an `if`, in the order of their lines."""
    if not isinstance(node, ast.If) or name in stored(node.test):
        raise UntranslatedError("a query that is assigned elsewhere")
    for one in (*node.body, *node.orelse):
        links = step_of(one, name)
        if links is not None:
            for link in links:
                yield Stage(_clause(link), one.lineno, under=True)
        elif name in stored(one):
            yield from _under(one, name)


def _most(nodes: Sequence[ast.stmt], name: str) -> int:
    """How many orders under conditions there are on one way at most."""
    found = 0
    for node in nodes:
        if isinstance(node, ast.If):
            found += max(_all_orders(node.body, name), _all_orders(node.orelse, name))
    return found


def _all_orders(nodes: Sequence[ast.stmt], name: str) -> int:
    own = [link for one in nodes for link in step_of(one, name) or ()]
    return sum(_clause(one) == "order" for one in own) + _most(nodes, name)


def _always(node: ast.stmt, name: str, clause: str) -> bool:
    """Whether every way through a statement has such a step."""
    if not isinstance(node, ast.If):
        links = step_of(node, name)
        return links is not None and any(_clause(one) == clause for one in links)
    return bool(node.orelse) and all(
        any(_always(one, name, clause) for one in part) for part in (node.body, node.orelse)
    )


def _uses(nodes: Sequence[ast.stmt], name: str) -> Iterator[Use]:
    """Where a name is read, but for its own steps. Raises UntranslatedError where it may be read
    several times."""
    roots: set[int] = set()
    repeated: set[int] = set()
    counted: set[int] = set()
    for one in walked(*nodes):
        if isinstance(one, ast.Call):
            root, links = chain_of(one)
            if links and links[-1].name in ("count", "subquery"):
                counted.add(id(root))
        if isinstance(one, ast.Assign) and step_of(one, name) is not None:
            roots.add(id(chain_of(one.value)[0]))
        again: list[ast.AST] = []
        if isinstance(one, _LOOPS):
            again = [*one.body, *one.orelse]
            again += [one.test] if isinstance(one, ast.While) else []
        elif isinstance(one, _LATER):
            again = [one]
        elif isinstance(one, _COMPREHENSIONS):
            kept = {id(each) for each in walked(one.generators[0].iter)}
            repeated |= {id(each) for each in walked(one)} - kept
        repeated |= {id(each) for part in again for each in walked(part)}
    for one in walked(*nodes):
        read = isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load)
        if not isinstance(one, ast.Name) or not read or id(one) in roots:
            continue
        if id(one) in repeated:
            raise UntranslatedError("a query that is run in a loop")
        yield Use(id(one), one.lineno, id(one) in counted)
