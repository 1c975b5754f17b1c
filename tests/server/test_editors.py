"""The whole server as an editor drives it, over stdio, in both encodings."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.parity.results import ported, texts_of
from tests.fixturefile import parse
from tests.server.client import NEOVIM, VSCODE, Client, Json, ResponseError
from tests.server.desk import PROJECT

GRIN = "\N{GRINNING FACE}"
NOTES, USERS = "backend/app/routers/notes.py", "backend/app/routers/users.py"
RUST = "crate/src/routes/notes.rs"
EDITORS = pytest.mark.parametrize("editor", [NEOVIM, VSCODE], ids=["neovim", "vscode"])
EXAMPLES = Path(__file__).parent.parent.parent / "examples"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    parse(PROJECT).write_to(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path.resolve()


@pytest.fixture
def client() -> Iterator[Client]:
    with Client() as started:
        yield started


def columns(text: str, editor: Json) -> int:
    """How wide a text is for an editor."""
    is_utf8 = editor["general"]["positionEncodings"][0] == "utf-8"
    return len(text.encode()) if is_utf8 else len(text.encode("utf-16-le")) // 2


def diagnostics(client: Client, editor: Json, uri: str, version: int) -> list[Json]:
    """What an editor shows of one version of a document."""
    if "diagnostic" in editor["textDocument"]:
        found = client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        return found["items"]
    return client.wait_for(
        "textDocument/publishDiagnostics",
        lambda params: params["uri"] == uri and params.get("version") == version,
    )["diagnostics"]


def titles(client: Client, uri: str) -> list[str]:
    lenses = client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
    return [lens["command"]["title"] for lens in lenses]


@EDITORS
def test_columns_behind_characters_outside_the_bmp(
    client: Client, root: Path, editor: Json
) -> None:
    text = (root / NOTES).read_text("utf-8")
    text = text.replace("q: str):", f'q: str = "{GRIN}", *, search: str = "x"):')
    (root / NOTES).write_text(text, "utf-8")
    result = client.initialize(root, editor)
    wanted = editor["general"]["positionEncodings"][0]
    assert result["capabilities"]["positionEncoding"] == wanted
    client.ready()
    uri = client.open(root / NOTES)
    # An edit behind the character: its column is counted in the editor's units.
    before = f'async def search_notes(q: str = "{GRIN}", *, '
    at = {"line": 5, "character": columns(before, editor)}
    end = {"line": 5, "character": at["character"] + len("search")}
    client.change(uri, 2, {"range": {"start": at, "end": end}, "text": "found"})
    # And a decorator in front of which the character stands, on the same line.
    start = {"line": 4, "character": 0}
    whole = {"start": start, "end": {"line": 4, "character": 1000}}
    client.change(uri, 3, {"range": whole, "text": f'@router.get("/{GRIN}é")'})
    found = diagnostics(client, editor, uri, 3)
    assert [one["message"].split("`")[1] for one in found] == [f"GET /notes/{GRIN}é"]
    assert found[0]["range"]["start"] == {"line": 5, "character": 10}


@EDITORS
def test_hover_and_jump_behind_such_a_character(client: Client, root: Path, editor: Json) -> None:
    rust = (root / RUST).read_text("utf-8")
    place = f'    /* {GRIN} */ Router::new().route("/{{id}}", post(update_note))'
    rust = rust.replace('    Router::new().route("/{id}", post(update_note))', place)
    (root / RUST).write_text(rust, "utf-8")
    client.initialize(root, editor)
    client.ready()
    uri = client.open(root / RUST, language="rust")
    column = columns(place[: place.index("update_note")], editor)
    at = {"textDocument": {"uri": uri}, "position": {"line": 3, "character": column}}
    hover = client.request("textDocument/hover", at)
    assert hover["range"]["start"]["character"] == column
    assert hover["range"]["end"]["character"] == column + len("update_note")
    jumps = client.request("portLsp/counterpart", at)
    assert [jump["targetUri"].rpartition("/")[2] for jump in jumps] == ["notes.py"]
    assert jumps[0]["originSelectionRange"] == hover["range"]


@EDITORS
def test_a_day_at_work(client: Client, root: Path, editor: Json) -> None:
    """Open, look, write the missing route in Rust without saving, and see it everywhere."""
    client.initialize(root, editor)
    assert client.ready()["shares"]["endpoints"]["unported"] == 1
    python, rust = client.open(root / NOTES), client.open(root / RUST, language="rust")
    assert "not ported" in titles(client, python)
    assert len(diagnostics(client, editor, python, 1)) == 1
    text = (root / RUST).read_text("utf-8")
    text = text.replace("post(update_note))", 'post(update_note)).route("/search", get(search))')
    text = text.replace("routing::post", "routing::{get, post}")
    text += '\nasync fn search() -> String {\n    let found = 1;\n    format!("{found}")\n}\n'
    client.change(rust, 2, {"text": text})
    assert "not ported" not in titles(client, python)
    if editor is VSCODE:
        assert diagnostics(client, editor, python, 1) == []
    else:
        client.wait_for(
            "textDocument/publishDiagnostics", lambda p: p["uri"] == python and not p["diagnostics"]
        )
    told = client.wait_for(
        "portLsp/status", lambda s: s["quiescent"] and s["shares"]["endpoints"]["unported"] == 0
    )
    assert told["health"] == "ok"
    client.wait_for("portLsp/didChangeIndex", lambda p: python in p["files"] and rust in p["files"])
    client.notify("textDocument/didClose", {"textDocument": {"uri": rust}})
    assert "not ported" in titles(client, python)
    assert client.shut_down() == 0
    assert client.log() == ""


def test_a_pull_waits_for_the_first_index(client: Client, root: Path) -> None:
    """Neovim 0.12 doesn't pull open documents again when it is told to refresh."""
    client.initialize(root, VSCODE)
    uri = client.open(root / NOTES)
    assert len(diagnostics(client, VSCODE, uri, 1)) == 1


def test_push_and_pull_never_meet(client: Client, root: Path) -> None:
    client.initialize(root, VSCODE)
    client.ready()
    uri = client.open(root / NOTES)
    client.change(uri, 2, {"text": "x"})
    report = client.request("workspace/diagnostic", {"previousResultIds": []})
    assert len(report["items"]) == 4
    assert client.seen.of("textDocument/publishDiagnostics") == []


def test_a_restarted_server_knows_the_clients_result_ids(root: Path) -> None:
    ids: list[list[Json]] = []
    for _ in range(2):
        with Client() as client:
            client.initialize(root, VSCODE)
            client.ready()
            report = client.request("workspace/diagnostic", {"previousResultIds": []})
            ids.append([{"uri": i["uri"], "value": i["resultId"]} for i in report["items"]])
            report = client.request("workspace/diagnostic", {"previousResultIds": ids[0]})
            assert {item["kind"] for item in report["items"]} == {"unchanged"}
            assert client.shut_down() == 0
    assert ids[0] == ids[1]


def test_a_verdict_from_the_light_bulb_to_the_file(client: Client, root: Path) -> None:
    client.initialize(root, VSCODE)
    client.ready()
    uri = client.open(root / NOTES)
    here = {"line": 5, "character": 12}
    listed = client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": uri},
            "range": {"start": here, "end": here},
            "context": {"diagnostics": diagnostics(client, VSCODE, uri, 1)},
        },
    )
    action = next(one for one in listed if one["title"].startswith("Won't port"))
    assert action["diagnostics"][0]["code"] == "unported-endpoint"
    resolved = client.request("codeAction/resolve", action)
    create, edit = resolved["edit"]["documentChanges"]
    assert create["kind"] == "create"
    config = root / "port-lsp.toml"
    assert create["uri"] == config.as_uri()
    config.write_text(edit["edits"][0]["newText"], "utf-8")  # as the editor does, and saves
    client.notify(
        "workspace/didChangeWatchedFiles", {"changes": [{"uri": config.as_uri(), "type": 1}]}
    )
    client.request("workspace/executeCommand", resolved["command"])
    assert client.shown[-1]["uri"] == config.as_uri()
    told = client.wait_for("portLsp/status", lambda s: s["shares"]["endpoints"]["ignored"] == 1)
    assert told["health"] == "ok"
    client.change(uri, 2, {"text": (root / NOTES).read_text("utf-8") + "\n"})
    with pytest.raises(ResponseError) as error:
        client.request("codeAction/resolve", action)
    assert error.value.code == -32801


def test_what_is_asked_for_right_after_a_save_is_answered(client: Client, root: Path) -> None:
    """The saved files are read first; nobody is told to ask again."""
    client.initialize(root, VSCODE)
    client.ready()
    uri = client.open(root / NOTES)
    here = {"line": 5, "character": 12}
    listed = client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": uri},
            "range": {"start": here, "end": here},
            "context": {"diagnostics": []},
        },
    )
    action = next(one for one in listed if one["kind"].startswith("refactor.rewrite.port"))
    rust = root / RUST
    for time in range(5):
        rust.write_text(f"{rust.read_text('utf-8')}\n// saved {time}\n", "utf-8")
        changes = [{"uri": rust.as_uri(), "type": 2}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        assert client.request("codeAction/resolve", action)["edit"]["documentChanges"]


def test_lenses_are_asked_for_again_when_parity_was_recorded(client: Client, root: Path) -> None:
    """`port-lsp parity --record` writes a file that is neither Python nor Rust: it is watched by
    itself, wherever it is."""
    (root / "port-lsp.toml").write_text('[parity]\nresults = "made/parity.json"\n', "utf-8")
    client.initialize(root, VSCODE)
    client.ready()
    made = root / "made"
    globs = [
        watcher["globPattern"]
        for params in client.seen.of("client/registerCapability")
        for one in params["registrations"]
        if one["method"] == "workspace/didChangeWatchedFiles"
        for watcher in one["registerOptions"]["watchers"]
    ]
    assert {"baseUri": made.as_uri(), "pattern": "parity.json"} in globs
    uri = client.open(root / USERS)
    document = {"textDocument": {"uri": uri}}

    def titles() -> list[str]:
        found = client.request("textDocument/codeLens", document)
        return [one["command"]["title"] for one in found if one["range"]["start"]["line"] == 5]

    assert titles() == ["→ routes/users.rs:10 · ported"]
    snapshot = Index.open(Wanted(str(root), str(root / "backend"), str(root / "crate"))).snapshot
    rows = [
        {"endpoint": ours.id, "verdict": "same", "texts": texts_of(snapshot, ours, theirs)}
        for ours, theirs in ported(snapshot)
    ]
    made.mkdir()
    (made / "parity.json").write_text(json.dumps({"endpoints": rows}), "utf-8")
    before = len(client.seen.of("workspace/codeLens/refresh"))
    changes = [{"uri": (made / "parity.json").as_uri(), "type": 1}]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    client.wait_for(
        "workspace/codeLens/refresh",
        lambda _: len(client.seen.of("workspace/codeLens/refresh")) > before,
    )
    assert titles() == ["→ routes/users.rs:10 · ported · verified"]


@EDITORS
def test_started_at_one_root_with_the_other_beside(root: Path, editor: Json) -> None:
    """Neovim's root markers stop at a pyproject.toml, or at a Cargo.toml."""
    shares: list[Any] = []
    for folder in ("backend", "crate"):
        with Client() as client:
            client.initialize(root / folder, editor)
            shares.append(client.ready()["shares"])
    assert shares[0] == shares[1]
    assert shares[0]["endpoints"]["total"] == 5


def test_roots_that_are_given(root: Path, tmp_path: Path) -> None:
    shutil.move(root / "crate", tmp_path / "elsewhere")
    given = ("--stdio", "--backend", str(root / "backend"), "--crate", str(tmp_path / "elsewhere"))
    with Client(given) as client:
        client.initialize(None, NEOVIM)
        assert client.ready()["shares"]["endpoints"]["unported"] == 1


def test_the_example_is_as_it_says(tmp_path: Path) -> None:
    """examples/expected.json, as the plan, the lenses and the diagnostics show it."""
    skipped = shutil.ignore_patterns("target", ".venv", "__pycache__", "*.db")
    folder = tmp_path / "examples"
    shutil.copytree(EXAMPLES, folder, ignore=skipped)
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    with Client() as client:
        client.initialize(folder, VSCODE)
        client.ready()
        plan = client.request("portLsp/plan", {})
        files = [file for step in plan["steps"] for file in step["files"]]
        items = [item for file in files for item in file["items"]]
        shown = {
            item["title"]: (item["presence"], item["drift"])
            for item in items
            if item["kind"] == "endpoint"
        }
        assert shown == {
            f"{one['method']} {one['path']}": (one["presence"], one["drift"])
            for one in expected["endpoints"]
        }
        models = {i["title"]: i["presence"] for i in items if i["kind"] == "model"}
        assert models == {one["name"]: one["presence"] for one in expected["models"]}
        report = client.request("workspace/diagnostic", {"previousResultIds": []})
        rules = [one["code"] for item in report["items"] for one in item["items"]]
        assert "path-drift" in rules
        assert client.log() == ""
