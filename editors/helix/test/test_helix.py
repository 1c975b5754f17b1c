"""Helix with the configuration of the README: a diagnostic, and an action that ports a route."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from terminal import Terminal

README = Path(__file__).resolve().parent.parent / "README.md"
PATIENCE = 90  # seconds that the server may take to start


def test_diagnostics_and_an_action(
    unpacked: Callable[[str, str, str, str], Path], example: Path, server: Path, tmp_path: Path
) -> None:
    program = unpacked("helix", "sid", "hx", "hx")
    [documented] = re.findall(r"```toml\n(\[language-server.*?)```", README.read_text(), re.S)
    settings = tmp_path / "home" / ".config" / "helix"
    settings.mkdir(parents=True)
    (settings / "languages.toml").write_text(documented, encoding="utf-8")
    # The servers that stand beside ours in the README aren't there: Helix goes on without them.
    environment = {
        "HOME": str(tmp_path / "home"),
        "PATH": f"{server}{os.pathsep}/usr/bin:/bin",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }
    target = example / "crate/src/routes/notes.rs"
    assert "search_notes" not in target.read_text(encoding="utf-8")
    place = "backend/notes_app/routers/notes.py:37:5"
    with Terminal([str(program), place], example, environment) as helix:
        helix.shows("`GET /api/v1/notes/search` isn't ported", PATIENCE)
        helix.type(" a")
        helix.shows("Port GET /api/v1/notes/search to Rust", PATIENCE)
        helix.type("\r")
        helix.type(":write-all\r")
        helix.shows("written", PATIENCE)
    after = target.read_text(encoding="utf-8")
    assert "async fn search_notes(" in after
    assert '.route("/search", get(search_notes))' in after
