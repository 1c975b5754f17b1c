"""Parsing a text upon the tree of the one before gives what parsing it alone gives."""

import random
from pathlib import Path

import pytest

from port_lsp.python import outline
from port_lsp.python.grammar import Reparser

FILES = sorted((Path(__file__).parents[2] / "examples" / "backend").rglob("*.py"))
SNIPPETS = [
    *("\n", "    ", "(", ")", '"', '"""', "x", "#", "[", "}", ",", ":", "\\", "\r\n", "\x0c", "é"),
    *("else:\n    z\n", "def f():\n    return 1\n", "@r.get('/')\n", "async ", "f'{a}'", "; "),
    *("class A:\n    b: int\n", "match x:\n    case 1:\n        pass\n", "import os\n", "\n\n\n"),
]


def mutated(text: str, dice: random.Random) -> str:
    """A snippet put in, some text or a line taken out, a line moved."""
    at = dice.randrange(len(text) + 1)
    lines = text.split("\n")
    match dice.randrange(4):
        case 0:
            return text[:at] + text[at + dice.choice((1, 2, 5, 40)) :]
        case 1:
            line = lines.pop(dice.randrange(len(lines)))
            if dice.random() < 0.5:
                lines.insert(dice.randrange(len(lines) + 1), line)
            return "\n".join(lines)
        case _:
            return text[:at] + dice.choice(SNIPPETS) + text[at:]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_cut_equals_one_from_scratch(path: Path) -> None:
    dice = random.Random(len(path.name))  # noqa: S311 (a repeatable sequence is what is wanted)
    text, parser = path.read_text("utf-8"), Reparser(least=0)
    for _ in range(40):
        edited = mutated(text, dice)
        cut = outline.cut(edited.encode(), root_of=parser.root)
        alone = outline.cut(edited.encode())
        assert cut == alone, edited
        text = edited if alone.sound else text


def test_the_tree_before_is_taken_over() -> None:
    parser = Reparser(least=0)
    before = b"".join(b"def f%d():\n    return %d\n" % (n, n) for n in range(200))
    parser.root(before)
    now = before.replace(b"return 100", b"return 1000")
    again, alone = parser.root(now), Reparser(least=0).root(now)
    assert str(again) == str(alone)
    assert again.children[199].text == b"def f199():\n    return 199"
