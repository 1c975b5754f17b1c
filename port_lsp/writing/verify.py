"""The reader is the writer's oracle: what was written is read again and must say what was planned,
and everything else must say what it said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from port_lsp.facts.items import Endpoint, Model, Side
from port_lsp.facts.source import Record, SourceFile
from port_lsp.rust.outline import BROKEN
from port_lsp.writing.workshop import FileChange, Workshop


class Planned(Record, frozen=True):
    """What a change must lead to: reachable endpoints (method, full path, handler's item key),
    models and functions by their item keys, events (name, namespace, handler's item key).
    `layers` are functions whose layers go around routers that are there."""

    endpoints: tuple[tuple[str, str, str], ...] = ()
    models: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    events: tuple[tuple[str, str | None, str], ...] = ()
    layers: tuple[str, ...] = ()


def problems(workshop: Workshop, changes: Iterable[FileChange], planned: Planned) -> list[str]:
    """Why a change must not be made, a line each; nothing where it may."""
    listed = tuple(changes)
    side, files, _ = workshop.trial(listed)
    found = [*_syntax(workshop.files, files, listed)]
    found += _missing(side, planned)
    found += _others(workshop.side, side, planned)
    return found


def _syntax(
    before: Mapping[str, SourceFile],
    after: Mapping[str, SourceFile],
    changes: tuple[FileChange, ...],
) -> Iterable[str]:
    for change in changes:
        if change.path not in after:
            continue
        was = before.get(change.path)
        new = _broken(after[change.path]) - (_broken(was) if was is not None else Counter())
        for name in new:
            yield f"{change.path}: a syntax error in {name or 'the text'}"


def _broken(file: SourceFile) -> Counter[str]:
    return Counter(chunk.name for chunk in file.chunks if chunk.kind == BROKEN)


def _missing(side: Side, planned: Planned) -> Iterable[str]:
    there = {(one.method, one.path, one.key): one for one in side.endpoints}
    for route in planned.endpoints:
        endpoint = there.get(route)
        if endpoint is None:
            yield f"{route[0]} {route[1]} isn't registered with {route[2]}"
        elif not endpoint.reachable:
            yield f"{route[0]} {route[1]} can't be reached: {endpoint.unreachable_reason}"
    models = {one.key for one in side.models}
    yield from (f"no model {key}" for key in planned.models if key not in models)
    functions = {one.key for one in side.functions}
    yield from (f"no function {key}" for key in planned.functions if key not in functions)
    events = {(one.event, one.namespace, one.key) for one in side.events}
    for event in planned.events:
        if event not in events:
            yield f"the event {event[0]} isn't handled by {event[2]}"


def _others(before: Side, after: Side, planned: Planned) -> Iterable[str]:
    """What is another than before without being planned."""
    ours = set(planned.endpoints)
    was = Counter(map(_said_of_endpoint, before.endpoints))
    now = Counter(
        _said_of_endpoint(one, planned.layers)
        for one in after.endpoints
        if (one.method, one.path, one.key) not in ours
    )
    planned_before = Counter(
        _said_of_endpoint(one)
        for one in before.endpoints
        if (one.method, one.path, one.key) in ours
    )
    yield from (f"{said[0]} {said[1]} would change" for said in was - planned_before - now)
    yield from (f"{said[0]} {said[1]} would be new" for said in now - was)
    models = {one.key: _said_of_model(one) for one in after.models}
    for model in before.models:
        if model.key not in planned.models and models.get(model.key) != _said_of_model(model):
            yield f"{model.key} would change"
    functions = Counter(one.key for one in after.functions)
    lost = Counter(one.key for one in before.functions) - functions
    yield from (f"{key} would be lost" for key in lost)
    events = {(one.id, one.namespace) for one in after.events}
    yield from (
        f"the event {one.event} would be lost"
        for one in before.events
        if (one.id, one.namespace) not in events
    )


def _said_of_endpoint(
    one: Endpoint, layers: tuple[str, ...] = ()
) -> tuple[str, str, str, bool, tuple[str, ...]]:
    before = tuple(
        name for name in one.middleware if name.partition("(")[0].rpartition("::")[2] not in layers
    )
    return one.method, one.path, one.key, one.reachable, before


def _said_of_model(one: Model) -> tuple[object, ...]:
    fields = tuple((field.name, field.annotation, field.alias) for field in one.fields)
    return one.kind, fields, one.derives
