"""Who may call an endpoint, read from its dependencies and its body, with the evidence."""

from collections.abc import Iterator

from port_lsp.facts.items import Guard, Parameter
from port_lsp.python.bodyfacts import Hop
from port_lsp.python.dependant import Dependant

_CREDENTIALS = {"authorization", "x-api-key", "api-key", "x-token", "token", "session"}
# A list of roles with one of these is no check for a role: everybody who has an account passes.
_EVERYBODY = {"user", "member", "guest", "viewer"}


def guard_of(dependant: Dependant) -> Guard:
    """The guard of an endpoint, from the strictest thing found in its chain of dependencies.

    A check for a role or scope decides; else a credential that nobody passes without: a scheme of
    `fastapi.security`, which denies by itself unless it was made with `auto_error=False`, or one
    that is optional or read by hand where a dependency above it denies. A chain that denies
    without a credential that we know is "unknown"; none of these is "public".
    """
    if dependant.scopes:
        return Guard("scope", " ".join(dependant.scopes), (f"Security {dependant.scopes[0]}",))
    return (
        _by_role(dependant.chain)
        or _by_scheme(dependant.chain)
        or _by_hand(dependant)
        or _by_body(dependant.chain)
        or Guard("public", None, tuple(_open(dependant.chain)))
    )


def _by_role(chain: tuple[Hop, ...]) -> Guard | None:
    for hop in chain:
        for check in hop.facts.checks:
            if check.values and not _EVERYBODY.intersection(v.lower() for v in check.values):
                place = hop.name or "in the body"
                level = "role" if check.level == "role" else "scope"
                return Guard(level, " or ".join(check.values), (f"{place}: {check.text}",))
    return None


def _by_scheme(chain: tuple[Hop, ...]) -> Guard | None:
    for hop in chain:
        if hop.schemes and (not hop.lenient or any(map(_denies, _above(chain, hop)))):
            evidence = f"{hop.name} ({', '.join(hop.schemes)})"
            return Guard("user", hop.name.partition(" → ")[0] or None, (evidence,))
    return None


def _by_hand(dependant: Dependant) -> Guard | None:
    header = any(_carries_credential(parameter) for parameter in dependant.parameters)
    for hop in dependant.chain:
        if hop.name and (hop.facts.credential or header) and _denies(hop):
            first = hop.name.partition(" → ")[0]
            return Guard("user", first, (f"{hop.name} reads a credential",))
    return None


def _by_body(chain: tuple[Hop, ...]) -> Guard | None:
    """Where the handler itself turns away who has no credential, or a dependency denies for some
    other reason."""
    optional = next((hop for hop in chain if hop.name and hop.schemes), None)
    own = next((hop for hop in chain if not hop.name), None)
    if optional is not None and own is not None and own.facts.denies:
        first = optional.name.partition(" → ")[0]
        if own.facts.insists:
            way = f"{optional.name} ({', '.join(optional.schemes)})"
            return Guard("user", first, (way, "in the body: denies who has none"))
        return Guard("unknown", first, (f"{optional.name} is optional, the body may deny",))
    for hop in chain:
        if hop.name and hop.facts.denies and not (hop.facts.lets and optional):
            return Guard("unknown", hop.name.partition(" → ")[0], (f"{hop.name} may deny",))
    return None


def _open(chain: tuple[Hop, ...]) -> Iterator[str]:
    for hop in chain:
        if hop.name and hop.schemes:
            yield f"{hop.name} ({', '.join(hop.schemes)}) is optional"


def _denies(hop: Hop) -> bool:
    """Whether nobody gets past a dependency without a credential."""
    return bool(hop.name) and hop.facts.denies and not hop.facts.lets


def _above(chain: tuple[Hop, ...], below: Hop) -> Iterator[Hop]:
    """The dependencies that lead to one, and that one."""
    return (hop for hop in chain if f"{below.name} → ".startswith(f"{hop.name} → "))


def _carries_credential(parameter: Parameter) -> bool:
    """A header or cookie by which a client says who it is."""
    name = (parameter.alias or parameter.name).lower().replace("_", "-")
    return parameter.location in ("header", "cookie") and name in _CREDENTIALS
