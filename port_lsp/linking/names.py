"""How alike two names are.

Both sides name the same thing in their own way (`read_users`, `listUsers`, `users::index`), so
names are compared as words: singular, lower case, verbs of one meaning as one verb.
"""

import re
from functools import lru_cache

from port_lsp.facts.source import Record

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+")


def word_set(listed: str) -> frozenset[str]:
    """The words of a list written as one text."""
    return frozenset(listed.split())


# Words that say nothing about what a function does.
_NOISE = word_set(
    "by of for the a an to from with in on and or is as at new my current session via "
    "handler endpoint route api async fn func impl do"
)
# Verbs that ports exchange freely. Only verbs of data and HTTP, none of any domain.
_VERBS = {
    verb: meaning
    for meaning, verbs in {
        "get": "get read fetch list show retrieve load find index view lookup query",
        "create": "create add insert make store register generate build",
        "update": "update edit modify patch set change save replace",
        "delete": "delete remove destroy drop clear erase",
        "check": "check verify validate",
        "run": "run start launch execute",
        "download": "download export",
        "send": "send publish emit",
        "upload": "upload",
        "import": "import",
        "search": "search",
        "reset": "reset",
        "copy": "copy clone duplicate",
        "login": "login signin authenticate",
        "logout": "logout signout",
    }.items()
    for verb in verbs.split()
}
_COMPOUNDS = {
    ("sign", "in"): "login",
    ("log", "in"): "login",
    ("sign", "out"): "logout",
    ("log", "out"): "logout",
    ("sign", "up"): "signup",
}
# Nouns that nearly every name could have.
_LIGHT = {"id": 0.2, "uuid": 0.2, "all": 0.3, "data": 0.4, "info": 0.4}
_MANY = frozenset({"all", "list", "index"})
_METHODS = frozenset({"post", "put"})  # handlers may be named by what the route says anyway
_CONTRARY = frozenset({"get", "create", "update", "delete", "login", "logout"})
_NOTHING: frozenset[str] = frozenset()
_GIVEN = 0.3  # the weight of a noun that both places say anyway
_ONE_OR_MANY = 0.75  # how alike reading one thing is to reading all of them
_OTHER_VERB = 0.45  # how alike two verbs are that neither mean nor exclude each other
_CONTEXT = 0.7  # what a word is worth that one side has in its name, the other in file or path
_ONLY_VERBS = 0.5  # how alike two equal names are that consist of a verb alone
_SHORTEST_STEM = 4  # letters from which on a word may stand for one derived from it
_ENDINGS = word_set(
    "d r ed er or ing ion tion ation ization uration orization entication ment al ic able"
)
_JOINED = 0.97  # two names that differ in case and underscores alone


@lru_cache(maxsize=16384)
def singular(word: str) -> str:
    """A word without its plural's ending. Both sides go through it, so it need not be English."""
    if len(word) <= 2 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


@lru_cache(maxsize=16384)
def words(name: str) -> tuple[str, ...]:
    """The words of an identifier or a path's segment in order, singular and in lower case."""
    return tuple(singular(word.lower()) for word in _WORD.findall(name))


class Phrase(Record, frozen=True):
    """What a function's name says: what it does ("" where it doesn't say), and to what.

    `many` is whether it speaks of several (`get_users`, `list`), by which reading one thing is told
    from reading all of them.
    """

    verb: str
    nouns: frozenset[str]
    many: bool = False


@lru_cache(maxsize=16384)
def phrase(name: str) -> Phrase:
    """Reads a function's name; a closure's says nothing. A verb stands first or last."""
    if name.startswith("<"):
        return Phrase("", frozenset())
    raw = [word.lower() for word in _WORD.findall(name)]
    many = any(word in _MANY or (word != singular(word) and len(word) > 3) for word in raw)
    parts = _joined(words(name))
    if len(parts) > 1 and parts[0] in _METHODS:
        del parts[0]
    verb = ""
    for at in (0, -1):
        if parts and (meaning := _VERBS.get(parts[at])):
            verb = meaning
            del parts[at]
            break
    return Phrase(verb, frozenset(parts), many)


def _joined(parts: tuple[str, ...]) -> list[str]:
    out: list[str] = []
    for word in parts:
        if out and (compound := _COMPOUNDS.get((out[-1], word))):
            out[-1] = compound
        else:
            out.append(word)
    return [word for word in out if word not in _NOISE]


def alike(one: str, other: str) -> bool:
    """Whether two words are the same or one comes from the other (`auth`, `authentication`)."""
    if one == other:
        return True
    short, long = (one, other) if len(one) < len(other) else (other, one)
    stem = len(short) >= _SHORTEST_STEM and long.startswith(short)
    return stem and long[len(short) :] in _ENDINGS


@lru_cache(maxsize=65536)
def likeness(
    one: str,
    other: str,
    around_one: frozenset[str],
    around_other: frozenset[str],
    given: frozenset[str] = _NOTHING,
) -> float:
    """How much two functions' names say the same, 0 to 1.

    `around_…` are the words that the place says anyway (its file and path): `users.rs` may well
    call `list` what the backend calls `get_users`. `given` are words that both files are about:
    `chat` in two files of chats tells no two handlers apart.
    """
    if one == other:
        return 0.0 if one.startswith("<") else 1.0
    if _bare(one) == _bare(other):
        return _JOINED
    left, right = phrase(one), phrase(other)
    if not (left.nouns or right.nouns):
        return _ONLY_VERBS * _verbs(left.verb, right.verb) if left.verb or right.verb else 0.0
    matched, total = _matched(left.nouns, right.nouns, around_other, given)
    other_matched, other_total = _matched(right.nouns, left.nouns, around_one, given)
    reading = left.verb == right.verb == "get"
    number = _ONE_OR_MANY if reading and left.many != right.many else 1.0
    verbs = _verbs(left.verb, right.verb)
    return (matched + other_matched) / (total + other_total) * verbs * number


def _bare(name: str) -> str:
    """A name without case and separators."""
    return name.replace("_", "").lower()


def _matched(
    nouns: frozenset[str], others: frozenset[str], around: frozenset[str], given: frozenset[str]
) -> tuple[float, float]:
    """The weight of the nouns that the other side has too, and of all of them."""
    matched = total = 0.0
    for noun in nouns:
        weight = _GIVEN if noun in given else _LIGHT.get(noun, 1.0)
        total += weight
        if noun in others or any(alike(noun, word) for word in others):
            matched += weight
        elif noun in around:
            matched += weight * _CONTEXT
    return matched, total


def _verbs(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if not one or not other:
        return 0.9
    return 0.3 if one in _CONTRARY and other in _CONTRARY else _OTHER_VERB


@lru_cache(maxsize=16384)
def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets of words, stems counted as equal; 0 where one is empty."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    hits = sum(any(alike(word, peer) for peer in other) for word in one)
    peers = sum(any(alike(word, peer) for peer in one) for word in other)
    return (hits + peers) / (len(one) + len(other))
