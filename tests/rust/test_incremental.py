"""What is kept from one reading to the next changes nothing: every reading equals one from scratch.

Fixtures are edited at random (with a fixed seed): characters and lines go, come and move, names
change, brackets open, files go and come back. After each edit the reader that saw all earlier ones
must give what a new one gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from port_lsp.facts.source import SourceFile
from port_lsp.rust.reader import CrateReader
from port_lsp.text import Text
from tests.fixturefile import parse
from tests.rust.test_routing import CASES, manifest

Option = TypeVar("Option")
EDITS = 12


class Dice:
    """Numbers that look random and are the same in every run (a linear congruential generator)."""

    def __init__(self, seed: str) -> None:
        self._state = sum(seed.encode()) * 7919 + 1

    def below(self, end: int) -> int:
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % max(end, 1)

    def choice(self, options: Sequence[Option]) -> Option:
        return options[self.below(len(options))]


_SNIPPETS = (
    "\n", " ", "{", "}", '"', "// ", "/*", "x", "fn added() {}\n", "use axum::Router;\n",
    "#[cfg(test)]\n", "/// words\n", "pub ", ".route(\"/new\", get(index))", "mod gone;\n", "é🦀",
    "struct Added { name: String }\n", "async ", "r#\"", "'", "(", ")", ";", "#![allow(x)]\n",
)  # fmt: skip


def insert(text: str, dice: Dice) -> str:
    at = dice.below(len(text) + 1)
    return text[:at] + dice.choice(_SNIPPETS) + text[at:]


def insert_line(text: str, dice: Dice) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(dice.below(len(lines) + 1), dice.choice(_SNIPPETS).rstrip("\n") + "\n")
    return "".join(lines)


def delete(text: str, dice: Dice) -> str:
    at = dice.below(len(text) + 1)
    return text[:at] + text[at + dice.choice((1, 1, 2, 30)) :]


def delete_line(text: str, dice: Dice) -> str:
    lines = text.splitlines(keepends=True)
    if lines:
        del lines[dice.below(len(lines))]
    return "".join(lines)


def move(text: str, dice: Dice) -> str:
    lines = text.splitlines(keepends=True)
    if lines:
        lines.insert(dice.below(len(lines)), lines.pop(dice.below(len(lines))))
    return "".join(lines)


def swap_word(text: str, dice: Dice) -> str:
    words = [
        word for word in text.replace("(", " ").replace(")", " ").split() if word.isidentifier()
    ]
    return text.replace(dice.choice(words), dice.choice(words), 1) if words else text


ACTIONS: tuple[Callable[[str, Dice], str], ...] = (
    insert,
    insert_line,
    delete,
    delete_line,
    move,
    swap_word,
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_reading_equals_one_from_scratch(path: Path) -> None:
    fixture = parse(path.read_text())
    dice = Dice(path.stem)
    texts = {name: text for name, text in fixture.files.items() if name.endswith(".rs")}
    manifests = {"Cargo.toml": manifest(fixture).encode()}
    original = dict(texts)
    reader = CrateReader()
    files: dict[str, SourceFile] = {
        name: reader.outline(name, Text(text.encode())) for name, text in texts.items()
    }
    for _ in range(EDITS):
        name = dice.choice(sorted(original))
        if name in texts and len(texts) > 1 and dice.below(6) == 0:
            del texts[name], files[name]
        elif name not in texts:
            texts[name] = original[name]
            files[name] = reader.outline(name, Text(texts[name].encode()))
        else:
            undo = dice.below(4) == 0
            texts[name] = original[name] if undo else dice.choice(ACTIONS)(texts[name], dice)
            files[name] = reader.outline(name, Text(texts[name].encode()), files[name])
        fresh = CrateReader()
        expected = {n: fresh.outline(n, Text(text.encode())) for n, text in texts.items()}
        assert all(files[one].chunks == expected[one].chunks for one in files)
        assert reader.read(files, manifests) == fresh.read(expected, manifests)
