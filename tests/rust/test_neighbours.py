"""A package of the project that stands beside the tree: what it mounts is said to be unknown."""

from __future__ import annotations

import pytest

from tests.fixturefile import parse
from tests.rust.test_routing import read

MANIFEST = """//# {framework}: {version}
//# app: crate::app()
//- /Cargo.toml
[package]
name = "fixture"
version = "0.1.0"

[dependencies]
{framework} = "{version}"
routes-lib = {asked}
//- /src/lib.rs
"""
AXUM = """use axum::Router;

pub fn app() -> Router {
    Router::new().merge(routes_lib::system::<u8>()).nest("/more", routes_lib::more())
}
"""
ACTIX = """use actix_web::{web, Scope};

pub fn app() -> Scope {
    web::scope("/api").service(routes_lib::system())
}
"""


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ('{ path = "../routes-lib" }', True),
        ("{ workspace = true }", True),
        ('"1.2"', False),
        ('{ version = "1.2", path = "../routes-lib" }', False),
    ],
)
@pytest.mark.parametrize(
    ("framework", "version", "code", "sites"),
    [("axum", "0.8", AXUM, [".merge(", ".nest("]), ("actix-web", "4", ACTIX, [".service("])],
)
def test_what_a_neighbour_mounts_is_not_known(
    framework: str, version: str, code: str, sites: list[str], asked: str, listed: bool
) -> None:
    text = MANIFEST.format(framework=framework, version=version, asked=asked) + code
    side, _ = read(parse(text))
    assert [one.construct for one in side.unresolved] == (sites if listed else [])
