"""How much two items resemble each other where nothing of them is linked: for a person to choose.

What linking doesn't even keep as a candidate (nothing vouches for the pair) may still be what
somebody wrote under another path and name. A resemblance never links.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from port_lsp.facts.items import Endpoint, Event, Function, Model
from port_lsp.linking.files import subject
from port_lsp.linking.names import likeness
from port_lsp.linking.paths import difference, shape
from port_lsp.linking.typenames import alike_names
from port_lsp.linking.weights import CANDIDATES, WORTH_SHOWING, Weights

_WEIGHTS = Weights()
_WHOLE = _WEIGHTS.path + _WEIGHTS.handler  # what can be asked of two endpoints alone
_WORD = re.compile(r"[a-z]{2,}")
_COMMON = frozenset(("api", "id", "get", "list", "create", "update", "delete", "by", "all"))
_OTHER_METHOD = 0.7  # what is left of a resemblance between two methods

Fact = Endpoint | Model | Event | Function
_T = TypeVar("_T")


def resemblance(ours: Fact, theirs: Fact) -> float:
    """From 0 to 1, of two items of one kind: the backend's and the crate's."""
    if isinstance(ours, Endpoint) and isinstance(theirs, Endpoint):
        # Most pairs have no word in common, which costs less to see than how far they are apart.
        if _words(ours.path, ours.handler).isdisjoint(_words(theirs.path, theirs.handler)):
            return 0.0
        path = difference(shape(ours.path), shape(theirs.path)).near
        said = _functions(ours.handler, theirs.handler, ours, theirs)
        score = (_WEIGHTS.path * path + _WEIGHTS.handler * said) / _WHOLE
        return score if ours.method == theirs.method else score * _OTHER_METHOD
    if isinstance(ours, Model) and isinstance(theirs, Model):
        return alike_names(ours.name, theirs.name)
    if isinstance(ours, Event) and isinstance(theirs, Event):
        return _functions(
            ours.event.replace(":", "_"), theirs.event.replace(":", "_"), ours, theirs
        )
    if isinstance(ours, Function) and isinstance(theirs, Function):
        # Of thousands, half resemble each other; only those of one name are worth a look.
        return float(_bare(ours.name) == _bare(theirs.name))
    return 0.0


@lru_cache(maxsize=8192)
def _words(path: str, handler: str) -> frozenset[str]:
    """The words of a route, in the singular, without what all paths have."""
    words = _WORD.findall(f"{path} {handler}".lower())
    return frozenset(word.rstrip("s") for word in words) - _COMMON


def _functions(one: str, other: str, ours: Fact, theirs: Fact) -> float:
    return likeness(one, other, subject(ours.place.file), subject(theirs.place.file))


def _bare(name: str) -> str:
    return name.replace("_", "").lower()


def most_alike(scored: Iterable[tuple[float, _T]]) -> list[_T]:
    """The best few of what is worth showing, the first of equals first."""
    shown = [(score, one) for score, one in scored if score >= WORTH_SHOWING]
    return [one for _, one in sorted(shown, key=lambda pair: -pair[0])[:CANDIDATES]]
