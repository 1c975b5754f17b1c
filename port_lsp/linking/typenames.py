"""How alike the names of two data types are.

Most of a type's name says its part (`UserForm`, `CreateUserRequest`, `UserIn`), and the two sides
have different words for one part. So the part is kept apart from the subject.
"""

from functools import lru_cache
from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.linking.names import alike, word_set, words

Part = Literal["", "in", "out", "row"]

_BY_PART: dict[Part, str] = {
    "in": "form request req input in param command post put",
    "out": "response resp out output read public result reply answer view detail",
    "row": "row entity record table db orm",
}
_PARTS: dict[str, Part] = {
    word: part for part, listed in _BY_PART.items() for word in word_set(listed)
}
_VERBS = {
    word: verb
    for verb, names in {
        "create": "create new add insert register",
        "update": "update edit patch put set change",
        "delete": "delete remove",
        "query": "query search filter",
    }.items()
    for word in names.split()
}
_EMPTY = word_set("model schema dto data type base struct object item entry body payload")


class TypeName(Record, frozen=True):
    """A type's name taken apart: its subject, what part it plays, and what is done with it."""

    subject: frozenset[str]
    part: Part
    verb: str


@lru_cache(maxsize=16384)
def says_nothing(name: str) -> bool:
    """Whether a type's name is nothing but its part: `Model`, `Response`, `CreateRequest`."""
    return all(word in _VERBS or word in _PARTS or word in _EMPTY for word in words(name))


@lru_cache(maxsize=16384)
def type_name(name: str) -> TypeName:
    """Takes a type's bare name apart."""
    parts = words(name)
    part: Part = ""
    verb = ""
    rest: list[str] = []
    for word in parts:
        if word in _VERBS:
            verb = _VERBS[word]
            part = part or "in"
        elif word in _PARTS:
            part = _PARTS[word]
        elif word not in _EMPTY:
            rest.append(word)
    return TypeName(frozenset(rest or parts), part, verb)


@lru_cache(maxsize=65536)
def alike_names(one: str, other: str) -> float:
    """How much two types' bare names say the same, 0 to 1."""
    if one == other:
        return 1.0
    left, right = type_name(one), type_name(other)
    hits = sum(any(alike(w, p) for p in right.subject) for w in left.subject)
    peers = sum(any(alike(w, p) for p in left.subject) for w in right.subject)
    shared = (hits + peers) / (len(left.subject) + len(right.subject))
    if left.part != right.part:
        shared *= 0.6 if left.part and right.part else 0.85
    if left.verb != right.verb:
        shared *= 0.7 if left.verb and right.verb else 0.9
    return shared * 0.97


@lru_cache(maxsize=16384)
def alike_types(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """The best likeness between two lists of item keys; 0 where either is empty."""
    if not one or not other:
        return 0.0
    return max(
        alike_names(left.rpartition("::")[2], right.rpartition("::")[2])
        for left in one
        for right in other
    )
