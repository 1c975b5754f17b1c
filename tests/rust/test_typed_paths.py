"""axum-extra's typed paths: the path is said by the type of the handler's first parameter."""

from __future__ import annotations

from tests.fixturefile import parse
from tests.rust.test_routing import read

TEXT = """//# axum: 0.8
//# app: crate::main
//- /src/main.rs
mod paths;

use axum::Router;
use axum_extra::routing::{RouterExt, TypedPath};
use paths::{Member, Team};

#[derive(TypedPath, serde::Deserialize)]
#[typed_path("/users", rejection(Refused))]
struct Users;

async fn list(_: Users) -> &'static str {
    "list"
}

async fn show(Member { id }: Member, body: String) -> String {
    format!("{id} {body}")
}

async fn remove(team: Team) -> String {
    team.name
}

async fn open(path: elsewhere::Path) -> &'static str {
    "open"
}

fn inner() -> Router {
    Router::new().typed_delete(remove)
}

#[tokio::main]
async fn main() {
    let app = Router::new()
        .typed_get(list)
        .typed_post(show)
        .typed_get(open)
        .nest("/api", inner());
    axum::serve(listener, app).await.unwrap();
}
//- /src/paths.rs
use axum_extra::routing::TypedPath;

#[derive(TypedPath, serde::Deserialize)]
#[typed_path("/users/{id}")]
pub struct Member {
    pub id: u32,
}

#[derive(TypedPath)]
#[typed_path("/teams/{name}")]
pub struct NamedTeam {
    pub name: String,
}

pub type Team = NamedTeam;
"""


def test_the_first_parameter_says_the_path() -> None:
    side, files = read(parse(TEXT))
    rows = {(one.method, one.path, one.handler) for one in side.endpoints}
    assert rows == {
        ("GET", "/users", "list"),
        ("POST", "/users/{id}", "show"),
        ("GET", "{?}", "open"),
        ("DELETE", "/api/teams/{name}", "remove"),
    }
    [unread] = side.unresolved
    assert (unread.construct, files[unread.place.file].line(unread.place)) == (".typed_get(", 36)
