"""Which version of a framework a crate has, by what it asks for and what was taken."""

import pytest

from port_lsp.rust.cargo import packages
from port_lsp.rust.reader import framework_of

LOCK = """
[[package]]
name = "axum"
version = "0.6.20"

[[package]]
name = "axum"
version = "0.7.7"

[[package]]
name = "axum-core"
version = "0.9.0"
"""


@pytest.mark.parametrize(
    ("asked", "lock", "version"),
    [
        ('"0"', LOCK, "0.7.7"),
        ('"*"', LOCK, "0.7.7"),
        ('{ version = "0", features = ["multipart"] }', LOCK, "0.7.7"),
        ('">=0.6, <0.8"', LOCK, "0.7.7"),
        ('"0.6"', LOCK, "0.6.20"),
        ('"=0.6.20"', LOCK, "0.6.20"),
        ('"0.8"', LOCK, "0.8"),  # the lock is older than the manifest
        ('"0"', "", ""),
        ('"*"', "", ""),
        ('"0.7.1"', "", "0.7.1"),
    ],
)
def test_version(asked: str, lock: str, version: str) -> None:
    manifests = {
        "Cargo.toml": f'[package]\nname = "a"\n[dependencies]\naxum = {asked}\n'.encode(),
        "Cargo.lock": lock.encode(),
    }
    (found,) = packages(manifests, frozenset({"src/main.rs"}))
    assert found.version("axum") == version


def test_version_of_the_workspace() -> None:
    manifests = {
        "Cargo.toml": b'[workspace]\nmembers = ["api"]\n[workspace.dependencies]\naxum = "0"\n',
        "Cargo.lock": LOCK.encode(),
        "api/Cargo.toml": b'[package]\nname = "a"\n[dependencies]\naxum.workspace = true\n',
    }
    (found,) = packages(manifests, frozenset({"api/src/main.rs"}))
    assert found.version("axum") == "0.7.7"


def test_the_framework_is_that_of_most_members() -> None:
    member = '[package]\nname = "{}"\n[dependencies]\n{} = "{}"\n'
    asked = {"api": ("axum", "0.8"), "mcp": ("axum", "0.8"), "board": ("actix-web", "4")}
    manifests = {
        f"{name}/Cargo.toml": member.format(name, *of).encode() for name, of in asked.items()
    }
    known = packages(manifests, frozenset(f"{name}/src/main.rs" for name in asked))
    assert framework_of(known) == ("axum", "0.8")
