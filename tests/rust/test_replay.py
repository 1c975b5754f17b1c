"""What a program's `main` did is done again only as far as it can be another: each case is read,
edited and read again, and must say what a reader says that sees it for the first time.
"""

from __future__ import annotations

import pytest

from port_lsp.rust.interpret import Interpreter
from port_lsp.rust.reader import CrateReader
from port_lsp.text import Text

MANIFESTS = {"Cargo.toml": b'[package]\nname = "p"\n[dependencies]\naxum = "0.8"\n'}
MAIN = """
mod places;
mod routes;
use axum::{routing::get, Router};

struct Settings { base: String, name: String }

#[tokio::main]
async fn main() {
    let base = places::base();
    let wide = format!("{}/{}", base, "what makes the statement long enough to be kept");
    let mut settings = Settings {
        base: "/first".to_string(),
        name: std::env::var("THE_NAME").unwrap_or_default(),
    };
    let first = settings.base.clone();
    if settings.name.is_empty() {
        tracing::warn!("there is no name, so that something else is taken for it");
    }
    settings.base = "/second".to_string();
    let app = Router::new()
        .route(&wide, get(routes::wide))
        .route(&first, get(routes::first))
        .route(&settings.base, get(routes::second))
        .merge(routes::router());
    axum::serve(listener, app).await.unwrap();
}
"""
PLACES = 'pub fn base() -> String { "/here".to_string() }\n'
ROUTES = """
use axum::{routing::get, Router};
pub async fn wide() {}
pub async fn first() {}
pub async fn second() {}
pub fn router() -> Router { Router::new().route("/more", get(wide)) }
"""
TEXTS = {"src/main.rs": MAIN, "src/places.rs": PLACES, "src/routes.rs": ROUTES}


class Desk:
    """A reader and the texts that it reads."""

    def __init__(self) -> None:
        self.texts = dict(TEXTS)
        self.reader = CrateReader()
        self.files = {
            path: self.reader.outline(path, Text(text.encode()))
            for path, text in self.texts.items()
        }

    def edited(self, path: str, old: str, new: str) -> None:
        assert old in self.texts[path]
        self.texts[path] = self.texts[path].replace(old, new)
        text = Text(self.texts[path].encode())
        self.files[path] = self.reader.outline(path, text, self.files[path])

    def paths(self) -> list[str]:
        return sorted(one.path for one in self.reader.read(self.files, MANIFESTS).endpoints)


WIDE = "what makes the statement long enough to be kept"


def test_what_is_said_at_first() -> None:
    assert Desk().paths() == ["/first", f"/here/{WIDE}", "/more", "/second"]


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("src/routes.rs", '"/more"', '"/other"', ["/first", f"/here/{WIDE}", "/other", "/second"]),
        # A variable that a statement names, set by one that looks elsewhere.
        ("src/places.rs", "/here", "/there", ["/first", "/more", "/second", f"/there/{WIDE}"]),
        ("src/main.rs", "/second", "/third", ["/first", f"/here/{WIDE}", "/more", "/third"]),
    ],
)
def test_what_is_said_after_an_edit(path: str, old: str, new: str, expected: list[str]) -> None:
    desk = Desk()
    desk.paths()
    for _ in range(2):  # the second reading goes on from what the first kept
        desk.edited(
            "src/routes.rs", "pub async fn wide", "pub async fn more() {}\npub async fn wide"
        )
        desk.paths()
    desk.edited(path, old, new)
    assert desk.paths() == expected


def test_what_registers_nothing_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[bytes] = []
    statement = Interpreter.statement

    def counted(self: Interpreter, one: object, frame: object) -> object:
        if len(self.running) == 1:
            ran.append(self.data(frame)[one.start : one.end])  # type: ignore[attr-defined, arg-type]
        return statement(self, one, frame)  # type: ignore[arg-type]

    monkeypatch.setattr(Interpreter, "statement", counted)
    desk = Desk()
    desk.paths()
    first = [one for one in ran if b"THE_NAME" in one or b"no name" in one]
    assert first
    ran.clear()
    desk.edited("src/routes.rs", '"/more"', '"/other"')
    desk.paths()
    assert any(b"Router::new" in one for one in ran)
    assert not [one for one in ran if b"what makes" in one]
