"""A snapshot as JSON for other tools (contract.md has the decisions, records.py the form)."""

from typing import Any

import msgspec

from port_lsp.facts import items, links
from port_lsp.facts.items import Side
from port_lsp.facts.links import SideName
from port_lsp.index.snapshot import Snapshot
from port_lsp.report import records as r
from port_lsp.report.places import file_line, positions

_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def export_json(snapshot: Snapshot) -> bytes:
    """The export as UTF-8 JSON, indented, with a line end. Raises ValueError without a backend."""
    return msgspec.json.format(msgspec.json.encode(export(snapshot)), indent=1) + b"\n"


def findings_json(snapshot: Snapshot) -> bytes:
    """The findings alone, and what is wrong with configuration and files."""
    found: dict[str, Any] = {
        "version": r.VERSION,
        "findings": [finding(snapshot, one) for one in snapshot.findings],
        "problems": snapshot.problems,
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def schema_json() -> bytes:
    """The JSON Schema of the export."""
    schema: dict[str, Any] = {"$schema": _SCHEMA, **msgspec.json.schema(r.Export)}
    return msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"


def export(snapshot: Snapshot) -> r.Export:
    """The export as a record."""
    backend, root = snapshot.backend, snapshot.root("backend")
    if backend is None or root is None:
        raise ValueError("there is no backend")
    of = snapshot.links
    return r.Export(
        version=r.VERSION,
        backend=_backend(snapshot, backend, root),
        crate=_crate(snapshot),
        links=r.Links(
            endpoints=tuple(map(_link, of.endpoints)),
            models=tuple(map(_link, of.models)),
            events=tuple(map(_link, of.events)),
            functions=tuple(map(_link, of.functions)),
        ),
        findings=tuple(finding(snapshot, one) for one in snapshot.findings),
    )


def _backend(snapshot: Snapshot, side: Side, root: str) -> r.Backend:
    return r.Backend(
        root=root.replace("\\", "/"),
        endpoints=tuple(_endpoint(snapshot, one) for one in side.endpoints),
        models=tuple(_model(snapshot, "backend", one) for one in side.models),
        events=tuple(_event(snapshot, "backend", one) for one in side.events),
        functions=tuple(_function(snapshot, "backend", one) for one in side.functions),
        mounts=tuple(
            r.Mount(
                path=one.path,
                target=one.target,
                conditional=one.conditional,
                file=one.place.file,
                line=snapshot.line("backend", one.place),
            )
            for one in side.mounts
        ),
        unresolved=tuple(_unresolved(snapshot, "backend", one) for one in side.unresolved),
    )


def _crate(snapshot: Snapshot) -> r.Crate | None:
    side, root = snapshot.crate, snapshot.root("crate")
    if root is None:
        return None
    side = side or Side()
    linked = {key for link in snapshot.links.models for key in (link.crate, *link.also)}
    return r.Crate(
        root=root.replace("\\", "/"),
        framework=side.framework,
        framework_version=side.framework_version,
        endpoints=tuple(_crate_endpoint(snapshot, one) for one in side.endpoints),
        unmounted=tuple(_unmounted(snapshot, one) for one in side.unmounted),
        models=tuple(
            _model(snapshot, "crate", one)
            for one in side.models
            if not one.plain or one.key in linked
        ),
        events=tuple(_event(snapshot, "crate", one) for one in side.events),
        functions=tuple(_function(snapshot, "crate", one) for one in side.functions),
        unresolved=tuple(_unresolved(snapshot, "crate", one) for one in side.unresolved),
    )


def _endpoint(snapshot: Snapshot, one: items.Endpoint) -> r.Endpoint:
    return r.Endpoint(**_common(snapshot, "backend", one))


def _crate_endpoint(snapshot: Snapshot, one: items.Endpoint) -> r.CrateEndpoint:
    return r.CrateEndpoint(**_common(snapshot, "crate", one), **_reach(one))


def _unmounted(snapshot: Snapshot, one: items.Unmounted) -> r.UnmountedEndpoint:
    endpoint = one.endpoint
    common = _common(snapshot, "crate", endpoint)
    return r.UnmountedEndpoint(**common, **_reach(endpoint), root=one.root)


def _reach(one: items.Endpoint) -> dict[str, Any]:
    return {
        "reachable": one.reachable,
        "unreachable_reason": one.unreachable_reason,
        "middleware": one.middleware,
    }


def _common(snapshot: Snapshot, side: SideName, one: items.Endpoint) -> dict[str, Any]:
    takes = one.signature
    return {
        "id": one.id,
        "kind": one.kind,
        "method": one.method,
        "path": one.path,
        "handler": one.handler,
        "file": one.place.file,
        "line": snapshot.line(side, one.place),
        "registered": file_line(snapshot, side, one.registered),
        "conditional": one.conditional,
        "parameters": tuple(map(_parameter, takes.parameters)),
        "dependencies": takes.dependencies,
        "guard": r.Guard(takes.guard.level, takes.guard.name, takes.guard.evidence),
        "body_models": takes.body_models,
        "response_model": takes.response_model,
        "status_code": takes.status_code,
    }


def _parameter(one: items.Parameter) -> r.Parameter:
    return r.Parameter(
        name=one.name,
        location=one.location,
        annotation=one.annotation,
        required=one.required,
        default=one.default,
        alias=one.alias,
        constraints=tuple(r.Constraint(c.name, c.value) for c in one.constraints),
    )


def _model(snapshot: Snapshot, side: SideName, one: items.Model) -> r.Model:
    return r.Model(
        id=one.key,
        kind=one.kind,
        name=one.name,
        file=one.place.file,
        line=snapshot.line(side, one.place),
        bases_outside_tree=one.bases_outside_tree,
        fields=tuple(
            r.Field(
                name=field.name,
                annotation=field.annotation,
                required=field.required,
                default=field.default,
                alias=field.alias,
                column=field.column,
                line=snapshot.line(side, field.place),
            )
            for field in one.fields
        ),
    )


def _event(snapshot: Snapshot, side: SideName, one: items.Event) -> r.Event:
    return r.Event(
        id=one.id,
        event=one.event,
        direction=one.direction,
        handler=one.handler,
        namespace=one.namespace,
        file=one.place.file,
        line=snapshot.line(side, one.place),
    )


def _function(snapshot: Snapshot, side: SideName, one: items.Function) -> r.Function:
    return r.Function(
        id=one.key,
        name=one.name,
        owner=one.owner,
        instances=one.instances,
        parameters=one.parameters,
        public=one.public,
        file=one.place.file,
        line=snapshot.line(side, one.place),
    )


def _unresolved(snapshot: Snapshot, side: SideName, one: items.Unresolved) -> r.Unresolved:
    line = snapshot.line(side, one.place)
    return r.Unresolved(one.place.file, line, one.construct, one.reason, one.known)


def _link(one: links.Link) -> r.Link:
    return r.Link(
        backend=one.backend,
        crate=one.crate,
        also=one.also,
        presence=one.presence,
        drift=one.drift,
        confidence=round(one.confidence, 3),
        evidence=_evidence(one.evidence),
        candidates=tuple(
            r.Candidate(c.crate, round(c.confidence, 3), _evidence(c.evidence))
            for c in one.candidates
        ),
    )


def _evidence(every: tuple[links.Evidence, ...]) -> tuple[r.Evidence, ...]:
    return tuple(r.Evidence(e.kind, e.detail, round(e.weight, 3)) for e in every)


def finding(snapshot: Snapshot, one: links.Finding) -> r.Finding:
    """A finding as the export has it."""
    start, end = positions(snapshot, one.side, one.place)
    return r.Finding(
        rule=one.rule,
        severity=one.severity,
        side=one.side,
        file=one.place.file,
        start=start,
        end=end,
        message=one.message,
        related=tuple(_related(snapshot, other) for other in one.related),
    )


def _related(snapshot: Snapshot, one: links.Related) -> r.Related:
    start, end = positions(snapshot, one.side, one.place)
    return r.Related(one.side, one.place.file, start, end, one.message)
