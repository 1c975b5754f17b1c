"""Files that `port-lsp port` writes: all of them, or none."""

import codecs
import os
from collections.abc import Iterable

from port_lsp.commands.common import say
from port_lsp.writing.workshop import FileChange


def write_all(root: str, changes: Iterable[FileChange]) -> bool:
    """Writes changed files below a folder; whether that went well. Where one can't be written,
    those before it are as they were; what went wrong is said."""
    listed = tuple(changes)
    paths = [os.path.join(root, *one.path.split("/")) for one in listed]
    try:
        marks = [_mark(path, one.before) for path, one in zip(paths, listed, strict=True)]
    except ValueError as error:
        say(f"nothing was written: {error}")
        return False
    path, written = root, list[tuple[str, bytes | None]]()
    try:
        for path, mark, one in zip(paths, marks, listed, strict=True):
            before = mark + one.before.encode() if one.before is not None else None
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "r+b" if before is not None else "xb") as file:
                written.append((path, before))  # from here on it may be half of one
                file.write(mark + one.after.encode())
                file.truncate()
    except OSError as error:
        say(f"{path} couldn't be written: {error.strerror or error}")
        _put_back(written)
        return False
    return True


def _put_back(written: "list[tuple[str, bytes | None]]") -> None:
    """Gives files what was in them before, None for those that are new; the folders of these stay,
    empty. Says which couldn't be put back."""
    kept: list[str] = []
    for path, before in reversed(written):
        try:
            if before is None:
                os.remove(path)
                continue
            with open(path, "wb") as file:
                file.write(before)
        except OSError:
            kept.append(path)
    said = f"; not put back: {', '.join(kept)}" if kept else ""
    say(f"nothing was ported, {len(written) - len(kept)} files are as they were{said}")


def _mark(path: str, before: str | None) -> bytes:
    """The byte order mark that a file begins with. Raises ValueError where the file isn't what was
    read of it: it isn't UTF-8, or somebody has changed it since."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        data = b""
    except OSError as error:
        raise ValueError(f"{path} can't be read: {error.strerror or error}") from error
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    if data.removeprefix(mark) != (before or "").encode():
        raise ValueError(f"{path} was changed while it was ported, or isn't UTF-8")
    return mark
