"""FastAPI's dependant: what a callable asks for, and what its dependencies add to that.

Rules: `fastapi/dependencies/utils.py` (`get_flat_dependant`), `fastapi/openapi/utils.py`.
"""

from __future__ import annotations

import re

import msgspec

from port_lsp.facts.items import Parameter
from port_lsp.facts.source import Record
from port_lsp.python.bodyfacts import Hop

_PLACEHOLDER = re.compile(r"\{(\w+)(?::[^}]*)?\}")


class Dependant(Record, frozen=True):
    """One callable as FastAPI sees it, with all that its dependencies add.

    `direct` and `below` are dependencies' names, `below` in FastAPI's order, each before its own.
    `credentials` are security schemes reached, `uses` what FastAPI hands in
    (`own_uses` to the callable itself), `chain` for each
    dependency what it shows (checks, answers, schemes), outermost first.
    """

    parameters: tuple[Parameter, ...] = ()
    direct: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    own_uses: tuple[str, ...] = ()
    chain: tuple[Hop, ...] = ()


class Collected:
    """A dependant while its parameters are looked at."""

    def __init__(self) -> None:
        self.parameters: list[Parameter] = []
        self.models: list[str] = []
        self.uses: list[str] = []
        self.dependencies: list[tuple[str, Dependant]] = []
        self.scopes: list[str] = []


def placeholders(path: str) -> frozenset[str]:
    """The names in braces of a FastAPI path."""
    return frozenset(_PLACEHOLDER.findall(path))


def finished(out: Collected, own: Hop) -> Dependant:
    """The dependant of what was collected; `own` is what the callable itself shows."""
    subs = [sub for _, sub in out.dependencies]
    below: list[str] = []
    chain = [own]
    for name, sub in out.dependencies:
        below += [name, *sub.below]
        chain += _below(name, sub)
    return Dependant(
        (*out.parameters, *(p for sub in subs for p in sub.parameters)),
        tuple(name for name, _ in out.dependencies),
        tuple(below),
        _distinct([*out.models, *(m for sub in subs for m in sub.models)]),
        _distinct([*own.schemes, *(c for sub in subs for c in sub.credentials)]),
        _distinct([*out.scopes, *(s for sub in subs for s in sub.scopes)]),
        _distinct([*out.uses, *(u for sub in subs for u in sub.uses)]),
        tuple(out.uses),
        tuple(chain),
    )


def merged(own: Dependant, before: list[tuple[str, Dependant]]) -> Dependant:
    """An endpoint's dependant with those of routers, includes and decorators put before its own."""
    subs = [sub for _, sub in before]
    return Dependant(
        (*own.parameters, *(p for sub in subs for p in sub.parameters)),
        (*(name for name, _ in before), *own.direct),
        (*(n for name, sub in before for n in (name, *sub.below)), *own.below),
        _distinct([*own.models, *(m for sub in subs for m in sub.models)]),
        _distinct([*(c for sub in subs for c in sub.credentials), *own.credentials]),
        _distinct([*(s for sub in subs for s in sub.scopes), *own.scopes]),
        _distinct([*own.uses, *(u for sub in subs for u in sub.uses)]),
        own.own_uses,
        (
            *(hop for name, sub in before for hop in _below(name, sub)),
            *own.chain,
        ),
    )


def one_each(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """One parameter per place and wire name: the last, but a required one wins.

    This is what the OpenAPI document lists (`fastapi/openapi/utils.py`, `get_openapi_path`).
    """
    rows: dict[tuple[str, str], Parameter] = {}
    for parameter in parameters:
        key = (parameter.location, parameter.alias or parameter.name)
        if key not in rows or parameter.required or not rows[key].required:
            rows[key] = parameter
    return tuple(rows.values())


def with_scopes(dependant: Dependant, scopes: list[str]) -> Dependant:
    """The same asked for these scopes, too (`Security(…, scopes=…)`)."""
    every = _distinct([*scopes, *dependant.scopes])
    return msgspec.structs.replace(dependant, scopes=every)


def _below(name: str, dependant: Dependant) -> list[Hop]:
    """The way through a dependency of this name."""
    return [
        msgspec.structs.replace(hop, name=f"{name} → {hop.name}" if hop.name else name)
        for hop in dependant.chain
    ]


def _distinct(items: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
