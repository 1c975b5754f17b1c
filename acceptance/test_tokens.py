"""A port takes those tokens that the backend's library takes, and knows what is wrong with others.

The backend is `data/tokens_app.py`, which reads them by PyJWT; they are put together here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from acceptance.serving import beside
from port_lsp.parity.answering import answered
from port_lsp.parity.asking import Answer, Question
from port_lsp.parity.comparing import compared
from port_lsp.writing.registering import Framework
from tests.rustc import needs_cargo

BACKEND = Path(__file__).parent / "data" / "tokens_app.py"
_SECRET = "a secret of more than thirty-two bytes"  # noqa: S105 - the backend's
_SECONDS = 10.0


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(claims: Any, secret: str = _SECRET, algorithm: str = "HS256") -> str:
    """A signed token (RFC 7519)."""
    header = _encoded(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())
    signed = f"{header}.{_encoded(json.dumps(claims).encode())}"
    kind = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}.get(algorithm, hashlib.sha384)
    made = hmac.new(secret.encode(), signed.encode(), kind).digest()
    return f"{signed}.{_encoded(made)}"


def tokens() -> list[str]:
    """Good ones, and one for each thing that may be wrong."""
    now = int(time.time())
    good = token({"sub": "ann", "exp": now + 3600, "n": [1, None], "iat": now - 5, "jti": "j"})
    said: tuple[dict[str, Any], ...] = (
        {"sub": "ann"}, {"exp": now + 60}, {"sub": None}, {"sub": 7}, {"sub": "ann", "jti": 7},
        {"sub": "ann", "exp": now - 60}, {"sub": "ann", "exp": now - 1}, {"sub": "", "exp": 1e11},
        {"sub": "ann", "nbf": now + 60}, {"sub": "ann", "nbf": now - 60},
        {"sub": "ann", "iat": now + 60}, {"sub": "ann", "aud": "x"}, {"sub": "ann", "iss": "y"},
        {"sub": "ann", "exp": "never"}, {"sub": "ann", "nbf": [1]}, {"iat": "now"}, {},
        {"sub": "ann", "exp": f" {now + 60} "}, {"sub": "ann", "exp": f"{now - 60}"},
        {"sub": "ann", "nbf": f"{now - 60}"}, {"sub": "ann", "nbf": f"{now + 60}"},
        {"sub": "ann", "iat": f"{now - 60}"}, {"sub": "ann", "iat": f"{now + 60}"},
        {"sub": "ann", "exp": True}, {"sub": "ann", "exp": "1.5"}, {"sub": "ann", "exp": None},
        {"sub": "ann", "iat": now + 60.5},
    )  # fmt: skip
    return [
        good, *map(token, said),
        token({"sub": "ann"}, "another secret of thirty-two bytes and more"),
        token({"sub": "ann"}, algorithm="HS512"), token({"sub": "ann"}, algorithm="HS384"),
        token([1]), f"{good}x", good.rpartition(".")[0], "", "a.b.c", "no token",
        good.replace(".", "", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("framework", ["axum"])
def test_tokens(framework: Framework, tmp_path: Path, target: Path) -> None:
    needs_cargo()
    with beside(BACKEND, tmp_path, framework, target) as sides:
        statuses: set[int] = set()
        given = tokens()
        assert len(given) == 38  # as README says
        for one in given:
            for path in ("subject", "who", "whole", "plain"):
                asked = Question("GET", f"/{path}?token={quote(one)}")
                python, rust = (answered(side, asked, _SECONDS) for side in sides)
                assert isinstance(python, Answer), (asked, python)
                assert isinstance(rust, Answer), (asked, rust)
                assert (path, one, compared(python, rust)) == (path, one, ())
                statuses.add(python.status)
    assert statuses == {200, 401, 403, 500}
