"""Changes of files as a unified diff that `git apply` and `patch -p1` take."""

import difflib
from collections.abc import Iterable

_NO_NEWLINE = "\\ No newline at end of file\n"


def unified(changes: Iterable[tuple[str, str | None, str]]) -> str:
    """The diff of files: path, text before (None for a new file), text after."""
    return "".join(_of_file(*change) for change in changes)


def _of_file(path: str, before: str | None, after: str) -> str:
    old = f"a/{path}" if before is not None else "/dev/null"
    lines = difflib.unified_diff(
        _lines(before or ""), _lines(after), old, f"b/{path}", lineterm="\n"
    )
    header = f"diff --git a/{path} b/{path}\n" + (
        "new file mode 100644\n" if before is None else ""
    )
    body = "".join(line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}" for line in lines)
    return header + body if body else ""


def _lines(text: str) -> list[str]:
    """Lines with their ends, split at line feeds alone."""
    parts = text.split("\n")
    lines = [f"{part}\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines
