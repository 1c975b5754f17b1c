"""Ports a whole backend into a fresh crate and compiles it.

    python -m bench.port_compile BACKEND [--kind model] [--folder DIR]

Makes a crate in DIR (a temporary folder, if none is named), writes every item of the backend into
it, and runs `cargo check`, `rustfmt --check` and, with --clippy, clippy. Prints what was ported,
what was left and why, what was degraded, and the compiler's errors by their codes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Ported, unfinished
from port_lsp.patterns.registry import porter

MANIFEST = """[package]
name = "ported"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
sqlx = { version = "0.8", default-features = false, features = ["sqlite", "runtime-tokio"] }
tokio = { version = "1", features = ["macros", "net", "rt"] }
validator = { version = "0.20", features = ["derive"] }
"""
MAIN = """#![allow(dead_code)]

mod error;
mod state;

use axum::routing::get;
use axum::Router;

use crate::state::AppState;

fn router() -> Router<AppState> {
    Router::new().route("/health", get(health))
}

async fn health() -> &'static str {
    "ok"
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let app = router().with_state(AppState {});
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
"""
STATE = """#[derive(Clone)]
pub struct AppState {}
"""
ERROR = """use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::Json;
use serde_json::json;

pub type AppResult<T> = Result<T, AppError>;

#[derive(Debug)]
pub enum AppError {
    NotFound(String),
    Internal(String),
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let (status, detail) = match self {
            Self::NotFound(detail) => (StatusCode::NOT_FOUND, detail),
            Self::Internal(detail) => (StatusCode::INTERNAL_SERVER_ERROR, detail),
        };
        (status, Json(json!({ "detail": detail }))).into_response()
    }
}
"""
ACTIX_MAIN = """#![allow(dead_code)]

mod error;
mod state;

use actix_web::{web, App, HttpResponse, HttpServer};

use crate::state::AppState;

fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/health", web::get().to(health));
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().body("ok")
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| {
        App::new()
            .app_data(web::Data::new(AppState {}))
            .configure(configure)
    })
    .bind(("127.0.0.1", 0))?
    .run()
    .await
}
"""
ACTIX_ERROR = """use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;
use std::fmt;

pub type AppResult<T> = Result<T, AppError>;

#[derive(Debug)]
pub enum AppError {
    NotFound(String),
    Internal(String),
}

impl fmt::Display for AppError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(detail) | Self::Internal(detail) => write!(formatter, "{detail}"),
        }
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code()).json(json!({ "detail": self.to_string() }))
    }
}
"""


def make(folder: Path, framework: str) -> None:
    """The crate that everything is written into."""
    source = folder / "src"
    source.mkdir(parents=True, exist_ok=True)
    axum = framework == "axum"
    manifest = MANIFEST if axum else MANIFEST.replace('axum = "0.8"', 'actix-web = "4"')
    (folder / "Cargo.toml").write_text(manifest, "utf-8")
    (source / "main.rs").write_text(MAIN if axum else ACTIX_MAIN, "utf-8")
    (source / "error.rs").write_text(ERROR if axum else ACTIX_ERROR, "utf-8")
    (source / "state.rs").write_text(STATE, "utf-8")


def port(backend: Path, folder: Path, kinds: tuple[str, ...]) -> Ported:
    """Ports everything of some kinds and writes it."""
    index = Index.open(Wanted(str(backend), str(backend), str(folder)))
    targets = [one for one in unfinished(index.snapshot) if not kinds or one.kind in kinds]
    done = porter(Desks().at(index)).port(targets)
    for change in done.changes:
        path = folder / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, "utf-8")
    return done


def cargo(folder: Path, command: str, target: Path | None = None) -> tuple[Counter[str], list[str]]:
    """The compiler's errors and warnings by code, and the errors as they are shown. `target` is
    where it builds, if not in the crate."""
    more = () if target is None else ("--target-dir", str(target))
    run = subprocess.run(
        ["cargo", command, "--quiet", "--message-format", "json", *more],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: Counter[str] = Counter()
    shown: list[str] = []
    for line in run.stdout.splitlines():
        message = json.loads(line).get("message") if line.startswith("{") else None
        if isinstance(message, dict) and message.get("level") in ("error", "warning"):  # pyright: ignore[reportUnknownMemberType]
            code = (message.get("code") or {}).get("code", "")  # pyright: ignore
            found[f"{message['level']} {code}".strip()] += 1
            if message["level"] == "error":
                shown.append(str(message["rendered"]))  # pyright: ignore[reportUnknownArgumentType]
    if run.returncode and not shown:
        shown.append(run.stderr)
        found["error"] += 1
    return found, shown


def unformatted(folder: Path) -> list[str]:
    """The files that rustfmt would change."""
    run = subprocess.run(
        ["rustfmt", "--check", "--edition", "2021", "-l", str(folder / "src" / "main.rs")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return run.stdout.split()


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--kind", "kinds", multiple=True, help="Only items of this kind.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--framework", type=click.Choice(("axum", "actix-web")), default="axum")
@click.option("--clippy", is_flag=True)
@click.option("--shown", default=5, show_default=True, help="How many errors are shown.")
def main(
    backend: Path,
    kinds: tuple[str, ...],
    folder: Path | None,
    framework: str,
    clippy: bool,
    shown: int,
) -> None:
    folder = (folder or Path(tempfile.mkdtemp(prefix="ported-"))).resolve()
    make(folder, framework)
    done = port(backend.resolve(), folder, kinds)
    text = "".join(path.read_text("utf-8") for path in folder.rglob("*.rs"))
    holes = len(re.findall(r"\btodo!\(", text))
    click.echo(f"ported {len(done.done)}, left {len(done.left)}, {holes} holes, in {folder}")
    for one in done.left[:shown]:
        click.echo(f"  left {one.id}: {one.reason}")
    for note in done.notes:
        click.echo(f"  note {note}")
    found, errors = cargo(folder, "clippy" if clippy else "check")
    for code, count in found.most_common():
        click.echo(f"  {count:5} {code}")
    for error in errors[:shown]:
        click.echo(error)
    changed = unformatted(folder)
    click.echo(f"{len(changed)} files that rustfmt would change: {' '.join(changed[:shown])}")
    sys.exit(1 if errors or changed or done.left else 0)


if __name__ == "__main__":
    main()
