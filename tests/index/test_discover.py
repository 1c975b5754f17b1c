"""Where the two roots are found, and what is said about it."""

import os
from pathlib import Path

import pytest

from port_lsp.index.discover import Found, discover
from port_lsp.index.walk import Tree, repository_top
from tests.index.projects import PAIR, write


def found(root: Path, start: str = ".") -> Found:
    at = (root / start).resolve()
    return discover(at, Tree(repository_top(at)))


def roots(root: Path, start: str = ".") -> tuple[str | None, str | None]:
    both = found(root, start)
    paths = [side and os.path.relpath(side.path, root) for side in (both.backend, both.crate)]
    return paths[0], paths[1]


@pytest.mark.parametrize(
    "start", [".", "backend", "backend/app", "crate", "crate/src", "docs", "backend/app/deep/er"]
)
def test_every_start_leads_to_the_same_pair(tmp_path: Path, start: str) -> None:
    write(tmp_path, PAIR + "//- /docs/x.md\n//- /backend/app/deep/er/x.md\n")
    assert roots(tmp_path, start) == ("backend", "crate")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        pytest.param(
            "//- /src/app/__init__.py\n//- /src/app/main.py\nimport fastapi\n", "src", id="src"
        ),
        pytest.param(
            "//- /main.py\nfrom fastapi import FastAPI\nfrom routers import items\nimport users\n"
            "//- /users.py\nimport fastapi\n//- /routers/items.py\nimport fastapi\n",
            ".",
            id="loose modules",
        ),
        pytest.param(
            "//- /company/service/main.py\nimport fastapi\nfrom company.service.api import routes\n"
            "//- /company/service/api/routes.py\nimport fastapi\nfrom .deep import more\n"
            "//- /company/service/api/deep/more.py\nimport fastapi\n",
            ".",
            id="namespace package",
        ),
        pytest.param(
            "//- /server/app/main.py\nimport fastapi\nfrom .routers import users\n"
            "//- /server/app/routers/users.py\nimport fastapi\nfrom ..deps import x\n",
            "server",
            id="relative imports without __init__",
        ),
        pytest.param(
            "//- /server/app/__init__.py\n//- /server/app/main.py\nimport fastapi\n"
            "from routers import users\n"
            "//- /server/app/routers/users.py\nimport fastapi\nfrom deps import x\n"
            "//- /server/app/deps.py\n",
            "server/app",
            id="a package that is run as a folder of scripts",
        ),
        pytest.param(
            "//- /shop/__init__.py\n//- /shop/shop.py\n//- /shop/api/__init__.py\n"
            "//- /shop/api/main.py\nimport fastapi\nfrom shop.shop import Shop\n",
            ".",
            id="a module named like its package",
        ),
        pytest.param(
            "//- /tests/test_main.py\nimport fastapi\n//- /app/__init__.py\n"
            "//- /app/main.py\nimport fastapi\n",
            ".",
            id="beside tests",
        ),
    ],
)
def test_shapes_of_backends(tmp_path: Path, text: str, root: str) -> None:
    write(tmp_path, text)
    assert roots(tmp_path) == (root, None)


AXUM = 'axum = "0.8"'


def crate(folder: str, name: str, *dependencies: str) -> str:
    """A crate's manifest as a file of a fixture."""
    head = f'[package]\nname = "{name}"\nversion = "0.1.0"\n[dependencies]\n'
    return f"//- /{folder}/Cargo.toml\n{head}" + "".join(f"{one}\n" for one in dependencies)


WORKSPACE = (
    "//- /Cargo.toml\n[workspace]\nmembers = ['*']\n[workspace.dependencies]\naxum = '0.8'\n"
)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        pytest.param(crate("rust", "a", 'actix-web = "4"'), "rust", id="actix"),
        pytest.param(
            crate("rust", "a", 'web = { package = "axum", version = "0.8" }'), "rust", id="renamed"
        ),
        pytest.param(
            WORKSPACE
            + crate("server", "server", "axum.workspace = true")
            + crate("tools", "tools", 'clap = "4"'),
            "server",
            id="one member of a workspace",
        ),
        pytest.param(
            WORKSPACE + crate("a", "a", AXUM) + crate("b", "b", AXUM), ".", id="several members"
        ),
        pytest.param(
            WORKSPACE
            + crate("a", "a", AXUM, 'types = { path = "../t" }')
            + crate("t", "types", 'serde = "1"')
            + "//- /t/src/lib.rs\n#[derive(serde::Deserialize)]\nstruct A;\n",
            ".",
            id="a member with the models",
        ),
        pytest.param(
            crate("a", "a", 'clap = "4"', "[dev-dependencies]", AXUM), None, id="for tests only"
        ),
        pytest.param(crate("a", "a", 'rocket = "0.5"'), None, id="another framework"),
        pytest.param("//- /a/Cargo.toml\n[package\n", None, id="no TOML"),
        pytest.param(crate("tests/app", "a", AXUM), None, id="a test's"),
    ],
)
def test_shapes_of_crates(tmp_path: Path, text: str, root: str | None) -> None:
    write(tmp_path, text)
    assert roots(tmp_path) == (None, root)


def test_a_member_leads_to_its_workspace(tmp_path: Path) -> None:
    write(
        tmp_path,
        "//- /rust/Cargo.toml\n[workspace]\nmembers = ['*']\n"
        + crate("rust/a", "a", AXUM)
        + crate("rust/b", "b", AXUM)
        + "//- /py/main.py\nimport fastapi\n",
    )
    for start in (".", "rust", "rust/a", "py"):
        assert roots(tmp_path, start) == ("py", "rust")


SERVICES = (
    "//- /users-py/app/__init__.py\n//- /users-py/app/main.py\nimport fastapi\n"
    "//- /billing-py/app/__init__.py\n//- /billing-py/app/main.py\nimport fastapi\n"
    "//- /billing-py/app/more.py\nimport fastapi\n"
    + crate("users-rs", "users-rs", AXUM)
    + crate("billing-rs", "billing-rs", AXUM)
)


@pytest.mark.parametrize(
    ("start", "pair"),
    [
        (".", ("billing-py", "billing-rs")),
        ("users-py", ("users-py", "users-rs")),
        ("users-rs", ("users-py", "users-rs")),
        ("billing-rs", ("billing-py", "billing-rs")),
    ],
)
def test_of_several_pairs_names_decide(tmp_path: Path, start: str, pair: tuple[str, str]) -> None:
    write(tmp_path, SERVICES)
    assert roots(tmp_path, start) == pair


def test_it_is_said_which_was_taken_and_why(tmp_path: Path) -> None:
    write(tmp_path, SERVICES)
    both = found(tmp_path, "users-rs")
    assert both.backend is not None
    assert both.crate is not None
    assert both.backend.reason == (
        "found: 1 file imports fastapi; taken before ../billing-py (2), "
        "whose name is more like that of the crate"
    )
    assert both.backend.others == (str(tmp_path / "billing-py"),)
    assert both.crate.reason == "found: 0 files use axum or actix-web"
    backend = found(tmp_path / "billing-py").backend
    assert backend is not None
    assert backend.reason == "found: 2 files import fastapi"


def test_nearness_decides_where_names_do_not(tmp_path: Path) -> None:
    services = ("one", "two")
    write(
        tmp_path,
        "".join(
            f"//- /{name}/api/main.py\nimport fastapi\n" + crate(f"{name}/server", "server", AXUM)
            for name in services
        ),
    )
    for name in services:
        for start in (f"{name}/api", f"{name}/server", name):
            assert roots(tmp_path, start) == (f"{name}/api", f"{name}/server")


def test_outside_of_a_repository_only_neighbours_count(tmp_path: Path) -> None:
    write(tmp_path, PAIR, repository=False)
    (tmp_path / "backend" / "pyproject.toml").write_text("")
    assert roots(tmp_path) == ("backend", "crate")
    assert roots(tmp_path, "crate/src") == ("backend", "crate")
    assert roots(tmp_path, "backend") == ("backend", "crate")


def test_without_a_project_file_the_search_stays_below(tmp_path: Path) -> None:
    write(tmp_path / "a", "//- /main.py\nimport fastapi\n", repository=False)
    write(tmp_path, crate("b", "b", AXUM), repository=False)
    assert roots(tmp_path, "a") == ("a", None)


def test_an_empty_folder_has_neither(tmp_path: Path) -> None:
    assert roots(tmp_path) == (None, None)
