"""What belongs to everything that is ported, and that nothing is written twice."""

from __future__ import annotations

import re
from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.registry import porter
from port_lsp.patterns.waiting import waiting
from tests.fixturefile import parse
from tests.writing.crates import is_formatted
from tests.writing.test_printer import rustfmt

__all__ = ["rustfmt"]

FIXTURE = """
//- /backend/app/__init__.py
//- /backend/app/helpers.py
import functools
from typing import Optional


def shout(text: str) -> str:
    return f"{text}!"


def greet(name: str) -> str:
    return shout(name)


def loosely(name):
    return name


def odd(name: str) -> str:
    return name[::-7].swapcase().expandtabs()


@functools.lru_cache
def kept(name: str) -> str:
    return name


def each(count: int) -> list[int]:
    yield from range(count)
//- /backend/app/main.py
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

from app.helpers import shout

app = FastAPI()
bearer = HTTPBearer()


def get_caller(token=Depends(bearer)) -> str:
    if not token:
        raise HTTPException(status_code=401, detail="who is that?")
    return "somebody"


@app.get("/hello")
async def hello(name: str):
    return {"hello": shout(name)}


@app.get("/me")
async def me(caller: str = Depends(get_caller)):
    return {"me": True}
//- /crate/Cargo.toml
[package]
name = "crate"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
//- /crate/src/main.rs
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

#[derive(Clone)]
pub struct AppState {
    pub name: String,
}

pub enum AppError {
    NotFound(String),
}

pub type AppResult<T> = Result<T, AppError>;

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        match self {
            AppError::NotFound(text) => (StatusCode::NOT_FOUND, text).into_response(),
        }
    }
}

fn main() {
    drop(router());
}

pub fn router() -> Router<AppState> {
    Router::new().route("/", get(root))
}

async fn root(State(state): State<AppState>) -> AppResult<Json<Value>> {
    Ok(Json(Value::String(state.name)))
}
"""


def test_plain_functions_are_written_once(tmp_path: Path, rustfmt: str) -> None:
    parse(FIXTURE).write_to(tmp_path)
    index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    every = waiting(index.snapshot)
    functions = [one.id for one in every if one.kind == "function"]
    assert functions == [f"app/helpers.py::{name}" for name in ("shout", "greet", "odd")]
    assert [one.id for one in waiting(index.snapshot, "app/helpers.py")] == functions
    done = porter(Desks().at(index)).port(every)
    assert done.left == ()
    assert [one for one in done.notes if "isn't written" in one] == []
    is_formatted(done, rustfmt)
    text = "".join(change.after for change in done.changes)
    names = re.findall(r"\bfn (shout|greet|odd)\b", text)
    assert sorted(names) == ["greet", "odd", "shout"]
    assert len(re.findall(r"\bshout\(", text)) == 3, text  # it, and its two calls
