"""The names that a chunk's text speaks of, found by its words; a word too many costs a run."""

from __future__ import annotations

import re
from collections import Counter

from port_lsp.facts.source import Record

_WORD = re.compile(rb"(\.?)([A-Za-z_\x80-\xff][\w\x80-\xff]*)")
_DEF = re.compile(rb"\bdef\s+\w+\s*\(")
_PARAMETER = re.compile(rb"\s*\**\s*([A-Za-z_\x80-\xff][\w\x80-\xff]*)")
_UNCLEAR = re.compile(rb"[\"'#\\]")  # brackets and commas behind these may be text
_BRACKET = re.compile(rb"[()\[\]{},]")


class Words(Record, frozen=True):
    """The words of a text. `dotted` are those behind a dot: `settings.DEBUG` may be another
    module's name, but not one of its own module."""

    bare: frozenset[str]
    dotted: frozenset[str]

    def speak_of(self, names: set[str], others: set[str]) -> bool:
        """Whether any of a module's `names` is spoken of, `others` of which are other modules'."""
        return not (self.bare.isdisjoint(names) and self.dotted.isdisjoint(others))


def words_of(text: bytes) -> Words:
    """The words of a text, without the names that a function gives its parameters."""
    bare: Counter[bytes] = Counter()
    dotted: set[bytes] = set()
    for dot, word in _WORD.findall(text):
        if dot:
            dotted.add(word)
        else:
            bare[word] += 1
    if b"def" in bare:
        bare -= Counter(_parameters(text))
    return Words(_decoded(bare), _decoded(dotted))


def _decoded(words: Counter[bytes] | set[bytes]) -> frozenset[str]:
    return frozenset([word.decode("utf-8", "replace") for word in words])


def _parameters(text: bytes) -> list[bytes]:
    """The parameters of the functions in a text, one word each; those of headers that hold text
    or comments are left out."""
    found: list[bytes] = []
    for header in _DEF.finditer(text):
        names, at, depth = list[bytes](), header.end(), 1
        starts = [at]
        for mark in _BRACKET.finditer(text, at):
            sign = mark[0]
            depth += sign in b"([{"
            depth -= sign in b")]}"
            if not depth:
                if not _UNCLEAR.search(text, at, mark.start()):
                    matches = [_PARAMETER.match(text, start, mark.start()) for start in starts]
                    names = [match[1] for match in matches if match]
                break
            if depth == 1 and sign == b",":
                starts.append(mark.end())
        found += names
    return found
