"""The reader is the writer's oracle: what was written is read again and must say what was planned,
and everything else must say what it said before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from port_lsp.facts.items import Endpoint, Model, Side
from port_lsp.facts.source import Record, SourceFile
from port_lsp.rust.grammar import errors_in
from port_lsp.rust.outline import BROKEN
from port_lsp.writing.workshop import FileChange, Workshop

_HALF = re.compile("[\ud800-\udfff]")

_Said: TypeAlias = "tuple[str, tuple[tuple[str, str | None, str | None], ...], tuple[str, ...]]"


class ChangedModel(Record, frozen=True):
    """A model (item key) with what becomes another: new fields and others' new names, as field and
    name on the wire."""

    key: str
    added: tuple[tuple[str, str], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


class Planned(Record, frozen=True):
    """What a change must lead to: reachable endpoints (method, full path, handler's item key),
    models and functions by their item keys, events (name, namespace, handler's item key).
    `layers` are functions whose layers go around routers that are there. `changed` are models that
    are there and get these fields or names, and nothing else."""

    endpoints: tuple[tuple[str, str, str], ...] = ()
    models: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    events: tuple[tuple[str, str | None, str], ...] = ()
    layers: tuple[str, ...] = ()
    changed: tuple[ChangedModel, ...] = ()


def problems(workshop: Workshop, changes: Iterable[FileChange], planned: Planned) -> list[str]:
    """Why a change must not be made, a line each; nothing where it may."""
    listed = tuple(changes)
    if any(_HALF.search(one.after) for one in listed):
        return ["a text of it has half of a pair of UTF-16's, which none of Rust's has"]
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
        # Where a file is broken already, what is put behind a block without its end is part of it.
        known = was is not None and _broken(was)
        if known and errors_in((change.before or "").encode()) < errors_in(change.after.encode()):
            yield f"{change.path}: its syntax errors would become more"


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
    for of_kind, keys in ((side.models, planned.models), (side.functions, planned.functions)):
        asked = set(keys)
        count = Counter(one.key for one in of_kind if one.key in asked)
        yield from (f"{key} would be there twice" for key in dict.fromkeys(keys) if count[key] > 1)
    events = {(one.event, one.namespace, one.key) for one in side.events}
    for event in planned.events:
        if event not in events:
            yield f"the event {event[0]} isn't handled by {event[2]}"


def _others(before: Side, after: Side, planned: Planned) -> Iterable[str]:
    """What is another than before without being planned."""
    ours = set(planned.endpoints)
    was = Counter(map(_said_of_endpoint, before.endpoints))
    now = Counter(_said_of_endpoint(one, planned.layers) for one in after.endpoints)
    # A route of ours may be there before and stay, as one that nothing reaches does.
    lost = (said for said in was if was[said] > now[said])
    yield from (f"{said[0]} {said[1]} would change" for said in lost if said[:3] not in ours)
    # What is mounted one way or another by a condition comes twice: once as planned.
    handlers = {(method, key) for method, _, key in planned.endpoints}
    ours |= {
        (one.method, one.path, one.key)
        for one in after.endpoints
        if one.conditional and (one.method, one.key) in handlers
    }
    new = (said for said in now if now[said] > was[said])
    yield from (f"{said[0]} {said[1]} would be new" for said in new if said[:3] not in ours)
    yield from _models(before, after, planned)
    functions = {one.key for one in after.functions}
    gone = dict.fromkeys(one.key for one in before.functions if one.key not in functions)
    yield from (f"{key} would be lost" for key in gone)
    events = {(one.id, one.namespace) for one in after.events}
    yield from (
        f"the event {one.event} would be lost"
        for one in before.events
        if (one.id, one.namespace) not in events
    )


def _models(before: Side, after: Side, planned: Planned) -> Iterable[str]:
    """The models that aren't what they were, or not what they were to become."""
    models = {one.key: one for one in after.models}
    changed = {one.key: one for one in planned.changed}
    for model in before.models:
        now = models.get(model.key)
        if now == model and model.key not in changed:
            continue
        if model.key in planned.models and model.key not in changed:
            continue
        plan = changed.get(model.key)
        if plan is None and model.kind == "alias":  # another name for one that is changed
            plan = next((changed[base] for base in model.bases if base in changed), None)
        if now is None or _said_of_model(now) != _with(_said_of_model(model), plan, now):
            if plan is None:
                yield f"{model.key} would change"
            else:
                names = (*plan.added, *plan.renamed)
                yield f"{model.key} wouldn't get just {', '.join(name for name, _ in names)}"


def _with(said: _Said, plan: ChangedModel | None, now: Model) -> _Said:
    """What is said of a model once it is changed as planned; where and as what new fields stand is
    taken from how it is now."""
    if plan is None:
        return said
    kind, fields, derives = said
    renamed, added = dict(plan.renamed), dict(plan.added)
    kept = iter(
        (name, annotation, _alias(name, renamed[name]) if name in renamed else alias)
        for name, annotation, alias in fields
    )
    found: list[tuple[str, str | None, str | None]] = []
    for field in now.fields:
        bare = field.name.removeprefix("r#")
        if bare in added:
            found.append((field.name, field.annotation, _alias(field.name, added.pop(bare))))
        elif (next_one := next(kept, None)) is not None:
            found.append(next_one)
    lost = tuple((name, None, _alias(name, wire)) for name, wire in added.items())
    return kind, (*found, *kept, *lost), derives


def _alias(name: str, wire: str) -> str | None:
    return wire if wire != name else None


def _said_of_endpoint(
    one: Endpoint, layers: tuple[str, ...] = ()
) -> tuple[str, str, str, bool, tuple[str, ...]]:
    if not layers:
        return one.method, one.path, one.key, one.reachable, one.middleware
    before = tuple(
        name for name in one.middleware if name.partition("(")[0].rpartition("::")[2] not in layers
    )
    return one.method, one.path, one.key, one.reachable, before


def _said_of_model(one: Model) -> _Said:
    fields = tuple((field.name, field.annotation, field.alias) for field in one.fields)
    return one.kind, fields, one.derives
