"""What a body shows, as records."""

from port_lsp.facts.source import Record


class Check(Record, frozen=True):
    """A comparison that decides who may go on: the values it names, and its text as written."""

    level: str
    values: tuple[str, ...]
    text: str


class BodyFacts(Record, frozen=True):
    """What a body shows: kinds of answer, checks, whether it denies, whether it reads a
    credential by hand, and which classes it returns objects of (dotted names as written)."""

    kinds: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    denies: bool = False
    credential: bool = False
    returns: tuple[str, ...] = ()
