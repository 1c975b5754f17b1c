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
    "in": "form request req input param command post put",
    "out": "response resp output read public result reply answer view detail",
    "row": "row entity record table db orm",
}
_PARTS: dict[str, Part] = {
    word: part for part, listed in _BY_PART.items() for word in word_set(listed)
}
_VERBS = {
    word: verb
    for verb, names in {
        "create": "create new add insert register signup",
        "update": "update edit patch put set change",
        "delete": "delete remove",
        "query": "query search filter",
    }.items()
    for word in names.split()
}
_EMPTY = word_set(
    "model schema dto data type base struct object item entry body payload inner outer wrapper "
    "envelope single one of for with by and the to"
)
_OF_HTTP = word_set("request req param query body payload handler")
_LAST: dict[str, Part] = {"in": "in", "out": "out"}  # elsewhere in a name they are prepositions
_SYNONYMS = {"signin": "login", "multiple": "list", "many": "list", "all": "list", "page": "list"}
_COMPOUNDS = {("sign", "in"): "login", ("log", "in"): "login", ("sign", "up"): "signup"}


# What is left of the likeness of two names …
_OTHER_PART = 0.6  # … that say different parts
_NO_PART = 0.85  # … of which one says no part
_OTHER_VERB = 0.7  # … that say that different things are done
_NO_VERB = 0.85  # … of which one doesn't say what is done
_ALIKE = 0.97  # … that say all the same in other words


class TypeName(Record, frozen=True):
    """A type's name taken apart: its subject, what part it plays, and what is done with it."""

    subject: frozenset[str]
    part: Part
    verb: str


@lru_cache(maxsize=16384)
def says_nothing(name: str) -> bool:
    """Whether a type's name is nothing but its part: `Model`, `Response`, `CreateRequest`."""
    parts, _ = _parts(name)
    return not _is_about_posts(parts) and all(map(_says_no_subject, parts))


def _says_no_subject(word: str) -> bool:
    return word in _VERBS or word in _PARTS or word in _EMPTY


def _is_about_posts(parts: list[str]) -> bool:
    """Whether `post` is what a type is about (`PostOut`) and not a method (`PostRequest`)."""
    return "post" in parts and _OF_HTTP.isdisjoint(parts) and all(map(_says_no_subject, parts))


def _parts(name: str) -> tuple[list[str], Part]:
    """The words of a type's name in the words that both sides share, and the part it ends with."""
    found: list[str] = []
    for word in words(name):
        if found and (compound := _COMPOUNDS.get((found[-1], word))):
            found[-1] = compound
        else:
            found.append(_SYNONYMS.get(word, word))
    last = _LAST.get(found[-1], "") if len(found) > 1 else ""
    if last:
        found.pop()
    return [word for word in found if word not in _LAST], last


@lru_cache(maxsize=16384)
def type_name(name: str) -> TypeName:
    """Takes a type's bare name apart."""
    parts, part = _parts(name)
    verb = ""
    rest: list[str] = []
    about_posts = _is_about_posts(parts)
    for word in parts:
        if about_posts and word == "post":
            rest.append(word)
        elif word in _VERBS:
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
    if one == other or words(one) == words(other):
        return 1.0
    left, right = type_name(one), type_name(other)
    hits = sum(any(alike(w, p) for p in right.subject) for w in left.subject)
    peers = sum(any(alike(w, p) for p in left.subject) for w in right.subject)
    shared = (hits + peers) / (len(left.subject) + len(right.subject))
    if left.part != right.part:
        shared *= _OTHER_PART if left.part and right.part else _NO_PART
    if left.verb != right.verb:
        shared *= _OTHER_VERB if left.verb and right.verb else _NO_VERB
    return shared * _ALIKE


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
