"""Names of new types in code that is written into other files than theirs."""

from __future__ import annotations

from typing import TypeVar, cast

from msgspec.structs import replace

from port_lsp.facts.source import Record
from port_lsp.writing.ir.types import Symbol

_R = TypeVar("_R", bound=Record)


def qualified(record: _R, names: frozenset[str], module: tuple[str, ...]) -> _R:
    """Code with the full paths of those names that are types of a module."""
    return cast("_R", _of(record, names, module))


def _of(record: object, names: frozenset[str], module: tuple[str, ...]) -> object:
    if isinstance(record, Symbol):
        is_new = len(record.path) == 1 and record.name in names
        return Symbol((*module, record.name)) if is_new else record
    if isinstance(record, tuple):
        return tuple(_of(one, names, module) for one in cast("tuple[object, ...]", record))
    if isinstance(record, Record):
        changed = {
            name: new
            for name in record.__struct_fields__
            if (new := _of(old := getattr(record, name), names, module)) != old
        }
        return replace(record, **changed) if changed else record
    return record
