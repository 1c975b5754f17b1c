"""Which of the crate's functions a function calls: what it answers may be put together there.

Read from the bytes like objects (`inline.py`): a name before a parenthesis. Of names that several
functions have, the path before it decides, or the file; what stays open is nobody's.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from port_lsp.facts.source import Record

# `posts::list(…)`, `Post::list(…)`, `repo.list(…)`, `list::<T>(…)`; no macro and no definition.
_CALL = re.compile(
    rb"(?<!fn )(?:\b(?P<path>[A-Za-z_]\w*)\s*::\s*|(?P<dot>\.)\s*)?\b(?P<name>[a-z_]\w*)"
    rb"(?:::<[^()]*>)?\s*\("
)
# `rows.iter().map(to_json)`, `.filter_map(Self::to_json)`
_HANDED = re.compile(
    rb"map\(\s*(?:\w+::)*?(?:(?P<path>[A-Za-z_]\w*)::)?(?P<dot>)(?P<name>[a-z_]\w*)\s*\)"
)
_DEEPEST = 2  # functions called by functions called


class Call(Record, frozen=True):
    """A call as written: the bare name, and the last part of the path before it; "." for a method
    of something."""

    name: str
    path: str = ""


def calls_in(data: bytes, names: frozenset[bytes]) -> Iterator[tuple[int, Call]]:
    """The calls of any of these names in Rust text, and the offsets that they begin at."""
    for match in chain(_CALL.finditer(data), _HANDED.finditer(data)):
        if match["name"] in names:
            path = match["path"] or match["dot"] or b""
            yield match.start(), Call(match["name"].decode(), path.decode())


class Callees:
    """Finds the functions that a call means. `keys` are the item keys of all functions."""

    def __init__(self, keys: Iterable[str], calls: Mapping[str, tuple[Call, ...]]) -> None:
        self._calls = calls
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for key in keys:
            self._by_name[key.rpartition("::")[2]].append(key)

    def behind(self, function: str) -> list[str]:
        """A function and those that it calls, the nearest first."""
        found, level = [function], [function]
        for _ in range(_DEEPEST):
            below: list[str] = []
            for caller in level:
                for call in self._calls.get(caller, ()):
                    key = self._meant(call, caller)
                    if key is not None and key not in found:
                        found.append(key)
                        below.append(key)
            level = below
        return found

    def _meant(self, call: Call, caller: str) -> str | None:
        found = self._by_name.get(call.name, [])
        file = caller.partition("::")[0]
        if call.path and call.path not in (".", "self", "super", "crate"):
            owner = _owner(caller) if call.path == "Self" else call.path
            found = [key for key in found if owner in (_owner(key), *_modules(key))]
            if owner[:1].islower():  # a file doesn't call its own functions by its own name
                found = [k for k in found if _owner(k) == owner or k.partition("::")[0] != file]
        if len(found) > 1:
            found = [key for key in found if key.partition("::")[0] == file]
        return found[0] if len(found) == 1 else None


def _owner(key: str) -> str:
    """The type or inner module that a function stands in; "" at the top of its file."""
    return key.partition("::")[2].rpartition("::")[0].rpartition("::")[2]


def _modules(key: str) -> tuple[str, str]:
    """The names of the module that a file is, and of the folder around it."""
    *folders, file = key.partition("::")[0].removesuffix(".rs").split("/")
    folder = folders[-1] if folders else ""
    return (folder, folder) if file in ("mod", "lib", "main") else (file, folder)
