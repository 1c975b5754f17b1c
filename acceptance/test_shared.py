"""What requests share: the same answers from the backend (`data/shared_app.py`) and from what is
ported of it into a new crate, of which the state holds what `app.state` does; and what handlers
change of what they are sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from acceptance.serving import loaded, responses, served, whole_port
from port_lsp.writing.registering import Framework
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "shared_app.py"
_SETTINGS: tuple[dict[str, Any], ...] = (
    {"limit": 3, "open": False},
    {"limit": 4, "name": "new", "tags": ["x", "new"], "ratio": 2.5},
    {"limit": 5, "open": True, "name": ""},
    {"limit": None},
)
_READS: tuple[dict[str, Any], ...] = tuple(
    {"method": "GET", "url": url}
    for url in ("/all", "/limit", "/limit/tried", "/allowed/7", "/banner")
)
_CHANGES: tuple[dict[str, Any], ...] = (
    {"method": "POST", "url": "/visits"},
    {"method": "POST", "url": "/visits"},
    {"method": "POST", "url": "/closed"},
    {"method": "POST", "url": "/closed"},
    {"method": "PUT", "url": "/banner", "json": {"text": 'a "quoted" one', "urgent": True}},
    *({"method": "PUT", "url": "/settings", "json": one} for one in _SETTINGS),
    {"method": "DELETE", "url": "/visits"},
    {"method": "PUT", "url": "/size", "json": {"size": 12}},
    {"method": "GET", "url": "/size"},
)
_FORMS: tuple[dict[str, Any], ...] = (
    {"id": "A"}, {"id": "B", "name": "n", "size": 4}, {"id": "", "name": "", "tags": ["x", "y"]},
    {"id": "C", "name": "é", "size": 3, "meta": {"note": "m"}},
    {"id": "D", "name": None, "size": -1},
)  # fmt: skip
REQUESTS: list[dict[str, Any]] = [
    *(
        {"method": "POST", "url": f"/forms/{path}", "json": one}
        for path in "abcd"
        for one in _FORMS
    ),
    *_READS, *(one for change in _CHANGES for one in (change, *_READS))
]  # fmt: skip


def answer(response: httpx.Response) -> tuple[int, Any]:
    """What is compared: status and content."""
    is_json = response.headers.get("content-type") == "application/json"
    return response.status_code, response.json() if is_json else response.text


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Any]]]:
    root = tmp_path_factory.mktemp("shared")
    with loaded(BACKEND, root) as app:
        yield root, [answer(one) for one in responses(app, REQUESTS)]


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_answers(
    expected: tuple[Path, list[Any]], tmp_path: Path, target: Path, framework: Framework
) -> None:
    needs_cargo()
    backend, answers = expected
    assert {status for status, _ in answers} == {200, 400, 403, 404, 422, 500}
    crate = tmp_path / "shared"
    whole_port(backend, crate, framework)
    size: dict[str, Any] = {"method": "GET", "url": "/size"}
    with served(crate, {}, target) as client:
        # Its first value isn't ported: nobody is told another.
        assert answer(client.request(**size)) == (500, "Internal Server Error")
        for one, wanted in zip(REQUESTS, answers, strict=True):
            assert (one, answer(client.request(**one))) == (one, wanted)
