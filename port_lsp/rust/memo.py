"""What calls came to, kept from one reading to the next.

A call's outcome depends on its arguments, on the names that are declared anywhere, and on the
chunks that were looked at while it ran. As long as none of these changed, it isn't run again.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from port_lsp.facts.source import Chunk, SourceFile
from port_lsp.resolve.actix_reach import ActixMemo
from port_lsp.rust.record import Record
from port_lsp.rust.replay import Replay
from port_lsp.rust.values import (
    Foreign,
    Function,
    Lambda,
    Many,
    Name,
    Nothing,
    Routes,
    Step,
    Struct,
    Text,
    Unknown,
    Value,
)


class Word(NamedTuple):
    """A function's name, as it is looked for in code; a method's stands behind `.` or `::`."""

    name: bytes
    method: bool

    def stands_in(self, data: bytes) -> bool:
        """Whether it stands in a text. Searching for the name itself is much faster than looking
        behind at every byte."""
        at = data.find(self.name)
        while at >= 0:
            end = at + len(self.name)
            if not _is_word(data[end : end + 1]) and self._fits(data, at):
                return True
            at = data.find(self.name, end)
        return False

    def _fits(self, data: bytes, at: int) -> bool:
        if not self.method:
            return data[at - 1 : at] != b"." and not _is_word(data[at - 1 : at])
        while data[at - 1 : at].isspace():
            at -= 1
        return data[at - 1 : at] in (b".", b":")


def _is_word(byte: bytes) -> bool:
    return byte.isalnum() or byte == b"_"


class Outcome(msgspec.Struct, frozen=True, eq=False):
    """A call's value, what it added to the config it got, the routers that it left behind."""

    value: Value
    steps: tuple[Step, ...]
    left: tuple[Routes, ...]
    record: Record


class Memo:
    """Outcomes by function and arguments."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Outcome] = {}
        self._words: dict[tuple[str, Word], tuple[SourceFile, bool]] = {}
        self._in_chunks: dict[tuple[str, str, Word], tuple[bytes, bool]] = {}
        self.matching = ActixMemo()
        self.replay = Replay()

    def has_word(self, file: SourceFile, word: Word) -> bool:
        """Whether a word stands in a file."""
        key = (file.path, word)
        known = self._words.get(key)
        if known is None or known[0] is not file:
            known = (file, word.stands_in(file.text.data))
            self._words[key] = known
        return known[1]

    def chunk_has_word(self, file: SourceFile, chunk: Chunk, word: Word) -> bool:
        """Whether a word stands in a chunk of a file."""
        key = (file.path, chunk.id, word)
        known = self._in_chunks.get(key)
        if known is None or known[0] != chunk.digest:
            known = (chunk.digest, word.stands_in(file.chunk_bytes(chunk)))
            self._in_chunks[key] = known
        return known[1]

    def get(self, key: tuple[object, ...]) -> Outcome | None:
        """The outcome of a call, where it was run before."""
        return self._known.get(key)

    def put(self, key: tuple[object, ...], outcome: Outcome) -> None:
        """Keeps the outcome of a call."""
        self._known[key] = outcome

    def forget(self, chunks: set[tuple[str, str]], names: set[str]) -> None:
        """Drops what looked at one of these chunks or asked for one of these names."""
        gone = [
            key
            for key, one in self._known.items()
            if not (chunks.isdisjoint(one.record.chunks) and names.isdisjoint(one.record.names))
        ]
        for key in gone:
            del self._known[key]
        self.replay.forget(chunks, names)

    def rebuilt(self, chunks: set[tuple[str, str]], names: set[str]) -> None:
        """As `forget`, where the modules were built anew: what was called with types is dropped,
        too, for its key has a module in it."""
        self._known = {key: one for key, one in self._known.items() if not key[2]}
        self.forget(chunks, names)

    def clear(self) -> None:
        """Drops everything: names mean other things now."""
        self._known.clear()
        self.replay.clear()


def key_of(callee: Function, args: list[Value], depth: int) -> tuple[object, ...] | None:
    """The key of a call under so many conditions; None where its outcome depends on more."""
    if callee.found.outer or callee.caller.generics:
        return None
    key: list[object] = [callee.found.identity, callee.type_name, callee.generics]
    if callee.generics:
        key.append(id(callee.caller.module))
    for arg in args:
        if isinstance(arg, Routes):
            if arg.kind != "config" or arg.steps or arg.depth != depth:
                return None
            key.append("config")
        elif isinstance(arg, Struct):
            if arg.fields:
                return None
            key += ("struct", arg.type_name, arg.variant)
        elif isinstance(arg, (Text, Name, Unknown, Nothing, Foreign)):
            key.append(arg)
        else:
            return None
    return tuple(key)


def is_lasting(value: Value) -> bool:
    """Whether a value means the same in a later reading."""
    if isinstance(value, Routes):
        return value.kind != "config"
    if isinstance(value, Many):
        return all(is_lasting(item) for item in value.items)
    return not isinstance(value, (Struct, Lambda, Function))


def fresh(value: Value) -> Value:
    """A value of its own for every caller: routers are told apart by identity."""
    if isinstance(value, Routes):
        return msgspec.structs.replace(value)
    if isinstance(value, Many):
        return Many(tuple(fresh(item) for item in value.items))
    return value
