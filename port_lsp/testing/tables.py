"""How the crate makes its tables, so that a test's database has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.rust.declared import FnItem
from port_lsp.rust.typetable import head
from port_lsp.testing.building import Building
from port_lsp.testing.harness import Harness
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference, Symbol, Type, symbol

# What such functions are called; that the program calls one is asked, too.
_CALLED = re.compile(
    r"(?:(?:run|apply)_)?(?:db_|database_)?migrations?$|migrate(?:_db|_database|_up)?$"
    r"|(?:init|create|setup|ensure|prepare)_(?:schema|tables|database|db)$"
)


def tables_made(desk: Desk, harness: Harness, building: Building) -> b.Expr | None:
    """What makes the tables, of a `pool` or of a `state` that there are; None where it isn't
    known."""
    if _has_migrations(desk, harness):
        run = b.Method(b.Macro(symbol("sqlx::migrate")), "run", (b.Unary("&", b.Name("pool")),))
        return b.Method(b.Await(run), "unwrap")
    return next(_own(desk, harness, building), None)


def _has_migrations(desk: Desk, harness: Harness) -> bool:
    if desk.migrations and not harness.package.folder:
        return True
    scopes = desk.workshop.scopes
    return any(
        b"sqlx::migrate!()" in one.text.data and scopes.package_of(file) == harness.package
        for file, one in desk.workshop.files.items()
    )


def _own(desk: Desk, harness: Harness, building: Building) -> Iterator[b.Expr]:
    """Calls of the crate's own functions that do it."""
    scopes, package = desk.workshop.scopes, harness.package
    programs = [
        desk.workshop.files[one].text.data.decode("utf-8", "replace")
        for one in package.programs if one in desk.workshop.files
    ]  # fmt: skip
    for file in desk.workshop.files:
        if scopes.package_of(file) != package:
            continue
        for _, item in desk.workshop.declared(file):
            if not isinstance(item, FnItem) or item.generics or not _CALLED.match(item.name):
                continue
            if not any(re.search(rf"\b{item.name}\(", text) for text in programs):
                continue
            path = scopes.found_path(file, item.qualified)
            made = _called(harness, building, file, item, path, desk) if path is not None else None
            if made is not None:
                made = b.Await(made) if item.is_async else made
                fails = head(item.returns or "").rpartition("::")[2].endswith("Result")
                yield b.Method(made, "unwrap") if fails else made


def _called(
    harness: Harness, building: Building, file: str, item: FnItem, path: tuple[str, ...], desk: Desk
) -> b.Expr | None:
    whole = Symbol((harness.library, *path[1:]))
    kinds = [kind for _, kind in item.params]
    if item.owner is not None:
        if kinds != ["Self"] or item.trait is not None or harness.state is None:
            return None
        of = Symbol(path[:-1])
        way = building.way_to(harness.state, of)
        if way is None or any(one.locked for one in way):
            return None
        expr: b.Expr = b.Name("state")
        for step in way:
            expr = b.Access(expr, step.name)
        return b.Method(expr, item.name)
    if len(kinds) != 1:
        return None
    kind = type_of(desk.workshop.scopes, file, kinds[0])
    if not isinstance(kind, Reference) or not isinstance(kind.inner, Type):
        return None
    if building.pool_of(kind.inner) is None:
        return None
    return b.Call(b.Path(whole), (b.Unary("&", b.Name("pool")),))
