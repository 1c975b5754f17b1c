"""What `bench.port_routes` minds: each way in which an export can differ from the facts."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest
from msgspec.structs import replace

from bench.port_routes import (
    FACTS,
    Crate,
    Facts,
    Forgotten,
    Function,
    Registration,
    Spot,
    as_fact,
    differences,
)

ROW = Registration(
    "route",
    "GET",
    "/users",
    "list",
    "src/users.rs",
    7,
    Spot("src/main.rs", 3),
    reachable=True,
    middleware=("Auth",),
)
FALLBACK = replace(ROW, kind="fallback", path="")
LOST = replace(ROW, path="/lost", reachable=False, root="src/lost.rs::configure")
CRATE = Crate((ROW, FALLBACK), (LOST,), (Function("src/lost.rs::configure", 1),), ())
SAID = Facts("by hand", (as_fact(ROW),), (Forgotten("src/lost.rs", "configure", 1, 1),))


def told(crate: Crate) -> list[str]:
    return list(differences(SAID, crate))


def with_rows(*rows: Registration) -> Crate:
    return replace(CRATE, endpoints=(*rows, FALLBACK))


def test_what_was_read_by_hand_is_no_difference() -> None:
    assert told(CRATE) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (replace(ROW, handler="other"), "handler: other, by hand list"),
        (replace(ROW, line=8), "fn_line: 8, by hand 7"),
        (replace(ROW, file="src/u.rs"), "fn_file: src/u.rs, by hand src/users.rs"),
        (replace(ROW, registered=Spot("src/main.rs", 4)), "reg_line: 4, by hand 3"),
        (replace(ROW, reachable=False), "reachable: False, by hand True"),
        (replace(ROW, middleware=()), "middleware: (), by hand ('Auth',)"),
    ],
)
def test_another_value(row: Registration, said: str) -> None:
    assert told(with_rows(row)) == [f"~ GET /users {said}"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), ["- GET /users list src/main.rs:3"]),
        ((ROW, ROW), ["+ GET /users list src/main.rs:3"]),
        (
            (replace(ROW, method="PUT"),),
            ["- GET /users list src/main.rs:3", "+ PUT /users list src/main.rs:3"],
        ),
    ],
)
def test_missing_and_surplus(rows: Iterable[Registration], said: list[str]) -> None:
    assert told(with_rows(*rows)) == said


def test_what_nothing_mounts() -> None:
    key = "src/lost.rs::configure"
    assert told(replace(CRATE, unmounted=())) == [f"~ unmounted {key}: 0 registrations, by hand 1"]
    assert told(replace(CRATE, functions=(Function(key, 2),))) == [
        f"~ unmounted {key}: line 2, by hand 1"
    ]
    assert told(replace(CRATE, unmounted=(LOST, replace(LOST, root="src/a.rs::configure")))) == [
        "+ unmounted src/a.rs::configure, 1 registrations"
    ]


def test_a_place_that_is_unresolved() -> None:
    assert told(replace(CRATE, unresolved=(Spot("src/a.rs", 5),))) == ["+ unresolved src/a.rs:5"]


def test_the_facts() -> None:
    facts = msgspec.json.decode(FACTS.read_bytes(), type=Facts)
    assert len(facts.http) == 356
    assert sum(not one.reachable for one in facts.http) == 25
