"""How much each kind of evidence counts.

Endpoints. A client knows a method and a path and nothing else, so the path alone makes half of a
link, and with the method it carries one (0.65). What is left (handler, file, types) together
weighs less than the path: names alone never link.

Models. A client sees fields; but half of all models share `id` and `name`, so that a name or a
linked handler must agree with them.
"""

from port_lsp.facts.links import EvidenceKind
from port_lsp.facts.source import Record

LINK = 0.5  # below this confidence it is a candidate, no link
BELOW = 0.49  # the confidence at most of a candidate to which there is an objection
TIE = 0.02  # two candidates nearer than this are a tie, and stay open
CANDIDATES = 3  # how many are kept with an item that has no link
WORTH_SHOWING = 0.2  # a candidate below this confidence helps nobody


class Weights(Record, frozen=True):
    """The share of each kind of evidence in the confidence; `without` leaves kinds out."""

    path: float = 0.5
    method: float = 0.15
    handler: float = 0.15
    file: float = 0.1
    body: float = 0.05
    response: float = 0.05
    model_fields: float = 0.4
    model_name: float = 0.25
    model_linked: float = 0.25
    model_file: float = 0.1
    without: frozenset[EvidenceKind] = frozenset()
