"""What a macro of the project is given isn't mounted nowhere: we only don't see where."""

from __future__ import annotations

import pytest

from tests.fixturefile import parse
from tests.rust.test_routing import read

AXUM = r"""//# axum: 0.8
//# app: crate::app()
//- /src/main.rs
use axum::routing::get;
use axum::Router;

macro_rules! mount_all {
    ($router:expr; $($prefix:literal => $make:path),* $(,)?) => {
        $router$(.nest($prefix, $make()))*
    };
}

mod notes {
    use axum::routing::get;
    use axum::Router;

    async fn list() -> &'static str {
        "list"
    }

    pub fn routes() -> Router {
        Router::new().route("/list", get(list))
    }
}

async fn users() -> &'static str {
    "users"
}

fn forgotten() -> Router {
    Router::new().route("/old", get(users))
}

fn user_routes() -> Router {
    Router::new().route("/", get(users))
}

pub fn app() -> Router {
    let router = Router::new();
    mount_all!(router; "/users" => user_routes, "/notes" => notes::routes)
}

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, app()).await.unwrap();
}
"""

ACTIX = r"""//# actix-web: 4
//# app: crate::main
//- /src/main.rs
use actix_web::{get, post, web, App, HttpServer};

macro_rules! register_all {
    ($cfg:expr, [$($handler:path),* $(,)?]) => {
        $($cfg.service($handler);)*
    };
}

mod notes {
    use actix_web::get;

    #[get("/notes")]
    pub async fn notes() -> &'static str {
        "notes"
    }
}

#[get("/users")]
async fn users() -> &'static str {
    "users"
}

#[post("/users")]
async fn forgotten() -> &'static str {
    "forgotten"
}

fn configure(cfg: &mut web::ServiceConfig) {
    register_all!(cfg, [users, notes::notes]);
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| App::new().configure(configure)).bind(("127.0.0.1", 0))?.run().await
}
"""


@pytest.mark.parametrize(
    ("text", "mounted", "unmounted"),
    [
        (AXUM, {"GET /", "GET /list"}, {"GET /old"}),
        (ACTIX, {"GET /users", "GET /notes"}, {"POST /users"}),
    ],
)
def test_given_to_a_macro(text: str, mounted: set[str], unmounted: set[str]) -> None:
    side, _ = read(parse(text))
    assert {f"{one.method} {one.path}" for one in side.endpoints} == mounted
    loose = (one.endpoint for one in side.unmounted)
    assert {f"{one.method} {one.path}" for one in loose} == unmounted
    assert [one.reason for one in side.unresolved] == ["a macro of the project makes these routes"]


PASSED_ON = """//# axum: 0.8
//# app: crate::main
//- /src/main.rs
use axum::{routing::get, Router};

macro_rules! add {
    ($r:expr, $p:literal, $h:expr) => {
        $r.route($p, get($h))
    };
}

async fn a() {}
async fn c() {}

#[tokio::main]
async fn main() {
    let app = Router::new().route("/a", get(a));
    let app = add!(app, "/b", a);
    let app = app.merge(Router::new().route("/c", get(c)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
"""


def test_a_router_that_a_macro_was_given_goes_on_behind_it() -> None:
    side, _ = read(parse(PASSED_ON))
    assert {f"{one.method} {one.path}" for one in side.endpoints} == {"GET /a", "GET /c"}
    assert [one.construct for one in side.unresolved] == ["add!"]
    outcomes = {(one.construct, one.outcome, one.reason) for one in side.sites}
    assert ("add!", "unresolved", "a macro of the project makes these routes") in outcomes
    assert (".merge(", "resolved", "") in outcomes
