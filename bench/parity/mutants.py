"""Generated Rust with one word of one attribute left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from port_lsp.facts.source import Record

_ATTRIBUTE = re.compile(r"[ \t]*#\[(serde|validate)\((.*?)\)\]\n", re.S)
_OWNER = re.compile(r"^pub (?:struct|enum) (\w+)", re.M)


class Mutant(Record, frozen=True):
    """One word of an attribute: its file, the type that it belongs to, where the attribute is."""

    file: str
    owner: str
    start: int
    end: int
    path: str
    words: tuple[str, ...]
    left_out: int

    def text(self) -> str:
        """The attribute without the word; nothing where it was the only one."""
        kept = [one for at, one in enumerate(self.words) if at != self.left_out]
        return f"#[{self.path}({', '.join(kept)})]\n" if kept else ""

    def __str__(self) -> str:
        return f"{self.owner}: #[{self.path}({self.words[self.left_out]})]"


def mutants(file: str, text: str) -> Iterator[Mutant]:
    """Every word of every attribute of serde and validator in a file."""
    owners = [(match.start(), match[1]) for match in _OWNER.finditer(text)]
    for match in _ATTRIBUTE.finditer(text):
        owner = _owner(text, match.start(), match.end(), owners)
        words = tuple(_split(match[2]))
        for index in range(len(words)):
            yield Mutant(file, owner, match.start(), match.end(), match[1], words, index)


def _owner(text: str, start: int, end: int, owners: list[tuple[int, str]]) -> str:
    """The type that an attribute is in, or that it stands before."""
    if text[start] == "#":
        return next((name for at, name in owners if at >= end - 1), "")
    return next((name for at, name in reversed(owners) if at < start), "")


def _split(text: str) -> Iterator[str]:
    """The words of an attribute: what commas outside of brackets and quotes part."""
    depth, quoted, word = 0, False, ""
    for at, one in enumerate(text):
        if one == '"' and text[at - 1] != "\\":
            quoted = not quoted
        if not quoted:
            depth += (one == "(") - (one == ")")
            if one == "," and depth == 0:
                yield word.strip()
                word = ""
                continue
        word += one
    if word.strip():
        yield word.strip()


def changed(text: str, chosen: list[Mutant]) -> str:
    """A file's text with some mutants in it."""
    for mutant in sorted(chosen, key=lambda one: -one.start):
        text = text[: mutant.start] + mutant.text() + text[mutant.end :]
    return text
