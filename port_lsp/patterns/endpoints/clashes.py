"""Parameters of a handler and of what it depends on that have one name and yet aren't one.

FastAPI reads each of the request by its own declaration, though it lists one of them alone in its
OpenAPI document (`fastapi/dependencies/utils.py`, `solve_dependencies`). Those that are declared
alike are one here; any other gets a name of its own, under which the dependency is called with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from port_lsp.facts.items import Endpoint, Parameter
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.requests import path_names
from port_lsp.patterns.names import distinct
from port_lsp.types.depended import Dependency

Names = Mapping[tuple[str, str], Mapping[str, str]]
NO_NAMES: Names = {}
_SEVERAL = ("query", "header", "cookie")
"""Where a request can be read more than once: a path and a body are read as a whole."""


class Parted(Record, frozen=True):
    """An endpoint with one parameter for each declaration, and how those of dependencies are called
    there, by the dependency's name and parameter and by its own name. One that can't be read beside
    the other has none."""

    endpoint: Endpoint
    names: Names


def parted(desk: Desk, endpoint: Endpoint, every: Iterable[Dependency]) -> Parted:
    """Of an endpoint and those of its dependencies that no extractor of the crate's stands for."""
    own = [_in_path(one, endpoint) for one in desk.backend.declared(endpoint.id)]
    file = endpoint.key.partition("::")[0]
    known = [*own]
    taken = {one.name for one in (*own, *endpoint.signature.parameters)}
    names: dict[tuple[str, str], dict[str, str]] = {}
    clashing: set[tuple[str, str]] = set()
    for of in every:
        called = names.setdefault((of.name, of.param), {})
        for one in (_in_path(one, endpoint) for one in of.parameters):
            same = next((other for other in known if _alike(desk, file, one, other)), None)
            if same is not None:
                called[one.name] = same.name
                continue
            others = [each for each in known if each.name == one.name or _wire(each) == _wire(one)]
            if not others:
                known.append(one)
                called[one.name] = one.name
                continue
            clashing |= {_wire(each) for each in (one, *others)}
            if one.location in _SEVERAL or _wire(one) not in map(_wire, others):
                name = distinct(f"{of.param or of.name}_{one.name}", taken)
                known.append(replace(one, name=name, alias=_wire(one)[1]))
                called[one.name] = name
            else:
                called[one.name] = ""
    if not clashing:
        return Parted(endpoint, names)
    parameters = endpoint.signature.parameters
    left = [one for one in parameters if _wire(one) not in clashing]
    whole = (*(one for one in known if _wire(one) in clashing), *left)
    return Parted(replace(endpoint, signature=replace(endpoint.signature, parameters=whole)), names)


def _wire(one: Parameter) -> tuple[str, str]:
    """By what a request is asked for a parameter."""
    return one.location, one.alias or one.name


def _in_path(one: Parameter, endpoint: Endpoint) -> Parameter:
    """A dependency's own reading doesn't know the path of who depends on it."""
    return replace(one, location="path") if one.name in path_names(endpoint.path) else one


def _alike(desk: Desk, file: str, one: Parameter, other: Parameter) -> bool:
    """Whether two parameters are asked for by one name, and mean the same."""
    if _wire(one) != _wire(other):
        return False
    schemas = [desk.backend.parameter(file, each) for each in (one, other)]
    # What only Python knows may be another in another module.
    known = all(each.default.kind != "expression" for each in schemas)
    bare = [replace(each, name="", owner="" if known else each.owner) for each in schemas]
    return bare[0] == bare[1]
