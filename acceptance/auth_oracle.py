"""Asks a fixture's backend who may call what: FastAPI itself, with the tokens of its own library.

    python auth_oracle.py BACKEND

Fills the users' table, asks every endpoint with every credential, and prints rows of path, headers,
status and answer as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any

sys.path.insert(0, sys.argv[1])
jwt: Any = import_module("jwt")
models: Any = import_module("app.models")
main: Any = import_module("app.main")
settings: Any = import_module("app.settings")
client_of: Any = import_module("fastapi.testclient").TestClient

PATHS = ("/user", "/active", "/superuser", "/editors", "/boss", "/reports", "/page?page=1",
         "/page?page=two", "/seat", "/inner/key", "/inner/key/user", "/open")  # fmt: skip


def users() -> None:
    """Somebody of every kind."""
    models.Base.metadata.create_all(models.engine)
    roles = models.Role
    rows = [
        (1, roles.PLAIN, True, False, None),
        (2, roles.EDITOR, True, False, "sk-editor"),
        (3, roles.BOSS, True, True, "sk-boss"),
        (4, roles.BOSS, False, True, None),
    ]
    with models.Session() as session:
        for number, role, active, superuser, key in rows:
            session.add(
                models.User(
                    id=number, name=f"u{number}", password_hash="x", role=role,  # noqa: S106 - nobody signs in
                    is_active=active, is_superuser=superuser, api_key=key,
                )
            )  # fmt: skip
        session.commit()


def bearer(token: str) -> dict[str, str]:
    """The usual header."""
    return {"Authorization": f"Bearer {token}"}


def credentials() -> list[dict[str, str]]:
    """Headers, good and bad."""
    secret, now = settings.SECRET_KEY, int(time.time())

    def made(secret: str = secret, algorithm: str = "HS256", **claims: object) -> str:
        return jwt.encode({"exp": now + 600, **claims}, secret, algorithm)

    good = {number: made(id=number, scopes=["reports"]) for number in range(1, 6)}
    found: list[dict[str, str]] = [{}]
    found += [bearer(token) for token in good.values()]
    found += [
        bearer("garbage"),
        bearer("a.b.c"),
        {"Authorization": good[3]},
        {"Authorization": f"bearer {good[3]}"},
        {"Authorization": f"Basic {good[3]}"},
        {"Cookie": f"a=b; token={good[3]}"},
        {"Cookie": f"token={good[1]}", **bearer(good[3])},
        {"Cookie": "token=garbage"},
        {"Cookie": "seat=window"},
        {"Cookie": "seat=floor"},
        bearer(made(secret="another secret that is long enough", id=3)),  # noqa: S106 - a test's own
        bearer(made(algorithm="HS512", id=3)),
        bearer(made(id=3, exp=now - 5)),
        bearer(made(id=3, nbf=now + 500)),
        bearer(made(id=3, exp=f" {now + 600}")),
        bearer(made(id=3, exp=f"{now - 5}")),
        bearer(made(id=3, nbf=f"{now + 500}")),
        bearer(made(id=3, nbf="now")),
        bearer(made(id="3")),
        bearer(made(id="three")),
        bearer(made(name="3")),
        bearer(made(id=3, aud="others")),
        bearer(made(id=3, scopes=["other"])),
        bearer(made(id=3, scopes=["other", "reports"])),
        bearer("sk-editor"),
        bearer("sk-boss"),
        bearer("sk-nobody"),
        {"X-API-Key": secret},
        {"X-API-Key": "another"},
        {"X-API-Key": ""},
        {"X-API-Key": secret, **bearer(good[1])},
        {"X-API-Key": secret, **bearer("garbage")},
        {"X-API-Key": "another", **bearer(good[1])},
    ]
    return found


def ask() -> None:
    """Prints what every endpoint answers to everybody."""
    users()
    client = client_of(main.app, raise_server_exceptions=False)
    rows: list[object] = []
    for path in PATHS:
        for headers in credentials():
            answer = client.get(path, headers=headers)
            client.cookies.clear()
            rows.append([path, headers, answer.status_code, answer.json()])
    print(json.dumps(rows))


ask()
