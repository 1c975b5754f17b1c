"""The protocol beyond LSP, as records: what clients and the JSON Schema are held against.

Announced under `capabilities.experimental.portLsp` as {version, methods}. Lines and columns are
those of LSP: 0-based, columns in the negotiated encoding.
"""

from enum import Enum
from typing import Literal

import msgspec

from port_lsp.patterns.port import Target

NAME = "port-lsp"
PROTOCOL_VERSION = 1

OPEN_COUNTERPART = "portLsp.openCounterpart"
OPEN_VERDICT = "portLsp.openVerdict"
PORT = "portLsp.port"
REINDEX = "portLsp.reindex"
COMMANDS = (OPEN_COUNTERPART, OPEN_VERDICT, PORT, REINDEX)

REWRITE = "refactor.rewrite.port"
REWRITES = tuple(f"{REWRITE}.{part}" for part in ("endpoint", "model", "function", "file"))


class CustomMethod(str, Enum):
    """The methods that LSP doesn't have."""

    COUNTERPART = "portLsp/counterpart"
    PLAN = "portLsp/plan"
    PREVIEW = "portLsp/preview"
    STATUS = "portLsp/status"
    DID_CHANGE_INDEX = "portLsp/didChangeIndex"


class Message(msgspec.Struct, frozen=True, rename="camel", omit_defaults=False):
    """What every record here is: camelCase in JSON."""


class Position(Message, frozen=True):
    """LSP's Position."""

    line: int
    character: int


class Range(Message, frozen=True):
    """LSP's Range."""

    start: Position
    end: Position


class TextDocument(Message, frozen=True):
    """LSP's TextDocumentIdentifier."""

    uri: str


class CounterpartParams(Message, frozen=True):
    """`portLsp/counterpart`: LSP's TextDocumentPositionParams."""

    text_document: TextDocument
    position: Position


class Counterpart(Message, frozen=True):
    """One place to jump to: LSP's LocationLink with a title.

    `planned` says that nothing is there yet: the place is where the item would go.
    """

    origin_selection_range: Range
    target_uri: str
    target_range: Range
    target_selection_range: Range
    title: str
    planned: bool = False


class Shares(Message, frozen=True):
    """How many items of one kind stand where; `total` leaves out what is ignored."""

    total: int = 0
    ported: int = 0
    drifted: int = 0
    stub: int = 0
    unported: int = 0
    ignored: int = 0
    rust_only: int = 0


class AllShares(Message, frozen=True):
    """The shares per kind of item."""

    endpoints: Shares = Shares()
    models: Shares = Shares()
    events: Shares = Shares()
    functions: Shares = Shares()


class Status(Message, frozen=True):
    """`portLsp/status`. `quiescent`: nothing is under way; `message` is for the user."""

    health: Literal["ok", "warning", "error"]
    quiescent: bool
    message: str
    shares: AllShares = AllShares()


class DidChangeIndex(Message, frozen=True):
    """`portLsp/didChangeIndex`: what views show of these files (URIs) is old."""

    revision: int
    files: tuple[str, ...]


class PlanPlace(Message, frozen=True):
    """A place by name and by URI; `file` relative to its root, `line` 0-based."""

    file: str
    uri: str
    line: int


class PlanItem(Message, frozen=True):
    """One item of the backend: `word` is its one word for display (contract.md, "Links")."""

    id: str
    kind: Literal["endpoint", "model", "event", "function"]
    title: str
    place: PlanPlace
    presence: str
    drift: tuple[str, ...]
    word: str
    counterpart: PlanPlace | None = None


class PlanFile(Message, frozen=True):
    """A file of the backend with its items, in their order. `complexity` and `effort` are a guide's
    own words, "" without one."""

    file: str
    uri: str
    shares: AllShares
    items: tuple[PlanItem, ...]
    complexity: str = ""
    effort: str = ""


class PlanStep(Message, frozen=True):
    """A step of the migration."""

    title: str
    files: tuple[PlanFile, ...]


class Plan(Message, frozen=True):
    """The answer to `portLsp/plan`. `source` is the URI of the guide or plan file that the steps
    are from, "" where they are from what rests on what; `problem` says why a configured one can't
    be followed."""

    revision: int
    steps: tuple[PlanStep, ...]
    source: str = ""
    problem: str = ""


class ItemArgument(Message, frozen=True):
    """What the command `portLsp.openCounterpart` takes where no position is meant: an item's id
    or key, or a file of the backend."""

    item: str


class PreviewParams(Message, frozen=True):
    """`portLsp/preview`: an item by its id or key, or the targets of a code action's data."""

    item: str | None = None
    targets: tuple[Target, ...] = ()


class Preview(Message, frozen=True):
    """One file that would change: `before` is null where it would be made."""

    uri: str
    before: str | None
    after: str
