"""`port-lsp parity` on a small backend with a port, and two servers that answer as told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from port_lsp.cli import cli
from tests.fixturefile import parse
from tests.parity.servers import Reply, Server, as_json

PROJECT = """
//- /backend/app/main.py
from typing import Literal, Optional
from uuid import UUID

from fastapi import Depends, FastAPI, File, Header, HTTPException, Query, UploadFile, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

app = FastAPI()
bearer = HTTPBearer()


class Thing(BaseModel):
    name: str = Field(min_length=3)
    count: int = Field(ge=1, le=9)
    note: Optional[str] = None


@app.get("/things/{thing_id}")
def one(thing_id: int, q: str, page: int = 1, token=Depends(bearer)):
    return {"id": thing_id, "q": q}


@app.get("/kinds/{kind}")
def kinds(kind: Literal["red", "blue"], x_trace: str = Header()):
    return {"kind": kind}


@app.post("/things")
def add(thing: Thing):
    return thing


@app.delete("/things/{thing_id}")
def drop(thing_id: UUID):
    return None


@app.get("/events")
def events():
    return StreamingResponse(iter(()), media_type="text/event-stream")


@app.get("/größe/{name:path}")
def size(name: str, tag: list[str] = Query()):
    return {}


@app.get("/later")
def later():
    return {}
//- /crate/Cargo.toml
[package]
name = "port"
[dependencies]
axum = "0.8"
//- /crate/src/main.rs
use axum::{routing::{get, post}, Router};

async fn one() -> String { format!("{}", 1) }
async fn kinds() -> String { format!("{}", 1) }
async fn add() -> String { format!("{}", 1) }
async fn drop() -> String { format!("{}", 1) }
async fn size() -> String { format!("{}", 1) }
async fn events() -> String { format!("{}", 1) }

#[tokio::main]
async fn main() {
    let app = Router::new()
        .route("/things/{thing_id}", get(one).delete(drop))
        .route("/kinds/{kind}", get(kinds))
        .route("/things", post(add))
        .route("/größe/{*name}", get(size))
        .route("/events", get(events));
    axum::serve(listener, app).await.unwrap();
}
"""
HEAD = "GET /"  # by which it is asked whether anybody is there


@pytest.fixture
def project(tmp_path: Path) -> Path:
    parse(PROJECT).write_to(tmp_path)
    return tmp_path


def python(method: str, path: str, body: bytes) -> Reply | None:
    return as_json(200, {"method": method, "path": path, "body": body.decode()})


def rust(method: str, path: str, body: bytes) -> Reply | None:
    if path.startswith("/things/") and ("no%20such" in path or "no+such" in path):
        return as_json(500, {})
    return python(method, path, body)


@pytest.fixture
def same() -> Iterator[tuple[Server, Server]]:
    with Server(python).running() as one, Server(python).running() as other:
        yield one, other


def run(project: Path, one: str, other: str, *options: str) -> Result:
    args = ["parity", str(project), "--python", one, "--rust", other, *options]
    return CliRunner().invoke(cli, args, standalone_mode=False)


def test_what_is_asked(project: Path, same: tuple[Server, Server]) -> None:
    one, other = same
    result = run(project, one.url, other.url, "--header", "Authorization: Bearer t")
    assert result.return_value == 0, result.output
    assert [line for line, _ in one.asked] == [
        HEAD,
        "GET /things/1?q=parity",
        "GET /things/1?q=parity",
        "GET /things/999999999?q=parity",
        "GET /things/no%20such%20value?q=parity",
        "GET /things/1",
        "GET /things/1?q=parity&page=no+such+value",
        "GET /kinds/red",
        "GET /kinds/no%20such%20value",
        "GET /kinds/red",
        "GET /gr%C3%B6%C3%9Fe/parity?tag=parity",
        "GET /gr%C3%B6%C3%9Fe/no-such-thing?tag=parity",
        "GET /gr%C3%B6%C3%9Fe/parity",
    ]
    assert [line for line, _ in other.asked] == [line for line, _ in one.asked]
    sent = [headers.get("authorization") for _, headers in one.asked]
    assert sent == [None, "Bearer t", None, *["Bearer t"] * 10]
    assert [headers.get("x-trace") for _, headers in one.asked][7:10] == ["parity", "parity", None]


def test_what_may_change_something(project: Path, same: tuple[Server, Server]) -> None:
    one, other = same
    result = run(project, one.url, other.url, "--unsafe", "--only", "things", "--format", "json")
    assert result.return_value == 0, result.output
    rows = {
        row["endpoint"].partition("#")[2]: row for row in json.loads(result.stdout)["endpoints"]
    }
    assert rows["POST /things"]["cases"] == 15
    assert rows["DELETE /things/{thing_id}"]["cases"] == 3
    assert [line.partition(" ")[0] for line, _ in one.asked][-3:] == ["DELETE"] * 3


def test_what_differs(project: Path) -> None:
    with Server(python).running() as one, Server(rust).running() as other:
        result = run(project, one.url, other.url)
    assert result.return_value == 1
    assert result.output.splitlines() == [
        "GET /things/{thing_id}: 2 of 5 requests are answered differently",
        "  thing_id of another type (GET /things/no%20such%20value?q=parity)",
        "    status: 200 ≠ 500",
        "  page of another type (GET /things/1?q=parity&page=no+such+value)",
        "    status: 200 ≠ 500",
        "not asked, its answer is streaming: 1 (GET /events)",
        "not asked, not ported: 1 (GET /later)",
        "not asked, POST may change something: allow it by --unsafe: 1 (POST /things)",
        "not asked, DELETE may change something: allow it by --unsafe: 1 "
        "(DELETE /things/{thing_id})",
        "2 of 3 endpoints answer the same, 11 requests to each side",
        "the backend answered 11 × 200",
    ]


def test_who_is_only_refused(project: Path) -> None:
    def closed(*_: Any) -> Reply:
        return as_json(401, {"detail": "Not authenticated"})

    with Server(closed).running() as one, Server(closed).running() as other:
        result = run(project, one.url, other.url, "--only", "kinds")
    assert result.return_value == 0
    assert result.output.splitlines()[-1] == (
        "1 only refused (GET /kinds/{kind}): give credentials by --header"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--header", "Authorization"), "--header Authorization: write NAME:VALUE"),
        (("--header-env", "Authorization=NO_SUCH_TOKEN"), "NO_SUCH_TOKEN isn't set"),
        (("--value", "thing_id"), "--value thing_id: write NAME=VALUE"),
    ],
)
def test_wrong_use(
    project: Path, same: tuple[Server, Server], options: tuple[str, ...], message: str
) -> None:
    result = run(project, same[0].url, same[1].url, *options)
    assert message in str(result.exception)
    assert same[0].asked == []


def test_nobody_answers(project: Path, same: tuple[Server, Server]) -> None:
    result = run(project, same[0].url, "http://127.0.0.1:1")
    assert result.return_value == 2
    assert "http://127.0.0.1:1 doesn't answer: " in result.output
    assert "is it running?" in result.output
    result = run(project, "127.0.0.1:8000", same[0].url)
    assert result.return_value == 2
    assert "give one like http://127.0.0.1:8000" in result.output


def test_a_value_that_is_given(project: Path, same: tuple[Server, Server]) -> None:
    one, other = same
    run(project, one.url, other.url, "--only", "things", "--value", "thing_id=7")
    assert one.asked[1][0] == "GET /things/7?q=parity"


def test_no_such_endpoint(project: Path, same: tuple[Server, Server]) -> None:
    result = run(project, same[0].url, same[1].url, "--only", "nothing")
    assert result.return_value == 2
    assert "no endpoint has nothing in its id" in result.output


def test_what_the_configuration_says(project: Path) -> None:
    (project / "port-lsp.toml").write_text(
        '[parity]\nignore = ["path"]\n[parity.values]\nthing_id = 7\n', encoding="utf-8"
    )

    def other(method: str, path: str, body: bytes) -> Reply | None:
        return as_json(200, {"method": method, "path": "another", "body": body.decode()})

    with Server(python).running() as one, Server(other).running() as its:
        result = run(project, one.url, its.url, "--only", "things/{thing_id}")
    assert result.return_value == 0, result.output
    assert one.asked[1][0] == "GET /things/7?q=parity"


def test_what_is_verified(project: Path) -> None:
    """Until one of both handlers is edited; what isn't asked again stays as it was."""
    (project / "port-lsp.toml").write_text('[parity]\nresults = "parity.json"\n', encoding="utf-8")
    with Server(python).running() as one, Server(rust).running() as other:
        result = run(project, one.url, other.url, "--record")
        assert result.return_value == 1, result.output
        result = run(project, one.url, one.url, "--record", "--only", "kinds")
        assert result.return_value == 0, result.output
    rows = json.loads((project / "parity.json").read_text("utf-8"))["endpoints"]
    said = {row["endpoint"].partition("#")[2]: row["verdict"] for row in rows}
    assert said == {
        "GET /things/{thing_id}": "differs",
        "GET /kinds/{kind}": "same",
        "GET /größe/{name:path}": "same",
    }

    def reported() -> str:
        found = CliRunner().invoke(cli, ["report", str(project)], standalone_mode=False)
        return next((line for line in found.output.splitlines() if "are verified" in line), "")

    assert reported() == ("2 of 6 ported endpoints are verified: both sides answered the same")
    source = project / "crate/src/main.rs"
    text = source.read_text("utf-8")
    source.write_text(
        text.replace("async fn kinds() {", "async fn kinds() {}").replace(
            "async fn kinds() -> String { ", "async fn kinds() -> String { let x = 1; "
        ),
        "utf-8",
    )
    assert reported().startswith("1 of 6 ")
    (project / "parity.json").write_text("[", "utf-8")
    assert reported() == ""


def test_results_need_a_place(project: Path, same: tuple[Server, Server]) -> None:
    result = run(project, same[0].url, same[1].url, "--record")
    assert result.return_value == 2
    assert '[parity] results = "parity.json"' in result.output


SCENARIO = """
paired = ["id"]

[[step]]
name = "a thing"
ask = "POST /things"
json = { name = "pen", count = 1 }
take = { thing = "$.id", body = "$.body" }

[[step]]
name = "one's own"
ask = "GET /things/{thing}?q=x"

[[step]]
name = "the other's"
ask = "GET /things/{other.thing}?q=x"

[[step]]
name = "what isn't paired"
ask = "GET /things/{thing}?q=seen"
"""


def test_a_scenario(project: Path, tmp_path: Path) -> None:
    def side(own: str) -> Server:
        def answers(method: str, path: str, body: bytes) -> Reply | None:
            known, _, key = path.rpartition("/")[2].partition("?q=")
            if key == "seen":
                return as_json(200, {key: known})
            return as_json(200, {"id": own if method == "POST" else known, "body": body.decode()})

        return Server(answers)

    file = tmp_path / "scenario.toml"
    file.write_text(SCENARIO, "utf-8")
    with side("1").running() as one, side("2").running() as other:
        words = ("--scenario", str(file))
        refused = run(project, one.url, other.url, *words)
        assert (refused.return_value, len(one.asked)) == (2, 1)
        result = run(project, one.url, other.url, *words, "--unsafe", "--format", "json")
    paths = [[line for line, _ in server.asked][-3:] for server in (one, other)]
    assert paths == [
        ["GET /things/1?q=x", "GET /things/2?q=x", "GET /things/1?q=seen"],
        ["GET /things/2?q=x", "GET /things/1?q=x", "GET /things/2?q=seen"],
    ]
    rows = json.loads(result.stdout)["endpoints"]
    verdicts = [(row["endpoint"].partition("#")[2], row["verdict"], row["cases"]) for row in rows]
    assert verdicts == [("POST /things", "same", 1), ("GET /things/{thing_id}", "differs", 3)]
    assert [it["case"] for it in rows[1]["differing"]] == ["what isn't paired"]
