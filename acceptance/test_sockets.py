"""Events that a backend sends by itself reach who is connected to its port: all, or who is in a
room, of which each client has one of its own. So does what a background task sends, when the
answer is out, one task after the other.

The backend is `data/sockets_app.py`. The client speaks Engine.IO's polling by hand: `4` is a
message of it, `40` of Socket.IO a connection, `42` an event.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from acceptance.serving import served
from bench.port_compile import port
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "sockets_app.py"
PATH = "/socket.io/"
_ENDS = "\x1e"  # between the packets of one answer


class Connected:
    """A client of the default namespace."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._params = {"EIO": "4", "transport": "polling"}
        opened = client.get(PATH, params=self._params)
        self._params["sid"] = json.loads(opened.text[1:])["sid"]
        client.post(PATH, params=self._params, content="40").raise_for_status()
        self.room: str = self._polled("40", 1)[0]["sid"]

    def _polled(self, kind: str, count: int) -> list[Any]:
        """The next packets of a kind; the server's pings are none."""
        found: list[Any] = []
        while len(found) < count:
            said = self._client.get(PATH, params=self._params).text.split(_ENDS)
            found += [json.loads(one[2:]) for one in said if one.startswith(kind)]
        return found

    def events(self, count: int) -> list[Any]:
        """The next events."""
        return self._polled("42", count)


def asked(client: httpx.Client) -> list[Any]:
    """What two clients hear of the same requests."""
    one, other = Connected(client), Connected(client)
    client.post("/tell/nobody", params={"text": "a"}).raise_for_status()
    client.post(f"/tell/{one.room}", params={"text": "b"}).raise_for_status()
    heard = one.events(2)
    client.post("/count", params={"number": 3}).raise_for_status()
    heard += [one.events(1), other.events(1)]
    return json.loads(json.dumps(heard).replace(one.room, "one").replace(other.room, "other"))


EXPECTED = [
    ["told", {"room": "one", "text": "b"}],
    ["told", {"room": "one", "text": "b!"}],
    [["count", 3]],
    [["count", 3]],
]


def test_who_is_connected_hears(tmp_path: Path, target: Path) -> None:
    needs_cargo()
    root, crate = tmp_path / "backend", tmp_path / "sockets"
    root.mkdir()
    (root / BACKEND.name).write_bytes(BACKEND.read_bytes())
    assert port(root, crate, (), "axum").left == ()
    with served(crate, {}, target) as client:
        assert asked(client) == EXPECTED
