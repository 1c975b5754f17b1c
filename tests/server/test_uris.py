"""URIs as clients write them, and paths."""

from __future__ import annotations

import pytest

from port_lsp.server.uris import to_path, to_uri


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.py", "/a/b.py"),
        ("FILE:///a/b.py", "/a/b.py"),
        ("file:/a/b.py", "/a/b.py"),
        ("file://localhost/a/b.py", "/a/b.py"),
        ("file:///a/b%20c/%C3%A4%23%3F%25.py", "/a/b c/ä#?%.py"),
        ("file:///a/b c.py", "/a/b c.py"),
        ("file:///a;b/c,d.py", "/a;b/c,d.py"),
        ("file:///a/../b/./c.py", "/b/c.py"),
        ("file:////a/b.py", "/a/b.py"),
        ("file:///a/b.py#L3", "/a/b.py"),
        ("file:///a/%FF.py", "/a/\udcff.py"),
        ("file:///c%3A/a.py", "/c:/a.py"),
        ("untitled:Untitled-1", None),
        ("git:/a/b.py?%7B%7D", None),
        ("vscode-notebook-cell:/a/b.ipynb#W0", None),
        ("file:", None),
        ("file://host", None),
        ("file:///a%00b.py", None),
        ("", None),
        (":", None),
        ("/a/b.py", None),
        ("C:\\a\\b.py", None),
    ],
)
def test_paths_of_uris(uri: str, path: str | None) -> None:
    assert to_path(uri, windows=False) == path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/a/b.py", "C:\\a\\b.py"),
        ("file:///C:/a/b%20c.py", "C:\\a\\b c.py"),
        ("file:///c:/a/../b.py", "C:\\b.py"),
        ("file:///c:", "C:\\"),
        ("file://server/share/a.py", "\\\\server\\share\\a.py"),
        ("file:///a/b.py", None),
    ],
)
def test_paths_of_uris_on_windows(uri: str, path: str | None) -> None:
    assert to_path(uri, windows=True) == path


@pytest.mark.parametrize(
    ("path", "uri", "windows"),
    [
        ("/a b/ä#?%.py", "file:///a%20b/%C3%A4%23%3F%25.py", False),
        ("/a/\udcff.py", "file:///a/%FF.py", False),
        ("/c:/a.py", "file:///c%3A/a.py", False),
        ("C:\\a b\\c.py", "file:///c%3A/a%20b/c.py", True),
        ("\\\\server\\share\\a.py", "file://server/share/a.py", True),
    ],
)
def test_uris_of_paths(path: str, uri: str, windows: bool) -> None:
    assert to_uri(path, windows=windows) == uri
    assert to_path(uri, windows=windows) == path
