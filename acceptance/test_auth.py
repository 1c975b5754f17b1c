"""Who may call: a new crate's extractors let in whom the backend's own dependencies let in.

The fixture's backend is asked by FastAPI, with tokens that its library (PyJWT) made; its new crate,
whose handlers are given bodies that say that one is in, is built, served on the same database, and
asked the same.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from acceptance.conftest import cache
from acceptance.serving import served
from bench.port_compile import port
from port_lsp.writing.registering import Framework
from tests.fixturefile import parse
from tests.rustc import needs_cargo

TOP = Path(__file__).parent.parent
FIXTURES = TOP / "tests" / "fixtures" / "writing" / "auth"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)
SECRET = "a secret of more than thirty-two bytes"  # noqa: S105 - the fixtures' own
FRAMEWORKS: tuple[Framework, ...] = ("axum", "actix-web")
_IN = {
    "axum": 'Ok(Json(serde_json::json!({ "in": true })))',
    "actix-web": 'Ok(HttpResponse::Ok().json(serde_json::json!({ "in": true })))',
}
_LEFT = re.compile(r'todo!\("not ported yet"\)')


@pytest.fixture(scope="module")
def library() -> Path:
    """PyJWT, downloaded once."""
    folder = cache() / "pyjwt"
    if not (folder / "jwt").is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
        subprocess.run([*command, "PyJWT==2.10.1"], check=True)
    return folder


def new_crate(folder: Path, name: str, framework: Framework) -> tuple[Path, int]:
    """A fixture's backend and the crate that it is ported to, in which each handler that may answer
    anything says that one is in; and how many do."""
    text = (FIXTURES / f"{name}.txt").read_text("utf-8")
    parse(text[text.index("//- ") :]).write_to(folder)
    crate = folder / "crate"
    assert port(folder / "backend", crate, (), framework).left == ()
    holes = 0
    for path in crate.rglob("routes/*.rs"):
        filled, count = _LEFT.subn(_IN[framework], path.read_text("utf-8"))
        holes += count
        path.write_text(filled, "utf-8")
    return crate, holes


def wordless(body: Any) -> Any:
    """An answer without what a 422 says in words."""
    detail = body.get("detail")
    if isinstance(detail, str) or detail is None:
        return body
    return [(one["type"], one["loc"]) for one in detail]


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("name", NAMES)
def test_fixtures_compile(name: str, framework: Framework, tmp_path: Path, target: Path) -> None:
    needs_cargo()
    crate, _ = new_crate(tmp_path, name, framework)
    env = os.environ | {"CARGO_TARGET_DIR": str(target)}
    run = subprocess.run(
        ["cargo", "check", "--quiet"], cwd=crate, env=env, capture_output=True, text=True
    )
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_who_is_let_in(framework: Framework, tmp_path: Path, library: Path, target: Path) -> None:
    needs_cargo()
    crate, holes = new_crate(tmp_path, "bearer", framework)
    assert holes == 0  # each body is `return {"in": True}`, which is translated
    url = f"sqlite:///{tmp_path / 'app.db'}"
    env = {"SECRET_KEY": SECRET, "DATABASE_URL": url}
    with served(crate, env, target) as client:
        oracle = [sys.executable, str(TOP / "acceptance" / "auth_oracle.py")]
        run = subprocess.run(
            [*oracle, str(tmp_path / "backend")],
            env=os.environ | env | {"PYTHONPATH": str(library)},
            check=True,
            capture_output=True,
            text=True,
        )
        rows = json.loads(run.stdout)
        wrong: list[str] = []
        for path, headers, status, body in rows:
            answer = client.get(path, headers=headers)
            client.cookies.clear()
            if (answer.status_code, wordless(answer.json())) != (status, wordless(body)):
                wrong.append(f"{path} {headers}: {answer.status_code} {answer.text}, not "
                             f"{status} {body}")  # fmt: skip
    assert wrong == []
    assert len(rows) == 12 * 39
    assert {status for _, _, status, _ in rows} == {200, 400, 401, 403, 422}
