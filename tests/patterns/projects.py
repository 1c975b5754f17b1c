"""A backend and a crate on disk, and what the patterns make of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desk, Desks
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
sqlx = { version = "0.8", default-features = false, features = ["derive", "sqlite"] }
validator = { version = "0.20", features = ["derive"] }
"""
MAIN = """use axum::Router;

fn main() {
    let _: Router = Router::new();
}
"""


def desk_of(folder: Path, backend: Mapping[str, str], manifest: str = MANIFEST) -> Desk:
    """Writes a backend and an empty crate, and opens both."""
    files = {f"backend/{path}": text for path, text in backend.items()}
    files |= {"crate/Cargo.toml": manifest, "crate/src/main.rs": MAIN}
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    index = Index.open(Wanted(str(folder), str(folder / "backend"), str(folder / "crate")))
    return Desks().at(index)


def ported(desk: Desk) -> Ported:
    """All models of the backend, ported."""
    wanted = [one for one in unfinished(desk.snapshot) if one.kind == "model"]
    return porter(desk).port(wanted)


def rust_of(done: Ported) -> dict[str, str]:
    """The crate's files as they are afterwards."""
    return {change.path: change.after for change in done.changes}
