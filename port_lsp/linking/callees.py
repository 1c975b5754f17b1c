"""Which of the crate's functions a function calls: what it answers may be put together there.

Read from the bytes like objects (`inline.py`): a name before a parenthesis. Of names that several
functions have, the path before it decides, or the file; what stays open is nobody's.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from port_lsp.facts.source import Record

# `list(` and the end of `list::<T>(`; what stands before is looked at only where it matters.
_CALL = re.compile(rb"\b([a-z_][a-z0-9_]*)\(")
_TYPED = re.compile(rb"::<")
_WORD = re.compile(rb"\w+")
_LONGEST = 60  # bytes in which a name, or the path before it, is looked for
# `rows.iter().map(to_json)`, `.filter_map(Self::to_json)`
_HANDED = re.compile(rb"map\(\s*((?:\w+::)*)([a-z_]\w*)\s*\)")
_DEEPEST = 2  # functions called by functions called


class Call(Record, frozen=True):
    """A call as written: the bare name, and the last part of the path before it; "." for a method
    of something."""

    name: str
    path: str = ""


def calls_in(data: bytes, names: frozenset[bytes]) -> Iterator[tuple[int, Call]]:
    """The calls of any of these names in Rust text, and the offsets that they begin at."""
    for match in _CALL.finditer(data):
        if match[1] in names and (path := _before(data, match.start())) is not None:
            yield match.start(), Call(match[1].decode(), path)
    for typed in _TYPED.finditer(data):
        name = _last_word(data[max(0, typed.start() - _LONGEST) : typed.start()])
        start = typed.start() - len(name)
        if name in names and (path := _before(data, start)) is not None:
            yield start, Call(name.decode(), path)
    if b"map(" in data:
        for match in _HANDED.finditer(data):
            if match[2] in names:
                path = match[1].removesuffix(b"::").rpartition(b"::")[2]
                yield match.start(), Call(match[2].decode(), path.decode())


def _before(data: bytes, start: int) -> str | None:
    """The last part of the path before a name, "." for a method; None where it is defined."""
    text = data[max(0, start - _LONGEST) : start].rstrip()
    if text.endswith(b"::"):
        return _last_word(text[:-2].rstrip()).decode()
    if text.endswith(b"."):
        return "."
    return None if _last_word(text) == b"fn" else ""


def _last_word(text: bytes) -> bytes:
    """The word that a text ends with; nothing where it ends with anything else."""
    words = _WORD.findall(text)
    return words[-1] if words and text.endswith(words[-1]) else b""


class Callees:
    """Finds the functions that a call means. `keys` are the item keys of all functions."""

    def __init__(self, keys: Iterable[str], calls: Mapping[str, tuple[Call, ...]]) -> None:
        self._calls = calls
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        # By name and by what may stand before it: the type, the module, the folder around it.
        self._by_path: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._behind: dict[str, tuple[str, ...]] = {}
        for key in keys:
            name = key.rpartition("::")[2]
            self._by_name[name].append(key)
            for path in {_owner(key), *_modules(key)}:
                self._by_path[name, path].append(key)

    def behind(self, function: str) -> tuple[str, ...]:
        """A function and those that it calls, the nearest first."""
        known = self._behind.get(function)
        if known is None:
            known = self._behind[function] = tuple(self._follow(function))
        return known

    def _follow(self, function: str) -> list[str]:
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
        file = caller.partition("::")[0]
        if call.path in ("", ".", "self", "super", "crate"):
            found = self._by_name.get(call.name, [])
        else:
            path = _owner(caller) if call.path == "Self" else call.path
            found = self._by_path.get((call.name, path), [])
            if path[:1].islower():  # a file doesn't call its own functions by its own name
                found = [k for k in found if _owner(k) == path or k.partition("::")[0] != file]
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
