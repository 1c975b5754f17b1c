"""What a body shows, as records."""

from port_lsp.facts.source import Record


class Check(Record, frozen=True):
    """A comparison that decides who may go on: the values it names, and its text as written.

    `names` are what else it compares with, dotted names as written: constants, members of an
    Enum, what a factory or `__init__` was given.
    """

    level: str
    values: tuple[str, ...]
    text: str
    names: tuple[str, ...] = ()


class BodyFacts(Record, frozen=True):
    """What a body shows: kinds of answer, checks, whether it denies, whether it reads a
    credential by hand, and which classes it returns objects of (dotted names as written).

    `lets` says that who has no credential gets past, `insists` that nobody without one does,
    `lenient` that it asks for a scheme that doesn't deny by itself.
    """

    kinds: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    denies: bool = False
    credential: bool = False
    returns: tuple[str, ...] = ()
    lets: bool = False
    insists: bool = False
    lenient: bool = False


class Hop(Record, frozen=True):
    """One callable on the way to a handler: `name` is the way down to it (`a → b`), "" for the
    handler itself. `schemes` are the security schemes that it is one of; a `lenient` one lets
    requests without credentials through."""

    name: str
    facts: BodyFacts = BodyFacts()
    schemes: tuple[str, ...] = ()
    lenient: bool = False
