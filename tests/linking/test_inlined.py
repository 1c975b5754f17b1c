"""Models that the crate has no struct for: written as `json!` or read key by key, wherever."""

from pathlib import Path

import pytest

from port_lsp.facts.links import Link
from port_lsp.text import Text
from tests.index.projects import opened, write

PROJECT = """\
//- /backend/app/main.py
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Author(BaseModel):
    username: str
    display_name: str
    avatar_url: str | None = None


class PostOut(BaseModel):
    post_id: int
    author: Author
    text: str
    created_at: str


class PostList(BaseModel):
    posts: list[PostOut]
    has_more: bool


class SyncResult(BaseModel):
    synced: int
    skipped: int
    last_synced_at: str


class PostForm(BaseModel):
    text: str
    category: str
    visible: bool


class Unwritten(BaseModel):
    width: int
    height: int
    depth: int


@app.get("/posts", response_model=PostList)
def get_posts():
    return []


@app.post("/posts")
def create_post(form: PostForm):
    return {}


@app.post("/sync")
def sync_posts():
    if not app:
        return {"error": "no"}
    return SyncResult(synced=1, skipped=0, last_synced_at="")


@app.get("/size", response_model=Unwritten)
def get_size():
    return {}
//- /crate/Cargo.toml
[package]
name = "blog"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
serde_json = "1"
//- /crate/src/main.rs
mod db;
mod posts;

use axum::{routing::{get, post}, Router};

fn app() -> Router {
    Router::new()
        .route("/posts", get(posts::get_posts).post(posts::create_post))
        .route("/sync", post(posts::sync_posts))
        .route("/size", get(posts::get_size))
}

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, app()).await.unwrap();
}
//- /crate/src/posts.rs
use axum::Json;
use serde_json::{json, Value};

use crate::db::posts;

pub async fn get_posts() -> Json<Value> {
    let listed = posts::get_posts().await;
    Json(json!({ "posts": listed, "has_more": false }))
}

pub async fn create_post(Json(body): Json<Value>) -> Json<Value> {
    let form = parse_form(&body);
    posts::insert(form).await;
    Json(json!({}))
}

fn parse_form(body: &Value) -> (String, String, bool) {
    let text = body.get("text").and_then(Value::as_str).unwrap_or_default();
    let category = body["category"].as_str().unwrap_or_default();
    let visible = body.get("visible").and_then(Value::as_bool).unwrap_or(true);
    (text.to_string(), category.to_string(), visible)
}

pub async fn sync_posts() -> Json<Value> {
    Json(json!({ "synced": 0, "skipped": 0, "last_synced_at": null }))
}

pub async fn get_size() -> Json<Value> {
    Json(json!(null))
}

pub async fn nobody_calls() -> Value {
    json!({ "width": 1, "height": 2, "depth": 3 })
}
//- /crate/src/db/mod.rs
pub mod posts;
//- /crate/src/db/posts.rs
use serde_json::{json, Value};

pub struct Row {
    id: i64,
}

pub async fn get_posts() -> Vec<Value> {
    rows().await.iter().map(to_json).collect()
}

async fn rows() -> Vec<Row> {
    Vec::new()
}

fn to_json(row: &Row) -> Value {
    json!({
        "post_id": row.id,
        "text": "",
        "created_at": "",
        "author": { "username": "", "display_name": "", "avatar_url": null },
    })
}

pub async fn insert(_: (String, String, bool)) {}
"""


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Link]:
    folder: Path = write(tmp_path_factory.mktemp("inlined"), PROJECT)
    models = opened(folder).snapshot.links.models
    return {row.backend.rpartition("::")[2]: row for row in models if row.backend}


@pytest.mark.parametrize(
    ("model", "function"),
    [
        ("PostList", "src/posts.rs::get_posts writes"),
        ("PostOut", "src/db/posts.rs::to_json writes"),
        ("Author", "src/db/posts.rs::to_json writes"),
        ("SyncResult", "src/posts.rs::sync_posts writes"),
        ("PostForm", "src/posts.rs::parse_form reads"),
    ],
)
def test_written_or_read_behind_the_handler(
    rows: dict[str, Link], model: str, function: str
) -> None:
    row = rows[model]
    assert (row.presence, row.crate) == ("ported", None)
    assert row.evidence[0].kind == "inline-json"
    assert row.evidence[0].detail.startswith(function)


def test_what_no_handler_calls_is_nobodys(rows: dict[str, Link]) -> None:
    assert rows["Unwritten"].presence == "unported"


def test_a_function_that_is_new_is_seen_where_it_was_called_before(tmp_path: Path) -> None:
    root = write(tmp_path, PROJECT)
    file = root / "crate" / "src" / "posts.rs"
    whole = file.read_text()
    index = opened(root)
    for text in (whole.replace("fn parse_form", "fn parse"), whole.replace("parse_form(&", "x(&")):
        index.update(str(file), Text(text.encode()))
    index.update(str(file), Text(whole.encode()))
    assert index.snapshot.links == opened(root).snapshot.links
