"""What is raised and caught, loops that ask anew, and headers of the request: the same answers from
the backend (`data/raising_app.py`) and from what is ported of it into a new crate.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from acceptance.serving import loaded, responses, same_answers, whole_port
from port_lsp.writing.registering import Framework
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "raising_app.py"
_IDS = ("a", "bad", "none", "gone", "there", "x", "y", "z", "second", "%20")
_PATHS = ("chain", "uncaught", "sorts", "returning", "own", "shop", "unshopped")
_EXTRAS: tuple[Any, ...] = (
    {}, {"note": 1}, {"name": {"first": "z"}}, {"note": None, "name": []}, {"name": "s"},
    {"note": 2, "name": {}}, {"note": [1], "name": None}, {"name": {"first": None}},
)  # fmt: skip
_INSIDE: tuple[Any, ...] = ({}, {"4": 1}, {"note": None}, {"5": 1, "4": {}})
_HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"X-Needed": ""},
    {"x-needed": "1", "X-KIND": "caf\u00e9", "X-Name": ""},
)
REQUESTS: list[dict[str, Any]] = [
    *({"method": "GET", "url": f"/{path}/{id}"} for path in _PATHS for id in _IDS),
    *({"method": "GET", "url": f"/while/{id}?size={n}"} for id in "az" for n in range(-1, 9)),
    *({"method": "GET", "url": f"/nested/a?size={n}"} for n in (-1, 0, 1, 2)),
    *(
        {"method": "POST", "url": "/inside", "json": {"id": id, "sizes": [4, 5], "extra": extra}}
        for id in ("4", "5", "6")
        for extra in _INSIDE
    ),
    *(
        {"method": "POST", "url": "/certain", "json": {"id": "i", "sizes": sizes, "extra": extra}}
        for sizes in ([], [4], [5, 6])
        for extra in _EXTRAS
    ),
    *(
        {"method": "GET", "url": "/headers",
         "headers": [(name.encode(), value.encode("latin-1")) for name, value in one.items()]}
        for one in _HEADERS
    ),
]  # fmt: skip


def answer(response: httpx.Response) -> tuple[int, str | None, Any]:
    """What is compared: status, kind and content."""
    kind = response.headers.get("content-type")
    is_json = kind == "application/json"
    return response.status_code, kind, response.json() if is_json else response.text


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Any]]]:
    root = tmp_path_factory.mktemp("raising")
    with loaded(BACKEND, root) as app:
        yield root, [answer(one) for one in responses(app, REQUESTS)]


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_answers(
    expected: tuple[Path, list[Any]], tmp_path: Path, target: Path, framework: Framework
) -> None:
    needs_cargo()
    backend, answers = expected
    assert {status for status, _, _ in answers} >= {200, 400, 403, 404, 409, 410, 500}
    crate = tmp_path / "raising"
    whole_port(backend, crate, framework)
    same_answers(crate, {}, target, REQUESTS, answers, answer)
