"""Whole sessions over stdio in which documents are called as clients call them: percent-encoded,
with spaces and letters beyond ASCII, and as Windows' clients do, in either spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest

from tests.fixturefile import parse
from tests.server.client import NEOVIM, VSCODE, Client, Json
from tests.server.desk import PROJECT

NOTES, RUST = "backend/app/routers/notes.py", "crate/src/routes/notes.rs"
TOP = "mein Projekt/Zürich & 東京"  # what a folder may be called
SEARCH = "\n\n@router.get('/more')\nasync def more():\n    return []\n"


class Spelling(NamedTuple):
    """How a client writes the URI of a file below the project's top, and what it starts."""

    uri: Callable[[Path, str], str]
    program: Callable[[Path], tuple[str, ...]]


def serve(top: Path) -> tuple[str, ...]:
    return ("-m", "port_lsp", "serve")


def windows(top: Path) -> tuple[str, ...]:
    return ("-m", "tests.server.windows", str(top))


def encoded(top: Path, name: str) -> str:
    return "file://" + quote(f"{top}/{name}")


def lowered(top: Path, name: str) -> str:
    """Hexadecimal digits in lower case, as some clients write them."""
    text = encoded(top, name)
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def plain(top: Path, name: str) -> str:
    """Nothing is encoded but spaces and what would end the path."""
    return "file://" + f"{top}/{name}".replace(" ", "%20")


def drive(text: str) -> Callable[[Path, str], str]:
    return lambda top, name: f"file:///{text}/src/{quote(name)}"


SPELLINGS = {
    "encoded": Spelling(encoded, serve),
    "lower case": Spelling(lowered, serve),
    "plain": Spelling(plain, serve),
    "VS Code on Windows": Spelling(drive("c%3A"), windows),
    "others on Windows": Spelling(drive("C:"), windows),
}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / TOP
    parse(PROJECT).write_to(root)
    (root / ".git").mkdir()
    return root


@pytest.fixture(params=SPELLINGS)
def spelling(request: pytest.FixtureRequest) -> Spelling:
    return SPELLINGS[request.param]


@pytest.fixture
def client(top: Path, spelling: Spelling) -> Iterator[Client]:
    with Client(program=spelling.program(top)) as started:
        yield started


def begin(client: Client, root: str, capabilities: Json) -> None:
    params = {"processId": None, "rootUri": root, "capabilities": capabilities}
    client.request("initialize", params)
    client.notify("initialized", {})
    assert client.ready()["health"] == "ok", client.log()


def opened(client: Client, uri: str, text: str, language: str) -> None:
    item = {"uri": uri, "languageId": language, "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": item})


def rules(items: list[Json]) -> list[tuple[str, int]]:
    return [(one["code"], one["range"]["start"]["line"]) for one in items]


def test_diagnostics_are_of_exactly_that_document(
    client: Client, top: Path, spelling: Spelling
) -> None:
    begin(client, spelling.uri(top, "").rstrip("/"), NEOVIM)
    uri = spelling.uri(top, NOTES)
    text = (top / NOTES).read_text("utf-8")
    opened(client, uri, text, "python")
    first = client.wait_for("textDocument/publishDiagnostics", lambda p: p["uri"] == uri)
    assert rules(first["diagnostics"]) == [("unported-endpoint", 5)]
    end = {"line": text.count("\n"), "character": 0}
    client.change(uri, 2, {"range": {"start": end, "end": end}, "text": SEARCH})
    second = client.wait_for(
        "textDocument/publishDiagnostics", lambda p: p["uri"] == uri and p.get("version") == 2
    )
    assert [rule for rule, _ in rules(second["diagnostics"])] == ["unported-endpoint"] * 2
    # The document is the file on disk: nobody is told of it under another name.
    named = {one["uri"] for one in client.seen.of("textDocument/publishDiagnostics")}
    assert named == {uri}
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    client.wait_for("textDocument/publishDiagnostics", lambda p: p["diagnostics"] == [])


def test_pulled_diagnostics_and_the_jump(client: Client, top: Path, spelling: Spelling) -> None:
    begin(client, spelling.uri(top, "").rstrip("/"), VSCODE)
    uri, rust = spelling.uri(top, NOTES), spelling.uri(top, RUST)
    text = (top / NOTES).read_text("utf-8")
    opened(client, uri, text, "python")
    opened(client, rust, (top / RUST).read_text("utf-8"), "rust")
    document = {"textDocument": {"uri": uri}}
    pulled = client.request("textDocument/diagnostic", document)
    assert rules(pulled["items"]) == [("unported-endpoint", 5)]
    every = client.request("workspace/diagnostic", {"previousResultIds": []})["items"]
    assert [one["version"] for one in every if one["uri"] == uri] == [1]
    line = text[: text.index("def update_note")].count("\n")
    at = {"line": line, "character": len("async def ")}
    (found,) = client.request("portLsp/counterpart", {**document, "position": at})
    assert found["targetUri"] == rust  # an open document is called as its client does
    back = {"textDocument": {"uri": rust}, "position": found["targetSelectionRange"]["start"]}
    (there,) = client.request("portLsp/counterpart", back)
    assert (there["targetUri"], there["targetSelectionRange"]["start"]["line"]) == (uri, line)
