"""Holds expected.json against the truth: runs both servers on one database and asks them.

    python -m venv .venv && .venv/bin/pip install -e './backend[verify]'
    .venv/bin/python verify.py

Needs cargo. Prints a line for each endpoint; ends with 1 when one of them behaves otherwise than
expected.json says.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import socketio
import tomllib
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

HERE = Path(__file__).parent
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text())
PREFIXES: dict[str, str] = tomllib.loads((HERE / "port-lsp.toml").read_text())["prefixes"]
PASSWORD = "correct horse"
API = "/api/v1"

# What a request to the backend's own path does in the crate, by the drift that is expected.
STATUS_BY_DRIFT = {
    "path-drift": 404,
    "alias-not-mounted": 404,
    "unreachable-route": 404,
    "unmounted-route": 404,
    "method-drift": 405,
}
NOWHERE = {"unreachable-route", "unmounted-route"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(
    command: list[str], cwd: Path, base: str, env: dict[str, str]
) -> Iterator[httpx.Client]:
    """A client of the server that `command` starts; the server ends with the block."""
    null = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=cwd, env=os.environ | env, stdout=null, stderr=null)
    try:
        with httpx.Client(base_url=base, timeout=10) as client:
            for _ in range(100):
                try:
                    client.get("/health").raise_for_status()
                    break
                except httpx.TransportError:
                    time.sleep(0.2)
            else:
                sys.exit(f"does not start, try it by hand: {' '.join(command)}")
            yield client
    finally:
        server.terminate()
        server.wait()


class Requests:
    """Makes a request for an endpoint, with fresh things in the database for it to act upon."""

    def __init__(self, backend: httpx.Client) -> None:
        self.backend = backend
        self.counter = 0
        self.admin_id = self.make_user()["id"]
        answer = backend.post(f"{API}/auths/signin", json=self.account(1))
        self.token: str = answer.json()["token"]
        self.headers = {"Authorization": f"Bearer {self.token}"}
        # So that no list is empty.
        self.make("folders", {"name": "A folder"})
        self.make("notes", {"title": "A note"})

    def account(self, number: int) -> dict[str, str]:
        return {"email": f"user{number}@example.org", "password": PASSWORD}

    def make_user(self) -> dict[str, Any]:
        self.counter += 1
        form = {"name": f"User {self.counter}", **self.account(self.counter)}
        return self.backend.post(f"{API}/auths/signup", json=form).raise_for_status().json()

    def make(self, what: str, form: dict[str, str]) -> dict[str, Any]:
        answer = self.backend.post(f"{API}/{what}", json=form, headers=self.headers)
        return answer.raise_for_status().json()

    def fill(self, path: str) -> str:
        """The path with ids of things that exist in the place of its parameters."""
        # The admin has notes to list; everybody else is new.
        path = path.replace("{user_id}/note", f"{self.admin_id}/note")
        makers: dict[str, Callable[[], dict[str, Any]]] = {
            "{user_id}": self.make_user,
            "{note_id}": lambda: self.make("notes", {"title": "A note", "body": "two words"}),
            "{folder_id}": lambda: self.make("folders", {"name": "A folder"}),
        }
        for name, maker in makers.items():
            if name in path:
                path = path.replace(name, maker()["id"])
        return path

    def form(self, handler: str) -> dict[str, str] | None:
        if handler == "signup":
            self.counter += 1
            return {"name": "Newcomer", **self.account(self.counter)}
        forms = {
            "signin": self.account(1),
            "update_role": {"role": "admin"},
            "create_note": {"title": "Another"},
            "update_note": {"title": "Better", "visibility": "shared"},
            "add_comment": {"text": "Well said"},
            "create_folder": {"name": "Another"},
        }
        return forms.get(handler)

    def send(self, client: httpx.Client, endpoint: dict[str, Any], route: str) -> httpx.Response:
        method, path = route.split(" ")
        return client.request(
            method,
            self.fill(path),
            json=self.form(endpoint["handler"]),
            params={"q": "note"} if endpoint["handler"] == "search_notes" else None,
            headers=self.headers,
        )


def in_crate(path: str) -> str:
    for old, new in PREFIXES.items():
        if path.startswith(old + "/"):
            return new + path.removeprefix(old)
    return path


def check_ported(
    requests: Requests, crate: httpx.Client, endpoint: dict[str, Any], answer: httpx.Response
) -> None:
    """The backend's own path, and where it has drifted, the counterpart's."""
    drift = endpoint["drift"][0] if endpoint["drift"] else None
    ours = requests.send(crate, endpoint, f"{endpoint['method']} {in_crate(endpoint['path'])}")
    if drift:
        assert ours.status_code == STATUS_BY_DRIFT[drift], ours
        theirs = requests.send(crate, endpoint, endpoint["counterpart"])
        assert (theirs.status_code == 404) == (drift in NOWHERE), theirs
        if drift in NOWHERE:
            return
        ours = theirs
    assert ours.status_code == answer.status_code, ours
    if not answer.content:
        return
    assert ours.headers["content-type"] == answer.headers["content-type"], ours
    if ours.headers["content-type"] == "application/json":
        missing = keys(answer.json()) - keys(ours.json())
        assert missing <= {"last_active_at"}, missing


def keys(value: Any) -> set[str]:
    """The keys of an object, or of the first of a list of objects."""
    return set(value[0] if isinstance(value, list) else value)


def check_stub(requests: Requests, crate: httpx.Client, endpoint: dict[str, Any]) -> None:
    """A `todo!()` breaks the connection; a constant answer changes nothing."""
    path = requests.fill(endpoint["path"])
    if endpoint["handler"] == "update_role":
        try:
            answer = requests.send(crate, endpoint, f"{endpoint['method']} {path}")
        except httpx.RemoteProtocolError:
            return
        raise AssertionError(answer)
    requests.send(crate, endpoint, f"{endpoint['method']} {path}").raise_for_status()
    requests.backend.get(path, headers=requests.headers).raise_for_status()


def check_websocket(requests: Requests, crate: httpx.Client, path: str) -> None:
    def url(client: httpx.Client) -> str:
        return f"{client.base_url.copy_with(scheme='ws')}".rstrip("/") + requests.fill(path)

    with connect(f"{url(requests.backend)}?token={requests.token}") as live:
        live.send("two words")
        assert json.loads(live.recv()) == {"words": 2, "saved": True}
    for refused in (f"{url(requests.backend)}?token=none", url(crate)):
        try:
            connect(refused).close()
        except InvalidStatus:
            continue
        raise AssertionError(f"{refused} was not refused")


def check_endpoint(requests: Requests, crate: httpx.Client, endpoint: dict[str, Any]) -> None:
    if endpoint["method"] == "WEBSOCKET":
        check_websocket(requests, crate, endpoint["path"])
        return
    route = f"{endpoint['method']} {endpoint['path']}"
    answer = requests.send(requests.backend, endpoint, route).raise_for_status()
    if endpoint["presence"] == "ported":
        check_ported(requests, crate, endpoint, answer)
    elif endpoint["presence"] == "stub":
        check_stub(requests, crate, endpoint)
    else:
        assert requests.send(crate, endpoint, route).status_code in {404, 405}


def check_rust_only(backend: httpx.Client, crate: httpx.Client, row: dict[str, str]) -> None:
    assert backend.request(row["method"], row["path"]).status_code == 404
    crate.request(row["method"], row["path"]).raise_for_status()


def check_nothing_forgotten(backend: httpx.Client) -> None:
    """FastAPI's own list of its HTTP endpoints is the list of expected.json."""
    found = {
        (method.upper(), path, operation["summary"].lower().replace(" ", "_"))
        for path, operations in backend.get("/openapi.json").json()["paths"].items()
        for method, operation in operations.items()
    }
    listed = {
        (row["method"], row["path"], row["handler"])
        for row in EXPECTED["endpoints"]
        if row["method"] != "WEBSOCKET"
    }
    assert found == listed, found ^ listed


def check_events(requests: Requests) -> None:
    """Who watches a note hears of its changes."""
    note = requests.make("notes", {"title": "Watched"})
    with socketio.SimpleClient() as client:
        client.connect(str(requests.backend.base_url), socketio_path="/ws/socket.io")
        client.emit("note:watch", {"note_id": note["id"]})
        time.sleep(0.3)
        path = f"{API}/notes/{note['id']}"
        requests.backend.put(path, json={"title": "Changed"}, headers=requests.headers)
        event = client.receive(timeout=5)
    assert event == ["note:changed", {"id": note["id"], "title": "Changed"}], event


def check_errors(requests: Requests, crate: httpx.Client) -> None:
    """401, 403, 404, 409 and 422 come from both sides, with the same `detail` where it is ours."""
    requests.make_user()
    signin = requests.backend.post(f"{API}/auths/signin", json=requests.account(requests.counter))
    plain = {"Authorization": f"Bearer {signin.json()['token']}"}
    admin = requests.headers
    note = requests.make("notes", {"title": "Private"})
    taken = {"name": "Twin", **requests.account(1)}
    cases: list[tuple[int, str, str, dict[str, str], dict[str, str] | None]] = [
        (401, "GET", f"{API}/notes", {}, None),
        (401, "GET", f"{API}/notes", {"Authorization": "Bearer none"}, None),
        (401, "POST", f"{API}/auths/signin", {}, {**requests.account(1), "password": "wrong"}),
        (403, "GET", f"{API}/users", plain, None),
        (403, "GET", f"{API}/notes/{note['id']}", plain, None),
        (404, "GET", f"{API}/notes/none", admin, None),
        (404, "GET", f"{API}/users/none", admin, None),
        (409, "POST", f"{API}/auths/signup", {}, taken),
        (422, "POST", f"{API}/auths/signup", {}, {**taken, "password": "short"}),
        (422, "GET", f"{API}/notes?limit=101", admin, None),
    ]
    for status, method, path, headers, form in cases:
        a = requests.backend.request(method, path, headers=headers, json=form)
        b = crate.request(method, in_crate(path), headers=headers, json=form)
        assert a.status_code == b.status_code == status, (path, a, b)
        assert status == 422 or a.json() == b.json(), (path, a.json(), b.json())


def main() -> int:
    subprocess.run(["cargo", "build", "--quiet"], cwd=HERE / "crate", check=True)
    here, there = (f"127.0.0.1:{free_port()}" for _ in range(2))
    with tempfile.TemporaryDirectory() as folder:
        env = {"NOTES_DATABASE": str(Path(folder, "notes.db")), "NOTES_LISTEN": there}
        uvicorn = [sys.executable, "-m", "uvicorn", "notes_app.main:app", "--log-level", "warning"]
        uvicorn += ["--port", here.split(":")[1]]
        with (
            running(uvicorn, HERE / "backend", f"http://{here}", env) as backend,
            running(["cargo", "run", "--quiet"], HERE / "crate", f"http://{there}", env) as crate,
        ):
            return report(backend, crate)


def report(backend: httpx.Client, crate: httpx.Client) -> int:
    requests = Requests(backend)
    checks: list[tuple[str, Callable[[], None]]] = [
        ("FastAPI lists the same endpoints", lambda: check_nothing_forgotten(backend)),
        ("Socket.IO events", lambda: check_events(requests)),
        ("errors", lambda: check_errors(requests, crate)),
    ]
    for row in EXPECTED["endpoints"]:
        verdict = " ".join([row["presence"], *row["drift"]])
        name = f"{row['method']} {row['path']}: {verdict}"
        checks.append((name, lambda row=row: check_endpoint(requests, crate, row)))
    for row in EXPECTED["rust_only"]:
        name = f"{row['method']} {row['path']}: rust-only"
        checks.append((name, lambda row=row: check_rust_only(backend, crate, row)))
    failures = 0
    for name, check in checks:
        try:
            check()
            print(f"ok    {name}")
        except (AssertionError, httpx.HTTPError) as error:
            failures += 1
            print(f"WRONG {name}\n      {error!r}")
    print(f"{len(checks) - failures} of {len(checks)} as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
