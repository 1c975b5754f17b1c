"""A session on a fixture, without a process: what an editor would see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import types

from port_lsp.server.capabilities import resolve
from port_lsp.server.context import Context
from port_lsp.server.lenses import lenses, titles
from port_lsp.server.places import Places
from port_lsp.server.session import Session
from tests.fixturefile import Fixture, parse
from tests.server.client import NEOVIM, Json

# A backend and its port: one endpoint of each presence, models, a field under another name.
PROJECT = """
//- /backend/app/__init__.py
//- /backend/app/main.py
from fastapi import FastAPI
from app.routers import users, notes
app = FastAPI()
app.include_router(users.router, prefix="/users")
app.include_router(notes.router, prefix="/notes")
//- /backend/app/routers/__init__.py
//- /backend/app/routers/users.py
from fastapi import APIRouter
from app.models import User, UserForm
router = APIRouter()


@router.get("/{id}", response_model=User)
async def get_user(id: str):
    return {"id": id, "fullName": "x"}


@router.post("/", response_model=User)
async def create_user(form: UserForm):
    return form


@router.delete("/{id}")
async def delete_user(id: str):
    return True
//- /backend/app/routers/notes.py
from fastapi import APIRouter
router = APIRouter()


@router.get("/search")
async def search_notes(q: str):
    return []


@router.put("/{id}")
async def update_note(id: str):
    return {"id": id}
//- /backend/app/models.py
from pydantic import BaseModel, Field


class User(BaseModel):
    id: str
    full_name: str = Field(alias="fullName")


class UserForm(BaseModel):
    full_name: str


class Settings(BaseModel):
    secret: str
    color: str
//- /crate/Cargo.toml
[package]
name = "app"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
serde = { version = "1", features = ["derive"] }
//- /crate/src/main.rs
use axum::{Router, routing::get};
mod models;
mod routes;

#[tokio::main]
async fn main() {
    let app = Router::new()
        .nest("/users", routes::users::router())
        .nest("/notes", routes::notes::router())
        .route("/metrics", get(metrics));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    axum::serve(listener, app).await.unwrap();
}

async fn metrics() -> String {
    let lines = vec!["up 1".to_string()];
    lines.join("\\n")
}
//- /crate/src/models.rs
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct User {
    pub id: String,
    #[serde(rename = "fullName")]
    pub full_name: String,
}

#[derive(Deserialize)]
pub struct UserForm {
    pub full_name: String,
}
//- /crate/src/routes/mod.rs
pub mod notes;
pub mod users;
//- /crate/src/routes/users.rs
use axum::{Json, Router, extract::Path, routing::{delete, get, post}};
use crate::models::{User, UserForm};

pub fn router() -> Router {
    Router::new()
        .route("/{id}", get(get_user).delete(delete_user))
        .route("/", post(create_user))
}

async fn get_user(Path(id): Path<String>) -> Json<User> {
    let full_name = format!("{id}!");
    Json(User { id, full_name })
}

async fn create_user(Json(form): Json<UserForm>) -> Json<User> {
    let id = form.full_name.clone();
    Json(User { id, full_name: form.full_name })
}

async fn delete_user(Path(_id): Path<String>) -> Json<bool> {
    todo!()
}
//- /crate/src/routes/notes.rs
use axum::{Router, extract::Path, routing::post};

pub fn router() -> Router {
    Router::new().route("/{id}", post(update_note))
}

async fn update_note(Path(id): Path<String>) -> String {
    let text = format!("note {id}");
    text
}
"""


class Timer:
    """A call that is due when the test says so."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self.call = None


class Loop:
    """Time that stands still; work is done at once, unless it is held back."""

    def __init__(self) -> None:
        self.timers: list[Timer] = []
        self.held: list[Callable[[], None]] | None = None

    def later(self, seconds: float, call: Callable[[], None]) -> Timer:
        self.timers.append(Timer(call))
        return self.timers[-1]

    def beside(self, work: Callable[[], None]) -> None:
        if self.held is None:
            work()
        else:
            self.held.append(work)

    def post(self, call: Callable[[], None]) -> None:
        call()

    def pass_time(self) -> None:
        """Everything that waits for time to pass happens, once."""
        due, self.timers = self.timers, []
        for timer in due:
            if timer.call is not None:
                timer.call()

    def hold(self) -> None:
        """Work waits for `release`."""
        self.held = []

    def release(self) -> None:
        """What was held back is done."""
        held, self.held = self.held or [], None
        for work in held:
            work()


class Outbox:
    """What the client got. It does everything it is asked for."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []

    def notify(self, method: str, params: Any) -> None:
        self.sent.append((method, params))

    def request(
        self, method: str, params: Any, then: Callable[[bool], None] | None = None
    ) -> None:  # fmt: skip
        self.sent.append((method, params))
        if then is not None:
            then(True)

    def of(self, method: str) -> list[Any]:
        """The parameters of all messages of one method."""
        return [params for name, params in self.sent if name == method]


class Desk:
    """A session with a fixture's files on disk."""

    def __init__(self, root: Path, text: str = PROJECT, capabilities: Json = NEOVIM) -> None:
        self.root = root.resolve()
        self.fixture: Fixture = parse(text)
        self.fixture.write_to(self.root)
        (self.root / ".git").mkdir(exist_ok=True)  # the repository's top: the search ends here
        self.outbox, self.loop = Outbox(), Loop()
        client = resolve({"capabilities": capabilities})
        self.session = Session(client, Places((str(self.root),)), self.outbox, self.loop)
        self.versions: dict[str, int] = {}

    def start(self) -> Desk:
        """Indexes."""
        self.session.start()
        return self

    @property
    def context(self) -> Context:
        return self.session.context()

    def path(self, name: str) -> str:
        """The absolute path of a file of the fixture."""
        return str(self.root / name)

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def content(self, name: str) -> str:
        document = self.session.documents.get(self.uri(name))
        if document is not None:
            return document.text.data.decode()
        return (self.root / name).read_text("utf-8")

    def open(self, name: str) -> str:
        """Opens a document as it is on disk."""
        uri = self.uri(name)
        self.versions[uri] = 1
        self.session.open(uri, 1, self.content(name))
        self.session.flush()
        return uri

    def replace(self, name: str, old: str, new: str) -> None:
        """Edits an open document: the first `old` becomes `new`."""
        uri, text = self.uri(name), self.content(name)
        assert old in text
        change = types.TextDocumentContentChangeWholeDocument(text=text.replace(old, new, 1))
        self.versions[uri] += 1
        self.session.change(uri, self.versions[uri], (change,))
        self.session.flush()

    def position(self, name: str, word: str, shift: int = 0) -> types.Position:
        """Where a word begins, in the client's encoding."""
        text = self.context.documents.get(self.uri(name))
        data = text.text if text is not None else self.file(name)
        offset = data.data.index(word.encode()) + shift
        return types.Position(*data.line_column(offset, self.session.client.encoding))

    def file(self, name: str) -> Any:
        where = self.context.where(self.uri(name))
        assert where is not None, name
        return where.file.text

    def at(self, name: str, word: str) -> types.TextDocumentPositionParams:
        """The parameters of a request about a word."""
        document = types.TextDocumentIdentifier(self.uri(name))
        return types.TextDocumentPositionParams(document, self.position(name, word))

    def lenses(self, name: str) -> list[tuple[int, str]]:
        """The lenses of a document: 1-based line and title."""
        found = lenses(self.context, self.uri(name))
        lines = [lens.range.start.line + 1 for lens in found]
        return list(zip(lines, titles(found), strict=True))

    def pushed(self, name: str) -> list[types.Diagnostic] | None:
        """What was pushed last of a document."""
        found = [p for p in self.outbox.of("textDocument/publishDiagnostics")
                 if p.uri == self.uri(name)]  # fmt: skip
        return list(found[-1].diagnostics) if found else None

    def rules(self, name: str) -> list[tuple[int, str]]:
        """The same: 1-based line and rule."""
        return [(d.range.start.line + 1, str(d.code)) for d in self.pushed(name) or []]
