"""What a Python handler depends on besides its guards: an extractor of the crate's that is called
like the dependency takes its place, and what has none is named above the handler's Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from port_lsp.facts.items import Endpoint
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.acting import acts
from port_lsp.patterns.endpoints.clashes import Names, parted
from port_lsp.patterns.endpoints.keepers import keepers
from port_lsp.types.depended import Dependency
from port_lsp.writing.ir import items as i

# What hands out a connection or the settings: the state has both.
_STATE = re.compile(
    r"(?:^|_)(?:db|database|session|conn|connection|engine|settings|config|redis)\b"
)


class Others(Record, frozen=True):
    """The extractors for dependencies that are no guards, the endpoints without the parameters that
    those and the guards take, and what the crate has nothing for, each with a line of Python that
    says so. `names`: see `clashes.py`."""

    params: tuple[i.Param, ...]
    endpoints: tuple[Endpoint, ...]
    left: tuple[tuple[Dependency, str], ...]
    names: Names


def others(
    desk: Desk, endpoints: Sequence[Endpoint], body: Iterable[str], guards: Sequence[i.Param]
) -> Others:
    """Of the routes of one handler; `body` is its Python, `guards` the extractors that it has
    already."""
    known = keepers(desk)
    text = "\n".join(body)
    params: dict[str, i.Param] = {}
    covered: list[Dependency] = []
    left: list[Dependency] = []
    every = dict.fromkeys(one for route in endpoints for one in known.depended.get(route.id, ()))
    for one in every:
        found = known.named(one.name)
        if found is not None and found.type in {param.type for param in guards}:
            covered.append(one)
        elif found is not None and not one.guards:
            params[one.name] = found
            covered.append(one)
        elif one.guards:
            continue  # who passes the guards has passed it
        elif _is_read(one, text) or acts(desk, one.key) or _is_unknown(one):
            left.append(one)
    kept = {
        (parameter.location, parameter.alias or parameter.name)
        for one in every
        if one not in covered
        for parameter in one.parameters
    }
    gone = {
        (parameter.location, parameter.alias or parameter.name)
        for one in covered
        for parameter in one.parameters
        if not re.search(rf"\b{parameter.name}\b", text)
    } - kept
    apart = [one for one in every if one not in covered]
    split = [parted(desk, one, apart) for one in endpoints]
    lines = ((one, f"{_bound(one)}{one.name}(…){_counterpart(desk, one)}") for one in left)
    kept_by = tuple(_without(one.endpoint, gone) for one in split)
    return Others(tuple(params.values()), kept_by, tuple(lines), split[0].names)


def _is_read(one: Dependency, text: str) -> bool:
    """Whether a body reads what a dependency gives, and that is neither connection nor settings."""
    named = bool(one.param) and re.search(rf"\b{one.param}\b", text) is not None
    return named and not _STATE.search(one.name)


def _is_unknown(one: Dependency) -> bool:
    """Whether nobody knows what a dependency does: an object that is called, as `RateLimiter(…)`,
    may refuse."""
    return not one.key and not _STATE.search(one.name)


def _bound(one: Dependency) -> str:
    return f"{one.param} = " if one.param else ""


def _without(endpoint: Endpoint, gone: set[tuple[str, str]]) -> Endpoint:
    """An endpoint without some parameters; those of its path stay."""
    parameters = tuple(
        one
        for one in endpoint.signature.parameters
        if one.location == "path" or (one.location, one.alias or one.name) not in gone
    )
    return replace(endpoint, signature=replace(endpoint.signature, parameters=parameters))


def _counterpart(desk: Desk, one: Dependency) -> str:
    """Which function of the crate a dependency is linked to, as a comment."""
    for link in desk.snapshot.links.functions:
        if link.backend == one.key and link.crate is not None and one.key:
            return f"  # {link.crate}"
    return "  # a dependency"
