"""Lines of blanks alone, which many editors leave, are no reason not to translate a body; in a text
of several lines they are part of it."""

from __future__ import annotations

from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.ground.start import lay
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter

# `~` stands for a blank that this file may not end a line with.
_BACKEND = '''from fastapi import FastAPI

app = FastAPI()


@app.get("/text")
def text(n: int):
    doubled = n * 2
~~
    said = """one
~~~
two"""
~~~~~~~~
    return {"doubled": doubled, "said": said}
'''.replace("~", " ")


def test_lines_of_blanks(tmp_path: Path) -> None:
    backend, crate = tmp_path / "backend", tmp_path / "crate"
    for folder in (backend, crate):
        folder.mkdir()
    (backend / "main.py").write_text(_BACKEND, encoding="utf-8")
    index = Index.open(Wanted(str(tmp_path), str(backend), str(crate)))
    lay(index, "axum")
    desk = Desks().at(index)
    assert desk.snapshot.backend is not None
    targets = [Target("endpoint", one.id) for one in desk.snapshot.backend.endpoints]
    done = porter(desk).port(targets)
    (written,) = (one.after for one in done.changes if one.path == "src/routes/app.rs")
    assert "todo!" not in written
    assert r'"one\n   \ntwo"' in written
