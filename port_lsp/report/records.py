"""What `export` prints, as records: the JSON and its schema come from the same place.

A change here is a change of `Export.version`. Lines and columns are 1-based, columns count
Unicode code points; every `file` is relative to its side's root, with `/`.
"""

from typing import Literal

import msgspec

from port_lsp.facts.items import EndpointKind, GuardLevel, ModelKind, ParameterIn
from port_lsp.facts.links import EvidenceKind, Presence, Severity, SideName

VERSION = 1


class Row(msgspec.Struct, frozen=True, gc=False):
    """What every record of the export is."""


class FileLine(Row, frozen=True):
    """A line of a file."""

    file: str
    line: int


class Position(Row, frozen=True):
    """A place in a file."""

    line: int
    column: int


class Constraint(Row, frozen=True):
    """One keyword of a declaration, its value as written."""

    name: str
    value: str


class Parameter(Row, frozen=True):
    """One thing that a request carries; annotation and default as written."""

    name: str
    location: ParameterIn = msgspec.field(name="in")
    annotation: str | None
    required: bool
    default: str | None
    alias: str | None
    constraints: tuple[Constraint, ...]


class Guard(Row, frozen=True):
    """Who may call an endpoint; each line of the evidence is one step of why."""

    level: GuardLevel
    name: str | None
    evidence: tuple[str, ...]


class Endpoint(Row, frozen=True):
    """A resolved route. `line` is that of the handler, `registered` of the decorator or call."""

    id: str
    kind: EndpointKind
    method: str
    path: str
    handler: str
    file: str
    line: int
    registered: FileLine
    conditional: str | None
    parameters: tuple[Parameter, ...]
    dependencies: tuple[str, ...]
    guard: Guard
    body_models: tuple[str, ...]
    response_model: str | None
    status_code: int | None


class CrateEndpoint(Endpoint, frozen=True):
    """A route of the crate; `middleware` from the outermost to the innermost."""

    reachable: bool
    unreachable_reason: str | None
    middleware: tuple[str, ...]


class UnmountedEndpoint(CrateEndpoint, frozen=True):
    """A registration that nothing mounts; `root` is the function that should be mounted."""

    root: str


class Field(Row, frozen=True):
    """One field, column or member, inherited ones too."""

    name: str
    annotation: str | None
    required: bool
    default: str | None
    alias: str | None
    column: str | None
    line: int


class Model(Row, frozen=True):
    """A type that carries data; the fields of `bases_outside_tree` aren't guessed."""

    id: str
    kind: ModelKind
    name: str
    file: str
    line: int
    bases_outside_tree: tuple[str, ...]
    fields: tuple[Field, ...]


class Event(Row, frozen=True):
    """A Socket.IO event, handled by or emitted in `handler`."""

    id: str
    event: str
    direction: Literal["handled", "emitted"]
    handler: str
    namespace: str | None
    file: str
    line: int


class Function(Row, frozen=True):
    """A function or method; `instances` are the names of its class's instances."""

    id: str
    name: str
    owner: str | None
    instances: tuple[str, ...]
    parameters: tuple[str, ...]
    public: bool
    file: str
    line: int


class Mount(Row, frozen=True):
    """An application of another kind that is mounted: static files, another server."""

    path: str
    target: str
    conditional: str | None
    file: str
    line: int


class Unresolved(Row, frozen=True):
    """A place where something is registered that can't be read statically."""

    file: str
    line: int
    construct: str
    reason: str
    known: str


class Backend(Row, frozen=True):
    """The Python side; `root` is absolute."""

    root: str
    endpoints: tuple[Endpoint, ...]
    models: tuple[Model, ...]
    events: tuple[Event, ...]
    functions: tuple[Function, ...]
    mounts: tuple[Mount, ...]
    unresolved: tuple[Unresolved, ...]


class Crate(Row, frozen=True):
    """The Rust side; `root` is absolute."""

    root: str
    framework: str | None
    framework_version: str | None
    endpoints: tuple[CrateEndpoint, ...]
    unmounted: tuple[UnmountedEndpoint, ...]
    models: tuple[Model, ...]
    events: tuple[Event, ...]
    functions: tuple[Function, ...]
    unresolved: tuple[Unresolved, ...]


class Evidence(Row, frozen=True):
    """One reason for a link and its share of the confidence."""

    kind: EvidenceKind
    detail: str
    weight: float


class Candidate(Row, frozen=True):
    """A counterpart that might be meant."""

    crate: str
    confidence: float
    evidence: tuple[Evidence, ...]


class Link(Row, frozen=True):
    """A backend item and its counterpart, by their ids; `backend` is null for a rust-only item."""

    backend: str | None
    crate: str | None
    also: tuple[str, ...]
    presence: Presence
    drift: tuple[str, ...]
    confidence: float
    evidence: tuple[Evidence, ...]
    candidates: tuple[Candidate, ...]


class Links(Row, frozen=True):
    """One row per backend item of each kind, then the rust-only rows."""

    endpoints: tuple[Link, ...]
    models: tuple[Link, ...]
    events: tuple[Link, ...]
    functions: tuple[Link, ...]


class Related(Row, frozen=True):
    """Another place that a finding speaks of."""

    side: SideName
    file: str
    start: Position
    end: Position
    message: str


class Finding(Row, frozen=True):
    """What a rule has to say about a place."""

    rule: str
    severity: Severity
    side: SideName
    file: str
    start: Position
    end: Position
    message: str
    related: tuple[Related, ...]


class Export(Row, frozen=True):
    """Everything that port-lsp knows of a backend and its port."""

    version: Literal[1]
    backend: Backend
    crate: Crate | None
    links: Links
    findings: tuple[Finding, ...]
