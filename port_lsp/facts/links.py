"""Links between a backend's items and a crate's, and the findings that the rules make of them."""

from typing import Literal

from port_lsp.facts.source import Place, Record

EvidenceKind = Literal[
    "pin",
    "path",
    "path-near",
    "method",
    "handler-name",
    "file",
    "body-type",
    "response-type",
    "fields",
    "linked-by",
    "inline-json",
]
Presence = Literal["ported", "stub", "unported", "ignored", "rust-only"]
Severity = Literal["error", "warning", "information", "hint"]
SideName = Literal["backend", "crate"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information", "hint")


class Evidence(Record, frozen=True):
    """One reason for a link; `weight` is its share of the confidence."""

    kind: EvidenceKind
    detail: str
    weight: float


class Candidate(Record, frozen=True):
    """A counterpart that might be meant: its id and how much speaks for it, 0 to 1."""

    crate: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


class Link(Record, frozen=True):
    """One backend item and its counterpart, or one crate item that has none (`backend` is None).

    `backend`, `crate` and `also` are ids: an endpoint's or event's id, a model's or function's
    item key. `drift` lists the rules that found a difference a client would notice. `sign` says
    why a stub is a stub; `reason` why an item is ignored.
    """

    backend: str | None
    crate: str | None
    presence: Presence
    also: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    sign: str | None = None
    reason: str | None = None

    @property
    def word(self) -> str:
        """The one word for display, strongest first (contract.md, "Links")."""
        return "drifted" if self.presence == "ported" and self.drift else self.presence


class Links(Record, frozen=True):
    """Exactly one row per backend item of each kind, then the rust-only rows."""

    endpoints: tuple[Link, ...] = ()
    models: tuple[Link, ...] = ()
    events: tuple[Link, ...] = ()
    functions: tuple[Link, ...] = ()


class Related(Record, frozen=True):
    """Another place that a finding speaks of."""

    side: SideName
    place: Place
    message: str


class Finding(Record, frozen=True):
    """A diagnostic in editor-neutral form. `item` is the id or key of what it is about."""

    rule: str
    severity: Severity
    side: SideName
    place: Place
    message: str
    item: str
    related: tuple[Related, ...] = ()
