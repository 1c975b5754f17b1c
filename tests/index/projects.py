"""Small projects that the tests write to a folder."""

from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from tests.fixturefile import parse

PAIR = """\
//- /backend/app/__init__.py
//- /backend/app/main.py
from fastapi import FastAPI

from app.users import router

app = FastAPI()
app.include_router(router, prefix="/users")
//- /backend/app/users.py
from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter()


class UserForm(BaseModel):
    name: str


@router.get("")
def list_users():
    return []


@router.post("")
def create_user(form: UserForm):
    return form
//- /crate/Cargo.toml
[package]
name = "app-server"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
serde = { version = "1", features = ["derive"] }
//- /crate/src/main.rs
mod users;

use axum::Router;

#[tokio::main]
async fn main() {
    let app = Router::new().nest("/users", users::router());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
//- /crate/src/users.rs
use axum::{routing::get, Json, Router};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct UserForm {
    pub name: String,
}

pub fn router() -> Router {
    Router::new().route("/", get(list_users))
}

async fn list_users() -> Json<Vec<String>> {
    Json(load())
}
"""


def write(root: Path, text: str, *, repository: bool = True) -> Path:
    """Writes a project in the form of fixturefile.py; the root is a repository's top."""
    parse(text).write_to(root)
    if repository:
        (root / ".git").mkdir(exist_ok=True)
    return root


def opened(root: Path, backend: Path | None = None, crate: Path | None = None) -> Index:
    """An index over a project."""
    return Index.open(
        Wanted(str(root), str(backend) if backend else None, str(crate) if crate else None)
    )
