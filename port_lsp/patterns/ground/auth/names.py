"""What the extractors are called that do what the backend's dependencies do."""

from __future__ import annotations

from collections.abc import Iterable

from port_lsp.patterns.names import camel, distinct, words
from port_lsp.rust.extracted import extracted
from port_lsp.types.auth import Gate

_VERBS = frozenset(("get", "require", "requires", "verify", "check", "ensure", "validate"))
# What has another meaning in the module.
TAKEN = (
    *("Asked", "Parts", "AppError", "AppResult", "AppState", "Claims", "Caller", "Self", "Bad"),
    *("Algorithm", "StatusCode", "Rules", "Option", "String", "Result", "Ok", "Err", "Some"),
    *("None", "Map", "Value", "FromRequest", "FromRequestParts", "HttpRequest", "Vec", "Box"),
    *("Boxed", "Data", "Payload"),
)


def extractor_name(dependency: str, made_with: Iterable[str] = ()) -> str:
    """The usual name: VerifiedUser for `get_verified_user`, RoleAdmin for `role("admin")`."""
    parts = words(dependency)
    while len(parts) > 1 and parts[0].lower() in _VERBS:
        parts = parts[1:]
    known = {part.lower() for part in parts}
    more = [part for one in made_with for part in words(one)[:3] if part.lower() not in known]
    return camel("_".join((*parts, *more)))


def extractor_names(gates: Iterable[Gate]) -> dict[str, str]:
    """The extractors' names by the keys of their gates."""
    taken = set[str]()
    found: dict[str, str] = {}
    for gate in gates:
        name = extractor_name(gate.name, gate.made_with)
        taken_for = extracted("_", name)
        if name in TAKEN or taken_for is None or taken_for.takes != "own":
            name = f"{name}Guard"  # handlers take something else by this name
        found[gate.key] = distinct(name, taken)
    return found
