"""A port's WebSockets refuse, hear, say and close as the backend's do.

The backend is `data/websockets_app.py`, served by uvicorn beside its port; `port-lsp parity`'s own
client talks to both.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acceptance.serving import beside
from port_lsp.parity.answering import WEBSOCKET, answered
from port_lsp.parity.asking import Answer, Question
from port_lsp.parity.comparing import compared
from port_lsp.writing.registering import Framework
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "websockets_app.py"
_SECONDS = 10.0
_KINDS = (
    '{"kind": "a", "of": [1, 2.5, null, "\\u6771"]}',
    '{"kind": "bye"}',
    '{"kind": "raise"}',
    '{"no": "kind"}',
    "not JSON",
)
TALKS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("/echo", (), 0),
    ("/echo", ("", "one", "\u6771\u4eac \U0001f600", "x" * 70_000), 4),
    *((f"/caught/{room}", (), 0) for room in ("closed", "gone", "secret", "open")),
    *((f"/caught/open{query}", (_KINDS[0],), 1) for query in ("", "?lang=", "?lang=de")),
    *(("/caught/open", (_KINDS[0], one), 3) for one in _KINDS[1:]),
    ("/bytes", (), 0),
    ("/bytes", ("a text",), 1),
    ("/bytes?limit=0", (), 0),
    ("/bytes?limit=many", (), 0),
    ("/texts", (), 1),
    ("/texts", ("1", "[2]", '"stop"'), 9),
    ("/texts", ('"stop"',), 9),
    ("/fails", (), 9),
    ("/mute", (), 0),
    ("/nothing", (), 0),
)


@pytest.mark.parametrize("framework", ["axum", "actix-web"])
def test_talks(framework: Framework, tmp_path: Path, target: Path) -> None:
    needs_cargo()
    with beside(BACKEND, tmp_path, framework, target) as sides:
        statuses: set[int] = set()
        codes: set[int | None] = set()
        for path, says, hears in TALKS:
            asked = Question(WEBSOCKET, path, (), None, says, hears)
            python, rust = (answered(one, asked, _SECONDS) for one in sides)
            assert isinstance(python, Answer), (asked, python)
            assert isinstance(rust, Answer), (asked, rust)
            assert (path, says, compared(python, rust)) == (path, says, ())
            statuses.add(python.status)
            if python.status == 101:
                closed = json.loads(python.body)["closed"]
                codes.add(closed["code"] if closed else None)
    assert len(TALKS) == 23  # as README says
    assert statuses == {101, 403, 404}
    assert codes == {None, 1000, 1006, 4001}
