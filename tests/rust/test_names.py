"""`use` trees, Cargo.toml, and that every call site is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.rust.cargo import packages
from port_lsp.rust.imports import use_names
from port_lsp.rust.registering import VERBS
from tests.fixturefile import parse
from tests.rust.test_routing import CASES, read

_GET = "::axum::routing::get"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a", {"a": "a"}),
        ("a::b", {"b": "a::b"}),
        ("a::b as c", {"c": "a::b"}),
        ("a::{self, b as c, d::*, e::{f}}", {"a": "a", "c": "a::b", "*": "a::d", "f": "a::e::f"}),
        ("super::x::*", {"*": "super::x"}),
        ("crate as k", {"k": "crate"}),
        ("::axum::{Router, routing::{get,},}", {"Router": "::axum::Router", "get": _GET}),
        ("{a::b, c::{d, self as q}}", {"b": "a::b", "d": "c::d", "q": "c"}),
        ("a::{b, /* c, */ d // e\n}", {"b": "a::b", "d": "a::d"}),
        ("r#a::r#type", {"type": "a::type"}),
    ],
)  # fmt: skip
def test_use_trees(text: str, names: dict[str, str]) -> None:
    assert {name: "::".join(path) for name, path in use_names(text)} == names


def test_packages_of_a_workspace() -> None:
    manifests = {
        "Cargo.toml": b'[workspace]\nmembers = ["server"]\n[workspace.dependencies]\n'
        b'axum = { version = "0.7.5", features = ["ws"] }\nnotes = { path = "notes" }\n',
        "server/Cargo.toml": b'[package]\nname = "the-server"\n[dependencies]\n'
        b'axum.workspace = true\nweb = { package = "actix-web", version = "^4.1" }\n'
        b'[lib]\nname = "server_lib"\npath = "src/library.rs"\n[[bin]]\nname = "run"\n',
        "tests/helper/Cargo.toml": b'[package]\nname = "helper"\n',
        "broken/Cargo.toml": b"[package\n",
    }
    paths = frozenset(
        {"server/src/library.rs", "server/src/bin/run.rs", "server/src/bin/a/main.rs"}
    )
    [package] = packages(manifests, paths)
    assert (package.name, package.folder) == ("the-server", "server")
    assert (package.library, package.library_root) == ("server_lib", "server/src/library.rs")
    assert package.programs == ("server/src/bin/run.rs", "server/src/bin/a/main.rs")
    assert package.version("axum") == "0.7.5"
    assert package.version("actix-web") == "4.1"
    assert package.version("warp") is None
    assert dict(package.dependencies)["web"] == "actix-web"


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_site_is_accounted_for(path: Path) -> None:
    side, files = read(parse(path.read_text()))
    assert not [site for site in side.sites if site.outcome != "resolved" and not site.reason]
    registered = [endpoint.registered for endpoint in side.endpoints]
    registered += [one.endpoint.registered for one in side.unmounted]
    sites = {(site.place.file, site.place.chunk, site.place.span.start) for site in side.sites}
    for place in registered:
        if (place.file, place.chunk, place.span.start) not in sites:
            # The scan leaves out what has other meanings elsewhere: `.get(…)` of a resource, and
            # attributes under another name.
            word = files[place.file].text.slice(files[place.file].span(place))
            assert word in VERBS or word.startswith("#[read_route")
