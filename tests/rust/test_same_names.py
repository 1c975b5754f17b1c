"""Functions of one name, each under its own `cfg`: what each of them registers is told.

A compiled program has one of them only, so that no oracle can be asked.
"""

from __future__ import annotations

from tests.fixturefile import parse
from tests.rust.test_routing import read

TEXT = """//# actix-web: 4
//# app: crate::main
//- /src/main.rs
use actix_web::{get, web, App, HttpServer};

#[cfg(feature = "board")]
#[get("/template")]
async fn template() -> &'static str {
    "template"
}

#[cfg(not(feature = "board"))]
#[get("/template")]
async fn template() -> &'static str {
    "none"
}

#[cfg(feature = "board")]
#[get("/board")]
async fn entry() -> &'static str {
    "entry"
}

#[cfg(not(feature = "board"))]
#[get("/entry")]
async fn entry() -> &'static str {
    "entry"
}

async fn assets() -> &'static str {
    "assets"
}

async fn running() -> &'static str {
    "running"
}

#[cfg(feature = "board")]
fn dashboard(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/assets").route(web::get().to(assets)));
}

#[cfg(not(feature = "board"))]
fn dashboard(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/running").route(web::get().to(running)));
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| {
        App::new()
            .service(template)
            .service(entry)
            .configure(dashboard)
    })
    .bind(("127.0.0.1", 0))?
    .run()
    .await
}
"""


def test_what_each_registers_stands_under_its_cfg() -> None:
    side, _ = read(parse(TEXT))
    assert [(e.path, e.handler, e.conditional) for e in side.endpoints] == [
        ("/template", "template", None),
        ("/board", "entry", 'cfg(feature = "board")'),
        ("/entry", "entry", 'cfg(not(feature = "board"))'),
        ("/assets", "assets", 'cfg(feature = "board")'),
        ("/running", "running", 'cfg(not(feature = "board"))'),
    ]
    assert not side.unmounted
    assert not side.unresolved
