"""A file that is edited in several places is cut around each, and comes out as if cut whole."""

import pytest

from port_lsp.rust.outline import cut
from port_lsp.rust.reader import CrateReader
from port_lsp.rust.recut import first_edit
from port_lsp.text import Text

FILE = "use axum::Router;\n\n" + "\n".join(
    f'/// Number {number}.\npub fn handler_{number}() -> &\'static str {{\n    "{number}"\n}}\n'
    for number in range(200)
)


def edited(*changes: tuple[str, str]) -> str:
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


TOP = ("use axum::Router;\n", "use axum::Router;\nuse axum::Json;\n")
MIDDLE = ('    "100"\n', '    "a hundred"\n')
END = ('    "199"\n}\n', '    "199"\n}\n\nfn added() {}\n')
AROUND = ("pub fn handler_100() -> &'static str {\n", "pub fn handler_100() -> u8 {\n")


@pytest.mark.parametrize(
    "text",
    [
        edited(TOP, END),
        edited(TOP, MIDDLE, END),
        edited(MIDDLE, AROUND, TOP),
        edited(TOP, ("handler_1()", "handler_2()"), END),
        edited(TOP, (END[0], "{ not closed\n")),
    ],
    ids=["two places", "three places", "two in one chunk", "a name twice", "one broken"],
)
def test_cut_around_each_is_cut_whole(text: str) -> None:
    reader = CrateReader()
    before = reader.outline("src/main.rs", Text(FILE.encode()))
    assert first_edit(before, text.encode()) is not None
    found = reader.outline("src/main.rs", Text(text.encode()), before)
    whole = CrateReader().outline("src/main.rs", Text(text.encode()))
    assert found.chunks == whole.chunks
    assert [(c.kind, c.name) for c in found.chunks] == [
        (piece.kind, piece.name) for piece in cut(text.encode()).pieces
    ]


@pytest.mark.parametrize("change", [TOP, MIDDLE, END])
def test_one_edit_is_no_two(change: tuple[str, str]) -> None:
    before = CrateReader().outline("src/main.rs", Text(FILE.encode()))
    assert first_edit(before, edited(change).encode()) is None
