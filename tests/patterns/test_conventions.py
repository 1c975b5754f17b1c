"""How the crate writes its handlers is shown with what it rests on."""

from __future__ import annotations

from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.conventions import convention_rows
from port_lsp.patterns.desk import Desks
from tests.index.projects import write

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def rows(root: Path) -> dict[str, tuple[str, str]]:
    found = convention_rows(Desks().at(Index.open(Wanted(str(root)))))
    return {row.question: (row.answer, row.rests_on) for row in found}


def test_the_example() -> None:
    found = rows(EXAMPLES)
    assert found["framework"] == ("axum 0.8.9", "Cargo.toml and Cargo.lock")
    assert found["state"] == (
        "axum::extract::State(state): axum::extract::State<crate::state::AppState>",
        "20 of 20 handlers that say it",
    )
    assert found["result"] == ("crate::error::AppResult<_>", "19 of 21 handlers that say it")
    assert found["user"][0] == "crate::auth::CurrentUser(user): crate::auth::CurrentUser"
    assert found["role"][0] == "middleware"
    assert found["form"] == ("axum::Form", "the guide: no handler of the crate says it")


GENERIC = """//- /backend/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/notes")
def notes() -> list[str]: ...
//- /crate/Cargo.toml
[package]
name = "app"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
eyre = "0.6"
//- /crate/src/main.rs
mod users;

use axum::routing::get;
use axum::Router;

use crate::users::{roles, users};

pub trait Database: Clone + Send + Sync + 'static {}

#[derive(Clone)]
pub struct Memory;

impl Database for Memory {}

#[derive(Clone)]
pub struct AppState<DB: Database> {
    pub database: DB,
}

pub struct Failed<'a>(&'a str);

// Not what the handlers' Result is: nothing brings it in where they are.
pub type Result<T> = eyre::Result<T>;

fn router<DB: Database>(state: AppState<DB>) -> Router {
    let router = Router::new().route("/users", get(users)).route("/roles", get(roles));
    router.with_state(state)
}

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, router(AppState { database: Memory })).await.unwrap();
}
//- /crate/src/users.rs
use axum::extract::State;
use axum::Json;

use crate::{AppState, Database, Failed};

pub async fn users<DB: Database>(
    state: State<AppState<DB>>,
) -> Result<Json<String>, Failed<'static>> {
    Err(Failed("no"))
}

pub async fn roles<DB: Database>(
    state: State<AppState<DB>>,
) -> Result<Json<String>, Failed<'static>> {
    Err(Failed("no"))
}
"""


def test_what_another_handler_cant_name_is_no_convention(tmp_path: Path) -> None:
    """An error's lifetime; the state's type parameter is what another handler can have, too."""
    found = rows(write(tmp_path, GENERIC))
    assert found["result"] == ("Result<_, crate::Failed<'static>>", "2 of 2 handlers that say it")
    assert found["state"] == (
        "<DB: crate::Database> state: axum::extract::State<crate::AppState<DB>>",
        "2 of 2 handlers that say it",
    )
