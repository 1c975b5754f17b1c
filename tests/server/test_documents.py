"""Open documents: edits in every encoding, and positions that no sane client sends."""

from __future__ import annotations

import random

import pytest
from lsprotocol import types

from port_lsp.server.documents import Document, Documents, edited, text_of
from port_lsp.text import PositionEncoding, Text

GRIN = "\N{GRINNING FACE}"
ENCODINGS: tuple[PositionEncoding, ...] = ("utf-8", "utf-16", "utf-32")


def change(
    start: tuple[int, int], end: tuple[int, int], new: str
) -> types.TextDocumentContentChangePartial:
    where = types.Range(types.Position(*start), types.Position(*end))
    return types.TextDocumentContentChangePartial(range=where, text=new)


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 5), ("utf-16", 3), ("utf-32", 2)])
def test_an_edit_behind_a_character_outside_the_bmp(
    encoding: PositionEncoding, column: int
) -> None:
    text = text_of(f'x\n"{GRIN}a"\n')
    after = edited(text, (change((1, column), (1, column + 1), "é"),), encoding)
    assert after.data.decode() == f'x\n"{GRIN}é"\n'


def test_each_change_is_given_against_the_text_that_the_one_before_left() -> None:
    changes = (change((0, 0), (0, 0), "ab\n"), change((1, 0), (1, 1), "X"))
    assert edited(text_of("cd\n"), changes, "utf-16").data == b"ab\nXd\n"


def test_a_change_without_a_range_is_the_whole_text() -> None:
    whole = types.TextDocumentContentChangeWholeDocument(text="new")
    assert edited(text_of("old"), (whole,), "utf-8").data == b"new"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_hostile_positions_end_nowhere(encoding: PositionEncoding) -> None:
    text = text_of(f"{GRIN}a\r\n{GRIN}\rb")
    numbers = [0, 1, 2, 3, 7, 2**31 - 1]
    rng = random.Random(7)  # noqa: S311 (a repeatable sequence is what is wanted)
    for _ in range(300):
        start = (rng.choice(numbers), rng.choice(numbers))
        end = (rng.choice(numbers), rng.choice(numbers))
        after = edited(text, (change(start, end, "ü"),), encoding)
        assert "ü" in after.data.decode("utf-8")  # what is left is sound UTF-8


def test_line_ends_are_the_protocols() -> None:
    text = text_of("a\x0cb\u2028c\rd\r\ne\n")
    for line, expected in enumerate((b"Xa", b"Xd", b"Xe")):
        after = edited(text, (change((line, 0), (line, 0), "X"),), "utf-16")
        assert expected in after.data


def test_lone_surrogates_become_replacement_characters() -> None:
    assert text_of("a\ud83d").data.decode() == "a\ufffd"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_random_edits_equal_those_of_a_list_of_lines(encoding: PositionEncoding) -> None:
    rng = random.Random(11)  # noqa: S311 (a repeatable sequence is what is wanted)
    model = f"one {GRIN}\ntwo\r\nthree ä"
    text = text_of(model)
    for _ in range(200):
        start, end = sorted(rng.choices(range(len(model) + 1), k=2))
        if "\r" in model[max(0, start - 1) : end + 1]:
            continue  # between \r and \n there is no position
        new = rng.choice(["", "x", "\n", GRIN, "ö\n"])
        first = text.line_column(len(model[:start].encode()), encoding)
        last = text.line_column(len(model[:end].encode()), encoding)
        text = edited(text, (change(first, last, new),), encoding)
        model = model[:start] + new + model[end:]
        assert text.data.decode() == model


def test_documents_are_known_by_uri_and_by_path() -> None:
    documents = Documents()
    documents.put(Document("file:///a.py", "/a.py", 1, Text(b"")))
    documents.put(Document("untitled:1", None, 1, Text(b"")))
    assert set(documents.by_path) == {"/a.py"}
    assert documents.drop("untitled:1") is not None
    assert documents.drop("untitled:1") is None
    assert documents.drop("file:///a.py") is not None
    assert not documents.by_path


def test_an_edit_leaves_the_lines_where_a_new_text_has_them() -> None:
    rng = random.Random(0)  # noqa: S311 (a repeatable sequence is what is wanted)
    text = Text(b"")
    for _ in range(3000):
        size = len(text.data)
        start = rng.randrange(size + 1)
        end = min(size, start + rng.choice([0, 0, 1, 2, 9]))
        if size > 60:
            start, end = 0, size - 10
        new = b"".join(rng.choices([b"\r", b"\n", b"\r\n", b"a", b"bc"], k=rng.randrange(4)))
        assert text.line_starts is not None
        text = text.replaced(start, end, new)
        assert text.line_starts == Text(text.data).line_starts, text.data
