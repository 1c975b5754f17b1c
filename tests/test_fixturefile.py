"""The fixture form itself: files, metadata, cursor, expectations, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixturefile import Cursor, Expectation, FixtureError, parse


def test_files_and_metadata() -> None:
    fixture = parse(
        "// What this is about.\n"
        "//# app: app.main:app\n"
        "//# app: app.main:other\n"
        "\n"
        "//- /app/__init__.py\n"
        "//- /app/main.py\n"
        "x = 1\n"
        "\n"
        "y = 2\n"
        "\n"
    )
    assert fixture.meta == {"app": ("app.main:app", "app.main:other")}
    assert fixture.files == {"app/__init__.py": "", "app/main.py": "x = 1\n\ny = 2\n"}


def test_cursor_is_removed() -> None:
    fixture = parse('//- /a.py\n\nname = "\N{GRINNING FACE}$0"\n')
    assert fixture.files == {"a.py": '\nname = "\N{GRINNING FACE}"\n'}
    assert fixture.cursor == Cursor("a.py", line=2, column=10)


def test_expectations_mean_the_line_above() -> None:
    fixture = parse(
        "//- /a.rs\n"
        "fn f() {\n"
        "   ^ stub: says `todo!()`\n"
        "// ^^^ second-rule\n"
        "    todo!()\n"
        "  # ^^^^^^^ third-rule\n"
        "}\n"
    )
    assert fixture.files == {"a.rs": "fn f() {\n    todo!()\n}\n"}
    assert fixture.expectations == (
        Expectation("a.rs", 1, 4, 5, "stub", "says `todo!()`"),
        Expectation("a.rs", 1, 4, 7, "second-rule"),
        Expectation("a.rs", 2, 5, 12, "third-rule"),
    )


def test_comments_and_form_feeds_stay() -> None:
    text = "# ^ not a marker: no rule in lower case follows 1\n// x\n\f\ny = a ^ b\r\n"
    fixture = parse("//- /a.py\n" + text.replace("^ not", "^^ 9"))
    assert fixture.files["a.py"] == text.replace("^ not", "^^ 9")
    assert fixture.expectations == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no file"),
        ("x = 1\n//- /a.py\n", "line 1: text before"),
        ("//- a.py\n", "line 1: a file starts with"),
        ("//- /a.py\n//- /a.py\n", "line 2: the file /a.py is there twice"),
        ("//- /a.py\n$0\n//- /b.py\n$0\n", "more than one cursor"),
        ("//- /a.py\n^^^ rule\n", "no line above"),
    ],
)
def test_what_is_refused(text: str, reason: str) -> None:
    with pytest.raises(FixtureError, match=reason):
        parse(text)


def test_write_to(tmp_path: Path) -> None:
    parse("//- /a/b.py\nx = 1\r\n//- /c.txt\n").write_to(tmp_path)
    assert (tmp_path / "a/b.py").read_bytes() == b"x = 1\r\n"
    assert (tmp_path / "c.txt").read_bytes() == b""
