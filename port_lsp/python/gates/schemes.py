"""Security schemes of `fastapi.security`: what they take from the request, and how they refuse.

FastAPI's security/http.py, oauth2.py and api_key.py: a scheme that was made without
`auto_error=False` answers 401 by itself (403 before 0.122).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from port_lsp.python.classes import external_bases
from port_lsp.python.evaluate import force
from port_lsp.python.gates.trees import UNKNOWN, branch
from port_lsp.python.gates.values import Env, Exc, Next
from port_lsp.python.roles import is_lenient
from port_lsp.python.values import Instance, Made
from port_lsp.types import auth as t

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_BEARER = ("HTTPBearer", "OAuth2PasswordBearer", "OAuth2AuthorizationCodeBearer")
_KEYS: dict[str, t.Place] = {
    "APIKeyHeader": "header", "APIKeyCookie": "cookie", "APIKeyQuery": "query",
}  # fmt: skip


class CarriedBy(NamedTuple):
    """What a scheme takes, and whether it lets requests without that through."""

    value: t.Carried
    lenient: bool

    def ask(self, env: Env, then: Next, raises: Callable[[Exc, Env], t.Tree]) -> t.Tree:
        """The scheme's own refusal, and what comes behind it."""
        if self.lenient:
            return then(env)
        refused = Exc("http", UNKNOWN.status, UNKNOWN.detail)
        return branch(t.Missing(self.value), env, lambda at: raises(refused, at), then)


def carried_by(run: Interpreter, scheme: Made | Instance) -> CarriedBy | None:
    """What a scheme takes from the request; None where it is none of those that are known."""
    if isinstance(scheme, Made):
        names, given = {scheme.maker.name}, scheme.args
    else:
        names, given = external_bases(run, scheme.cls), scheme.args
    found = {name.rpartition(".")[2] for name in names if name.startswith("fastapi.security")}
    if found.intersection(_BEARER):
        value = t.Carried((t.Source("bearer"),))
        return CarriedBy(value, _lenient(run, scheme))
    places: list[t.Place] = [_KEYS[one] for one in sorted(found) if one in _KEYS]
    place = places[0] if places else None
    name = force(run, given.get(None, "name"))
    if place is None or not isinstance(name, str):
        return None
    written = name.lower() if place == "header" else name
    return CarriedBy(t.Carried((t.Source(place, written),)), _lenient(run, scheme))


def _lenient(run: Interpreter, scheme: Made | Instance) -> bool:
    if isinstance(scheme, Instance):
        given = scheme.args.get(None, "auto_error")
        if given is not None:
            return force(run, given) is False
    return is_lenient(run, scheme)
