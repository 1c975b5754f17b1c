"""Where a data-access function lives is told by what those of its class are linked with: each case
is what the crate's functions for `ThingTable` look like, and where a new one goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desk, Desks
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.homes import Homes
from port_lsp.writing.ir.types import Type
from tests.fixturefile import parse
from tests.writing.test_bodies import FIXTURES

THINGS = "app/models/things.py::ThingTable"
SERVICE = "src/services/thing.rs"
HEAD = """\
use sqlx::{Sqlite, SqliteConnection, SqliteExecutor, SqlitePool, Transaction};

use crate::error::AppResult;
use crate::models::thing::Thing;
use crate::{AppState, Database};

pub struct ThingService {
    pool: SqlitePool,
}

pub struct Other {
    pub pool: SqlitePool,
}
"""
ONE = "get_thing_by_id({}) -> {}<Option<Thing>{}> {{ todo!() }}"
TWO = "get_things_by_owner({}) -> {}<Vec<Thing>{}> {{ todo!() }}"


def functions(
    one: str, two: str, result: str = "AppResult", error: str = "", head: str = "pub async fn"
) -> str:
    """The functions for two of the class's methods, by their parameters."""
    return "\n".join(
        f"{head} {text.format(params, result, error)}" for text, params in ((ONE, one), (TWO, two))
    )


CASES = {
    "methods": (
        f"impl ThingService {{ {functions('&self, id: i64', '&self, owner: &str')} }}",
        "self: ThingService, AppResult<()>, behind get_things_by_owner",
    ),
    "of which not all are known": (
        f"impl ThingService {{ {functions('&self, id: i64', '&self, owner: &str')} "
        "pub fn size(&self) -> u32 { 1 } }\n"
        "impl Drop for ThingService { fn drop(&mut self) {} }",
        "self: ThingService, AppResult<()>, behind size",
    ),
    "fail as sqlx does": (
        "impl ThingService { "
        + functions("&self, id: i64", "&self, owner: &str", "sqlx::Result")
        + " }",
        "self: ThingService, sqlx::Result<()>, behind get_things_by_owner",
    ),
    "take the pool": (
        "impl ThingService { "
        + functions("pool: &SqlitePool, id: i64", "pool: &SqlitePool, owner: &str")
        + " }",
        "pool: SqlitePool, AppResult<()>, behind get_things_by_owner",
    ),
    "take what has the pool, last": (
        "impl ThingService { "
        + functions("id: i64, db: &Database", "owner: &str, db: &Database")
        + " }",
        "db: Database last, AppResult<()>, behind get_things_by_owner",
    ),
    "take the state": (
        "impl ThingService { "
        + functions("state: &AppState, id: i64", "state: &AppState, owner: &str")
        + " }",
        "state: AppState, AppResult<()>, behind get_things_by_owner",
    ),
    "of the crate alone": (
        "impl ThingService { "
        + functions("&self, id: i64", "&self, owner: &str", head="pub(crate) async fn")
        + " }",
        "self: ThingService, AppResult<()>, behind get_things_by_owner, pub(crate)",
    ),
    "free functions": (functions("db: &Database, id: i64", "db: &Database, owner: &str"), ""),
    "half and half": (
        f"impl ThingService {{ pub async fn {ONE.format('&self, id: i64', 'AppResult', '')} }}\n"
        f"impl Other {{ pub async fn {TWO.format('&self, owner: &str', 'AppResult', '')} }}",
        "",
    ),
    "written in two ways": (
        f"impl ThingService {{ {functions('&self, id: i64', 'pool: &SqlitePool, owner: &str')} }}",
        "",
    ),
    "methods that change it": (
        f"impl ThingService {{ {functions('&mut self, id: i64', '&mut self, owner: &str')} }}",
        "",
    ),
    "methods that eat it": (
        f"impl ThingService {{ {functions('self, id: i64', 'self, owner: &str')} }}",
        "",
    ),
    "nobody else's": (
        "impl ThingService { "
        + functions("&self, id: i64", "&self, owner: &str", head="async fn")
        + " }",
        "",
    ),
    "the module's above": (
        "impl ThingService { "
        + functions("&self, id: i64", "&self, owner: &str", head="pub(super) async fn")
        + " }",
        "",
    ),
    "not async": (
        "impl ThingService { "
        + functions("&self, id: i64", "&self, owner: &str", head="pub fn")
        + " }",
        "",
    ),
    "can't fail": (
        "impl ThingService { pub async fn get_thing_by_id(&self, id: i64) -> Option<Thing> "
        "{ todo!() }\npub async fn get_things_by_owner(&self, owner: &str) -> Vec<Thing> "
        "{ todo!() } }",
        "",
    ),
    "a trait's": (
        "pub trait Things { async fn get_thing_by_id(&self, id: i64) -> AppResult<Option<Thing>>; "
        "async fn get_things_by_owner(&self, owner: &str) -> AppResult<Vec<Thing>>; }\n"
        "impl Things for ThingService { "
        + functions("&self, id: i64", "&self, owner: &str", head="async fn")
        + " }",
        "",
    ),
    "take a connection": (
        "impl ThingService { "
        + functions(
            "db: &mut SqliteConnection, id: i64", "db: &mut SqliteConnection, owner: &str"
        )
        + " }",
        "",
    ),
    "take any executor": (
        "impl ThingService { "
        + functions("db: E, id: i64", "db: E, owner: &str").replace(
            "(db", "<'e, E: SqliteExecutor<'e>>(db"
        )
        + " }",
        "",
    ),
    "have no database": (
        "pub struct Kept { pub size: u32 }\n"
        f"impl Kept {{ {functions('&self, id: i64', '&self, owner: &str')} }}",
        "",
    ),
    "under a condition": (
        "impl ThingService { "
        + functions(
            "&self, id: i64",
            "&self, owner: &str",
            head='#[cfg(feature = "things")] pub async fn',
        )
        + " }",
        "",
    ),
    "in a module of their own": (
        "pub mod inner { use super::*;\npub struct Inner { pub pool: SqlitePool }\nimpl Inner { "
        + functions("&self, id: i64", "&self, owner: &str")
        + " } }",
        "",
    ),
}  # fmt: skip


def desk_of(folder: Path, services: str = "") -> Desk:
    """The fixture's backend and crate, with other services."""
    if not (folder / "crate").exists():
        text = (FIXTURES / "home_services.txt").read_text(encoding="utf-8")
        parse(text).write_to(folder)
    if services:
        (folder / "crate" / SERVICE).write_text(services, encoding="utf-8")
    wanted = Wanted(str(folder), str(folder / "backend"), str(folder / "crate"))
    return Desks().at(Index.open(wanted))


def told(desk: Desk, key: str) -> str:
    """Where a function lives, in words."""
    home = desk.shares(Homes).of(functions_at(desk).by_key[key])
    if home is None:
        return ""
    file = desk.snapshot.crate_files[home.behind.file]
    span = file.span(home.behind)
    name = file.text.data[span.start : span.end].decode()
    kind, result = home.state.type, home.result
    assert isinstance(kind, Type)
    assert isinstance(result, Type)
    state = f"{home.state.name}: {kind.head.name}{' last' * home.is_last}"
    gives = "sqlx::Result" if result.head.path[0] == "sqlx" else result.head.name
    words = [state, f"{gives}<()>", f"behind {name}"]
    return ", ".join(words if home.visibility == "pub" else [*words, home.visibility])


@pytest.mark.parametrize("case", CASES)
def test_where_a_function_lives(case: str, tmp_path: Path) -> None:
    services, wanted = CASES[case]
    desk = desk_of(tmp_path, f"{HEAD}\n{services}\n")
    linked = {one.backend for one in desk.snapshot.links.functions if one.crate is not None}
    if wanted:
        assert {f"{THINGS}.get_thing_by_id", f"{THINGS}.get_things_by_owner"} <= linked
    assert told(desk, f"{THINGS}.get_title") == wanted


def test_what_was_written_there_is_found_again(tmp_path: Path) -> None:
    """Also under a name that it got because the crate has another function of its own."""
    for name in ("has_things", "count_things", "get_title"):
        done = porter(desk_of(tmp_path)).port([Target("function", f"{THINGS}.{name}")])
        for change in done.changes:
            (tmp_path / "crate" / change.path).write_text(change.after, encoding="utf-8")
    service = (tmp_path / "crate" / SERVICE).read_text(encoding="utf-8")
    assert service.count("fn count_things") == 2
    assert service.count("async fn has_things(&self, owner: &str) -> AppResult<bool>") == 1
    assert "self.get_thing_by_id(id).await?" in service
    text = (tmp_path / "crate/src/models/thing.rs").read_text(encoding="utf-8")
    assert "pub async fn" not in text
    again = porter(desk_of(tmp_path)).port([Target("function", f"{THINGS}.count_things")])
    assert [one.reason for one in again.left] == ["the crate has it already"]
