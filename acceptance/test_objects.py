"""Objects of the backend's own classes: services, repositories, a generic base of what all tables
have, objects that change. The same answers from the backend (`data/objects_app.py`) and from what
is ported of it into a new crate, each on a database of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acceptance.serving import loaded, responses, same_answers, whole_port
from acceptance.test_raising import answer
from port_lsp.writing.registering import Framework
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "objects_app.py"
_PEOPLE: tuple[Any, ...] = (
    {"email": "a@x"}, {"email": "b@x", "name": "B'); --"}, {"email": "a@x"}, {"email": "c@x"}, {},
)  # fmt: skip
_THINGS: tuple[Any, ...] = tuple(
    {"title": f"thing {n}", "owner_id": 1 + n % 2} for n in range(8)
)  # fmt: skip
_CHANGES: tuple[tuple[int, Any], ...] = (
    (1, {"name": "one"}), (2, {"name": None}), (2, {}), (3, {"email": "d@x", "name": "three"}),
    (3, {"email": None}), (9, {"name": "nobody"}), (1, {"email": 5}), (1, {"more": 1}),
)  # fmt: skip
REQUESTS: list[dict[str, Any]] = [
    {"method": "GET", "url": "/people"},
    *({"method": "POST", "url": "/people", "json": one} for one in _PEOPLE),
    *({"method": "POST", "url": "/things", "json": one} for one in _THINGS),
    *({"method": "PUT", "url": f"/people/{id}", "json": one} for id, one in _CHANGES),
    *({"method": "GET", "url": f"/people?skip={n}&limit=2"} for n in range(4)),
    *({"method": "POST", "url": f"/people/{id}/off"} for id in (2, 9)),
    {"method": "GET", "url": "/people"},
    *({"method": "GET", "url": f"/repository/{id}"} for id in (1, 2, 9, "x")),
    *(
        {"method": "GET", "url": f"/{path}/{email}"}
        for path in ("of", "direct")
        for email in ("a@x", "b@x", "nobody", "%27 OR 1=1")
    ),
    *({"method": "DELETE", "url": f"/things/{id}"} for id in (3, 3, 99)),
    {"method": "GET", "url": "/direct/a@x"},
    *({"method": "GET", "url": f"/find/{id}"} for id in (1, 9)),
    *(
        {"method": "POST", "url": f"/count{more}", "json": ids}
        for more in ("", "?start=5")
        for ids in ([], [1, 2, 9], [1, 1], "1")
    ),
    {"method": "POST", "url": "/count?start=x", "json": []},
    *({"method": "GET", "url": f"/page{more}"} for more in ("", "?skip=2", "?limit=-1&skip=3")),
    *({"method": "GET", "url": f"/shapes/{name}?sides=5"} for name in ("a", "\u00e4\u00df", "Hex")),
    *(
        {"method": "GET", "url": f"/basket/{owner}?price={price}"}
        for owner in ("me", "nobody")
        for price in (0, 3, -1)
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Any]]]:
    root = tmp_path_factory.mktemp("objects")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DATABASE_URL", f"sqlite:///{root}/python.sqlite")
        with loaded(BACKEND, root) as app:
            yield root, [answer(one) for one in responses(app, REQUESTS)]


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_answers(
    expected: tuple[Path, list[Any]], tmp_path: Path, target: Path, framework: Framework
) -> None:
    needs_cargo()
    backend, answers = expected
    assert {status for status, _, _ in answers} >= {200, 400, 404, 422, 500}
    crate = tmp_path / "objects"
    whole_port(backend, crate, framework)
    env = {"DATABASE_URL": f"sqlite:///{tmp_path}/rust.sqlite"}
    same_answers(crate, env, target, REQUESTS, answers, answer)
