"""URIs of documents and paths of files.

Clients write one path in several ways: `file:///c%3A/a b.py`, `file:///C:/a%20b.py`. Inside the
server a document is known by its path alone.
"""

import os
import re
from urllib.parse import quote, unquote

WINDOWS = os.name == "nt"

_DRIVE = re.compile(r"/([A-Za-z]):")
_SAFE = "/~!$&'()*+,;=@"  # what a path may hold unquoted (RFC 3986, 3.3), but for the colon


def to_path(uri: str, *, windows: bool = WINDOWS) -> str | None:
    """The absolute, normalized path of a `file:` URI; None for what names no file of a disk.

    Bytes that aren't UTF-8 come as surrogates, as os.fsdecode gives them.
    """
    scheme, colon, rest = uri.partition(":")
    if not colon or scheme.lower() != "file":
        return None
    rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    host = ""
    if rest.startswith("//"):
        host, slash, below = rest[2:].partition("/")
        rest = slash + below
    path = unquote(rest, errors="surrogateescape")
    if not path.startswith("/") or "\0" in path:
        return None
    host = "" if host.lower() == "localhost" else unquote(host)
    return _windows_path(host, path) if windows else os.path.normpath("/" + path.lstrip("/"))


def _windows_path(host: str, path: str) -> str | None:
    import ntpath

    if host:
        return ntpath.normpath(f"//{host}{path}")
    drive = _DRIVE.match(path)
    if drive is None:
        return None
    return ntpath.normpath(f"{drive[1].upper()}:{path[drive.end() :] or '/'}")


def to_uri(path: str, *, windows: bool = WINDOWS) -> str:
    """The `file:` URI of an absolute path."""
    if not windows:
        return "file://" + quote(path, safe=_SAFE, errors="surrogateescape")
    path = path.replace("\\", "/")
    if path.startswith("//"):  # a share: its host is the URI's
        return "file:" + quote(path, safe=_SAFE, errors="surrogateescape")
    drive, rest = path[:1].lower(), path[2:]
    return f"file:///{drive}%3A{quote(rest, safe=_SAFE, errors='surrogateescape')}"
