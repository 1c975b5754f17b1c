"""Models that the crate writes and reads without a type: `json!({…})`, `form["name"]`.

Found by a search over the bytes of each chunk, not by a parse: a `json!` holds no Rust, and what is
found only supports a verdict that names its place.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from port_lsp.facts.items import Function
from port_lsp.facts.source import Chunk, Place, Record, SourceFile
from port_lsp.linking.callees import Call, calls_in
from port_lsp.linking.typematch import plain
from port_lsp.text import Span

_MACRO = re.compile(rb"\bjson!\s*[({\[]")
_TOKEN = re.compile(
    rb'"(?P<text>(?:[^"\\]|\\.)*)"\s*(?P<key>:(?!:))?|//[^\n]*|/\*.*?\*/|(?P<open>[{(\[])|(?P<close>[})\]])',
    re.S,
)
_READ = re.compile(rb'(?:\.get\(\s*|(?<=[\w)\]?])\[\s*)"(?P<name>\w+)"\s*[)\]]')


class Inline(Record, frozen=True):
    """Names of fields that a function writes as one object, or reads one by one.

    `function` is its item key, `fields` in the spelling of `typematch.plain`. A record without
    fields says which functions of the crate it `calls`.
    """

    function: str
    place: Place
    fields: frozenset[str]
    written: bool
    calls: tuple[Call, ...] = ()


_Object = tuple[int, int, frozenset[str], bool]
_Calls = tuple[tuple[int, Call], ...]
_NOTHING: frozenset[str] = frozenset()
_FEW = 8  # new names of functions up to which it pays to look where they may be called
_MOST = 20_000  # chunks that are remembered; a crate has a few thousand


class InlineReader:
    """Reads the objects of a crate's functions, each chunk once."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[_Object, ...]] = {}
        self._called: dict[bytes, _Calls] = {}
        self._names: frozenset[bytes] = frozenset()
        self._functions: tuple[Function, ...] = ()
        self._by_file: dict[str, tuple[Function, ...]] = {}
        self._files: dict[str, tuple[SourceFile, tuple[Function, ...], tuple[Inline, ...]]] = {}
        self._found: tuple[Inline, ...] = ()

    def read(
        self, files: Mapping[str, SourceFile], functions: tuple[Function, ...]
    ) -> tuple[Inline, ...]:
        """The objects that the functions write or read without a type, file by file; the very
        same as before where none of them changed."""
        if functions is not self._functions:
            by_file: defaultdict[str, list[Function]] = defaultdict(list)
            for function in functions:
                by_file[function.place.file].append(function)
            self._functions = functions
            self._by_file = {path: tuple(inside) for path, inside in by_file.items()}
            self._learn(files, frozenset(one.name.encode() for one in functions))
        kept: dict[str, tuple[SourceFile, tuple[Function, ...], tuple[Inline, ...]]] = {}
        for path, inside in self._by_file.items():
            if (file := files.get(path)) is None:
                continue
            known = self._files.get(path)
            if known is None or known[0] is not file or known[1] != inside:
                found = tuple(self._in_file(file, inside))
                known = file, inside, known[2] if known and known[2] == found else found
            kept[path] = known
        before, self._files = self._files, kept
        if len(before) == len(kept) and all(
            (known := before.get(path)) is not None and known[2] is found
            for path, (_, _, found) in kept.items()
        ):
            return self._found
        every = tuple([one for _, _, found in kept.values() for one in found])
        self._found = self._found if every == self._found else every
        return self._found

    def _learn(self, files: Mapping[str, SourceFile], names: frozenset[bytes]) -> None:
        """Takes the names of all functions; where a new one may be called is read again.

        A name that is gone stays: nothing is called so, and nothing comes of it.
        """
        new = names - self._names
        if not new:
            return
        self._names |= new
        kept: dict[bytes, _Calls] = {}
        if len(new) <= _FEW:
            for path, file in files.items():
                if any(name in file.text.data for name in new):
                    self._files.pop(path, None)
                    continue
                for chunk in file.chunks:
                    if (calls := self._called.get(chunk.digest)) is not None:
                        kept[chunk.digest] = calls
        else:
            self._files.clear()
        self._called = kept

    def _in_file(self, file: SourceFile, functions: tuple[Function, ...]) -> Iterator[Inline]:
        by_chunk: defaultdict[str, list[Function]] = defaultdict(list)
        for function in functions:
            by_chunk[function.place.chunk].append(function)
        for ident, inside in by_chunk.items():
            if (chunk := file.by_id.get(ident)) is None:
                continue
            inside.sort(key=lambda one: one.place.span)
            starts = [one.place.span.start for one in inside]
            for start, end, names, written in self._objects(file, chunk):
                if (function := _around(inside, starts, start)) is not None:
                    place = Place(file.path, ident, Span(start, end))
                    yield Inline(function.key, place, names, written)
            calls: dict[str, dict[Call, None]] = {}
            for start, call in self._calls(file, chunk):
                if (function := _around(inside, starts, start)) is not None:
                    calls.setdefault(function.key, {})[call] = None
            for function in inside:
                if (found := calls.pop(function.key, None)) is not None:
                    yield Inline(function.key, function.place, _NOTHING, False, tuple(found))

    def _objects(self, file: SourceFile, chunk: Chunk) -> tuple[_Object, ...]:
        known = self._known.get(chunk.digest)
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            data = file.chunk_bytes(chunk)
            known = self._known[chunk.digest] = (*_written(data), *_read(data))
        return known

    def _calls(self, file: SourceFile, chunk: Chunk) -> _Calls:
        known = self._called.get(chunk.digest)
        if known is None:
            if len(self._called) >= _MOST:
                self._called.clear()
            data = file.chunk_bytes(chunk)
            known = self._called[chunk.digest] = tuple(calls_in(data, self._names))
        return known


def _around(functions: list[Function], starts: list[int], offset: int) -> Function | None:
    """The last function that begins before an offset of their chunk."""
    at = bisect_right(starts, offset)
    return functions[at - 1] if at else None


def _written(data: bytes) -> list[_Object]:
    if b"json!" not in data:
        return []
    found: list[_Object] = []
    end = 0
    for macro in _MACRO.finditer(data):
        if macro.start() >= end:
            end = _in_macro(data, macro.start(), macro.end() - 1, found)
    return found


def _in_macro(data: bytes, start: int, opening: int, found: list[_Object]) -> int:
    """Adds the objects of one macro call, inner ones too; gives the offset of its end."""
    stack: list[tuple[int, set[str]]] = []
    for token in _TOKEN.finditer(data, opening):
        if token["open"]:
            stack.append((token.start(), set()))
        elif token["close"]:
            if not stack:
                return token.end()
            at, names = stack.pop()
            if names:
                found.append((start if not stack else at, token.end(), frozenset(names), True))
            if not stack:
                return token.end()
        elif token["key"] and stack:
            stack[-1][1].add(_plain(token["text"]))
    return len(data)


def _read(data: bytes) -> list[_Object]:
    if b'.get("' not in data and b'["' not in data:
        return []
    return [
        (match.start(), match.end(), frozenset({_plain(match["name"])}), False)
        for match in _READ.finditer(data)
    ]


@lru_cache(maxsize=8192)
def _plain(name: bytes) -> str:
    return plain(name.decode("utf-8", "replace"))
