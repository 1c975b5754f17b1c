"""The type parameters that a handler has for the state that it takes: `<DB: Database>` for a
`State<AppState<DB>>`. Who takes the same state must have them, too.

Rules: the Rust Reference, "Generic parameters".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.handlers import Handler
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.rust.literals import split
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Type

_PRELUDE = frozenset({"Self", "String", "Vec", "Option", "Result", "Box"})


def open_names(kind: AnyType | None) -> frozenset[str]:
    """The type parameters in a type: bare names that aren't the language's own."""
    if not isinstance(kind, Type):
        return frozenset()
    path = kind.head.path
    bare = len(path) == 1 and path[0][:1].isupper() and path[0] not in _PRELUDE
    found = frozenset(path) if bare else frozenset[str]()
    return found.union(*map(open_names, kind.args))


def type_parameters(desk: Desk, one: Handler, names: Iterable[str]) -> tuple[i.Generic, ...] | None:
    """Those of these names, with their bounds; None where they can't be written elsewhere: one is
    missing, or its bounds stand in a `where` or are no paths."""
    file = desk.workshop.files.get(one.file)
    if file is None or not one.endpoints:
        return None
    start = file.span(one.endpoints[0].place).start
    signature = file.text.data[start:].partition(b"{")[0].decode("utf-8", "replace")
    name = re.escape(one.item.name)
    head = re.search(rf"\b{name}\s*<([^(]*)>\s*\(", signature)
    if head is None or re.search(r"\bwhere\b", signature):
        return None
    bounds = dict(part.split(":", 1) for part in split(head[1]) if ":" in part)
    written = {key.strip(): value for key, value in bounds.items()}
    found: list[i.Generic] = []
    for wanted in names:
        if wanted not in written:
            return None
        kinds = [type_of(desk.workshop.scopes, one.file, each) for each in _added(written[wanted])]
        if None in kinds:
            return None
        found.append(i.Generic(wanted, tuple(kind for kind in kinds if kind is not None)))
    return tuple(found)


def _added(bounds: str) -> list[str]:
    return [one.strip() for one in bounds.split("+")]
