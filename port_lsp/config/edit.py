"""Writes verdicts into the text of a configuration file; everything else in it stays as it is.

Each function takes the file's text ("" for a new one) and gives the new text; `pyproject` says
that the keys are below [tool.port-lsp]. They raise `ConfigEditError` where the text isn't TOML or
a key holds something else than it should.
"""

from collections.abc import MutableMapping
from typing import Any, cast

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from port_lsp.config import TOOL_TABLE

_Mapping = MutableMapping[str, Any]


class ConfigEditError(ValueError):
    """The file can't be edited; the message says why."""


def pin(text: str, backend: str, crate: str, *, pyproject: bool = False) -> str:
    """`crate` is the counterpart of `backend`; a verdict to the contrary is taken back."""
    document, root = _open(_with_table(text, "pin", pyproject), pyproject)
    _drop_pair(root, "unpin", backend, crate)
    _pairs(root, "pin")[backend] = crate
    return tomlkit.dumps(document)


def unpin(text: str, backend: str, crate: str, *, pyproject: bool = False) -> str:
    """`crate` isn't the counterpart of `backend`; a pin that says so is taken back."""
    document, root = _open(_with_table(text, "unpin", pyproject), pyproject)
    _drop_pair(root, "pin", backend, crate)
    if isinstance(root["unpin"], list):  # the other form: a list of pairs
        cast(list[Any], root["unpin"]).append([backend, crate])
        return tomlkit.dumps(document)
    table = _pairs(root, "unpin")
    known = table.get(backend, [])
    others = [known] if isinstance(known, str) else list(known)
    if crate not in others:
        table[backend] = [*others, crate]
    return tomlkit.dumps(document)


def ignore(text: str, item: str, reason: str, *, pyproject: bool = False) -> str:
    """`item` (an item key, an endpoint's id or a glob) won't be ported, because of `reason`."""
    document, root = _open(text, pyproject)
    rows: Any = root.get("ignore")
    if rows is None:
        entry = tomlkit.document()
        entry["item"] = item
        entry["reason"] = reason
        return _appended(text, f"[[{_header('ignore', pyproject)}]]\n{tomlkit.dumps(entry)}")
    if not isinstance(rows, list):
        raise ConfigEditError("`ignore` is no list")
    for row in cast(list[Any], rows):
        if isinstance(row, MutableMapping) and cast(_Mapping, row).get("item") == item:
            row["reason"] = reason
            return tomlkit.dumps(document)
    _add_row(cast("AoT | list[Any]", rows), item, reason)
    return tomlkit.dumps(document)


def _add_row(rows: AoT | list[Any], item: str, reason: str) -> None:
    if not isinstance(rows, AoT):
        entry = tomlkit.inline_table()
        entry["item"] = item
        entry["reason"] = reason
        rows.append(entry)
        return
    table = tomlkit.table()
    table["item"] = item
    table["reason"] = reason
    if len(rows):  # an empty line stands between the entries, and behind the last where it did
        last = rows[-1]
        if last.as_string().endswith("\n\n"):
            table.add(tomlkit.nl())
        else:
            last.add(tomlkit.nl())
    rows.append(table)  # pyright: ignore[reportUnknownMemberType] (tomlkit has no type for it)


def _header(key: str, pyproject: bool) -> str:
    return ".".join((*TOOL_TABLE, key)) if pyproject else key


def _with_table(text: str, key: str, pyproject: bool) -> str:
    """The text, with an empty table for a key at its end where the key is missing."""
    _, root = _open(text, pyproject)
    return text if key in root else _appended(text, f"[{_header(key, pyproject)}]\n")


def _appended(text: str, part: str) -> str:
    """A part at the end of a text, an empty line before it."""
    return f"{text.rstrip()}\n\n{part}" if text.strip() else part


def _open(text: str, pyproject: bool) -> tuple[TOMLDocument, _Mapping]:
    """The document and the table that holds the keys, which may be a new one outside of it."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ConfigEditError(f"the file isn't TOML: {error}") from error
    root = cast(_Mapping, document)
    for part in TOOL_TABLE if pyproject else ():
        inner: Any = root.get(part, {})  # pyright: ignore[reportUnknownMemberType] (tomlkit says nothing of its tables)
        if not isinstance(inner, MutableMapping):
            raise ConfigEditError(f"`{part}` is no table")
        root = cast(_Mapping, inner)
    return document, root


def _pairs(root: _Mapping, key: str) -> _Mapping:
    found: Any = root[key]
    if not isinstance(found, MutableMapping):
        raise ConfigEditError(f"`{key}` is no table")
    return cast(_Mapping, found)


def _drop_pair(root: _Mapping, key: str, backend: str, crate: str) -> None:
    """Takes one pair out of a table of pairs, or of a list of pairs; an empty table goes too."""
    found: Any = root.get(key)
    if isinstance(found, list):
        rows = cast(list[Any], found)
        for index in reversed(range(len(rows))):
            if rows[index] == [backend, crate]:
                del rows[index]
    elif isinstance(found, MutableMapping):
        table = cast(_Mapping, found)
        others: Any = table.get(backend)
        if others == crate or others == [crate]:
            del table[backend]
        elif isinstance(others, list) and crate in others:
            table[backend] = [other for other in cast(list[Any], others) if other != crate]
        if not table:
            del root[key]
