"""What is written counts as ported once it is read again, with all models that are awkward to
recognise: Enums, one without fields of its own, names that say nothing, files named as layers."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import unfinished
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse

MODELS = """
//- /backend/app/main.py
from fastapi import FastAPI
app = FastAPI()
//- /backend/app/constants.py
from enum import Enum


class MESSAGES(str, Enum):
    GREETING = lambda name="": f"Hello {name}"


class ERROR_MESSAGES(str, Enum):
    DEFAULT = lambda err="": f"{err}"
    NOT_FOUND = "We could not find what you're looking for :/"
    EMAIL_TAKEN = "This email is already registered."
//- /backend/app/models/models.py
from pydantic import BaseModel, ConfigDict


class ModelParams(BaseModel):
    model_config = ConfigDict(extra="allow")


class ModelMeta(BaseModel):
    params: ModelParams
    description: str
//- /backend/app/retrieval/web/main.py
from pydantic import BaseModel


class SearchResult(BaseModel):
    link: str
    title: str
    snippet: str
//- /crate/Cargo.toml
[package]
name = "port"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"""
ROUTER = """
//- /crate/src/main.rs
use axum::{routing::get, Router};

async fn health() {}

pub fn router() -> Router {
    Router::new().route("/health", get(health))
}

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await.unwrap();
    axum::serve(listener, router()).await.unwrap();
}
"""
# A file that has another's name: there the struct stays by itself.
OTHER = """
//- /crate/src/services/rag.rs
pub struct SearchResult {
    pub chunk: String,
    pub score: f32,
}
"""


@pytest.mark.parametrize(
    "crate", [ROUTER, ROUTER.replace("async fn", "mod services;\n\nasync fn", 1) + OTHER]
)
def test_models_count_as_ported(tmp_path: Path, crate: str) -> None:
    parse(MODELS + crate).write_to(tmp_path)
    index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    targets = unfinished(index.snapshot)
    assert {one.id.partition("::")[2] for one in targets} == {
        "ERROR_MESSAGES", "ModelParams", "ModelMeta", "SearchResult",
    }  # fmt: skip
    done = porter(Desks().at(index)).port(targets)
    assert done.left == ()
    for change in done.changes:
        path = tmp_path / "crate" / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, "utf-8")
    after = index.sweep()
    assert unfinished(after) == []
    keys = [row.crate for row in after.links.models if row.backend is not None]
    assert len(set(keys)) == len(targets)


EVENT = """
//- /backend/app/sockets.py
import socketio

sio = socketio.AsyncServer(async_mode="asgi")


@sio.on("hello")
async def hello(sid, data):
    await sio.emit("hello", data)
"""
WORKSPACE = """
//- /crate/Cargo.toml
[package]
name = "port"
version = "0.1.0"
edition = "2021"

[workspace]
members = ["apps/api"]
//- /crate/tests/all.rs
#[test]
fn nothing() {}
//- /crate/apps/api/Cargo.toml
[package]
name = "api"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"""


def test_in_a_workspace_the_package_with_the_handlers_is_written_into(tmp_path: Path) -> None:
    """The package above is only tests; a new folder beside them would be no part of any crate."""
    crate = WORKSPACE + ROUTER.replace("/crate/src", "/crate/apps/api/src")
    parse(MODELS.partition("//- /crate")[0] + EVENT + crate).write_to(tmp_path)
    index = Index.open(Wanted(str(tmp_path), str(tmp_path / "backend"), str(tmp_path / "crate")))
    targets = unfinished(index.snapshot)
    done = porter(Desks().at(index)).port(targets)
    assert done.left == ()
    assert {one.kind for one in targets} == {"model", "event"}
    assert {one.path[:9] for one in done.changes} == {"apps/api/"}
