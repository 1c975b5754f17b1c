"""What a request carries for one handler, whichever of its routes it came by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from port_lsp.facts.items import Endpoint, Parameter, ParameterIn
from port_lsp.facts.source import Record

_PLACEHOLDER = re.compile(r"\{(?P<name>\w+)(?::(?P<kind>\w+))?\}")


class Request(Record, frozen=True):
    """Parameters by where they are, in the order of the Python handler.

    `path` are all parameters of the routes' paths, in their order, also those that the handler
    doesn't take. `path_way` says whether every route has them ("always"), or some have all of them
    and the others none ("all-or-none"), or whatever else ("mixed").
    """

    path: tuple[Parameter, ...] = ()
    path_way: str = "always"
    query: tuple[Parameter, ...] = ()
    header: tuple[Parameter, ...] = ()
    cookie: tuple[Parameter, ...] = ()
    body: tuple[Parameter, ...] = ()
    form: tuple[Parameter, ...] = ()
    file: tuple[Parameter, ...] = ()


def request_of(endpoints: Sequence[Endpoint]) -> Request:
    """The request of a handler with these routes."""
    paths = list(dict.fromkeys(path_names(one.path) for one in endpoints))
    longest = max(paths, key=len)
    declared = {
        parameter.alias or parameter.name: parameter
        for one in endpoints
        for parameter in one.signature.parameters
        if parameter.location == "path"
    }
    every = list(dict.fromkeys(name for names in paths for name in names))
    way = "always" if len(paths) == 1 else "mixed"
    if len(paths) == 2 and () in paths:
        way = "all-or-none"
    names = every if way == "mixed" else longest
    in_path = tuple(declared.get(name) or Parameter(name, "path", "str") for name in names)

    def at(location: ParameterIn) -> tuple[Parameter, ...]:
        return _merged(endpoints, location)

    return Request(
        in_path, way, at("query"), at("header"), at("cookie"), at("body"), at("form"), at("file")
    )


def apart(parameters: Sequence[Parameter]) -> list[tuple[Parameter, ...]]:
    """Parameters of one place in as few groups as there are some of one name on the wire, which no
    struct could both read: see `clashes.py`."""
    groups: list[dict[str, Parameter]] = [{}]
    for one in parameters:
        wire = one.alias or one.name
        group = next((each for each in groups if wire not in each), None)
        if group is None:
            groups.append(group := {})
        group[wire] = one
    return [tuple(one.values()) for one in groups]


def path_names(path: str) -> tuple[str, ...]:
    """The names of a FastAPI path's parameters, in order."""
    return tuple(match["name"] for match in _PLACEHOLDER.finditer(path))


def _merged(endpoints: Sequence[Endpoint], location: ParameterIn) -> tuple[Parameter, ...]:
    """The parameters of one place over all routes; one that a route does without is optional."""
    found: dict[str, Parameter] = {}
    count: dict[str, int] = {}
    for endpoint in endpoints:
        seen: set[str] = set()
        for one in endpoint.signature.parameters:
            if one.location == location and one.name not in seen:
                seen.add(one.name)
                found.setdefault(one.name, one)
                count[one.name] = count.get(one.name, 0) + 1
    return tuple(
        one if count[name] == len(endpoints) or not one.required
        else replace(one, required=False, default="None")
        for name, one in found.items()
    )  # fmt: skip
