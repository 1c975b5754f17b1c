"""Who may call an endpoint, against what is said behind each handler, and what FastAPI refuses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from port_lsp.facts.items import Guard
from tests.fixturefile import parse
from tests.python.test_fastapi_fixtures import read

FIXTURE = Path(__file__).parent.parent / "fixtures" / "fastapi" / "guards_said.txt"
SAID = re.compile(r"def (\w+)\(.*# guard: (\w+) ?(.*)$", re.M)
ASK = """
import json
from fastapi.testclient import TestClient
from app.main import app
client = TestClient(app)
print(json.dumps({r.endpoint.__name__: client.get(r.path).status_code for r in app.routes
                  if hasattr(r, "dependant")}))
"""


def said() -> dict[str, tuple[str, str]]:
    text = FIXTURE.read_text(encoding="utf-8")
    return {name: (level, rest) for name, level, rest in SAID.findall(text)}


def guards() -> dict[str, Guard]:
    side, _ = read(parse(FIXTURE.read_text(encoding="utf-8")).files)
    return {one.handler: one.signature.guard for one in side.endpoints}


def test_guards_are_as_said() -> None:
    found = {name: (guard.level, guard.name or "") for name, guard in guards().items()}
    assert found == said()


def test_who_has_no_credential_is_refused_where_the_guard_says_so(tmp_path: Path) -> None:
    pytest.importorskip("httpx")
    for path, text in parse(FIXTURE.read_text(encoding="utf-8")).files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-c", ASK], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    statuses: dict[str, int] = json.loads(answer.stdout)
    refused = {name: status in (401, 403) for name, status in statuses.items()}
    assert refused == {name: level != "public" for name, (level, _) in said().items()}


def test_evidence_is_the_way_to_the_credential() -> None:
    found = guards()
    assert found["plain_user"].evidence == ("get_user → bearer (HTTPBearer)",)
    assert found["role_object"].evidence == ("RequireRole: user.role != self.role",)
    assert found["optional_user"].evidence == (
        "get_user_or_none → optional_oauth (OAuth2PasswordBearer) is optional",
    )
