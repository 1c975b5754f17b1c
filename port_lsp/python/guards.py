"""Who may call an endpoint, read from its dependencies and its body, with the evidence."""

from port_lsp.facts.items import Guard, Parameter
from port_lsp.python.dependencies import Dependant

_CREDENTIALS = {"authorization", "x-api-key", "api-key", "x-token", "token", "session"}


def guard_of(dependant: Dependant) -> Guard:
    """The guard of an endpoint, from the strictest thing found in its chain of dependencies.

    A check for one role or scope decides; else a credential (a scheme of `fastapi.security`, a
    token read by hand in a dependency that denies) means "user"; a chain that denies without a
    credential that we know is "unknown"; none of these is "public".
    """
    if dependant.scopes:
        return Guard("scope", " ".join(dependant.scopes), (f"Security {dependant.scopes[0]}",))
    for name, facts in dependant.chain:
        for check in facts.checks:
            if len(check.values) == 1:
                place = name or "in the body"
                level = "role" if check.level == "role" else "scope"
                return Guard(level, check.values[0], (f"{place}: {check.text}",))
    dependencies = [(name, facts) for name, facts in dependant.chain if name]
    if dependant.credentials:
        longest = max((name for name, _ in dependencies), key=len, default="")
        first = longest.partition(" → ")[0] or None
        evidence = f"{longest} ({', '.join(dependant.credentials)})"
        return Guard("user", first, (evidence,))
    header = next((p for p in dependant.parameters if _carries_credential(p)), None)
    for name, facts in dependencies:
        if (facts.credential or header is not None) and facts.denies:
            return Guard("user", name.partition(" → ")[0], (f"{name} reads a credential",))
    for name, facts in dependencies:
        if facts.denies:
            return Guard("unknown", name.partition(" → ")[0], (f"{name} may deny",))
    return Guard("public", None, ())


def _carries_credential(parameter: Parameter) -> bool:
    """A header or cookie by which a client says who it is."""
    name = (parameter.alias or parameter.name).lower().replace("_", "-")
    return parameter.location in ("header", "cookie") and name in _CREDENTIALS
