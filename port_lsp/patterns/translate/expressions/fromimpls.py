"""How the crate itself makes one type of another: its `impl From<Row> for Model`.

Such an impl is its author's word for what Pydantic does by attributes; another conversion beside it
would be a second truth.
"""

from __future__ import annotations

from typing import Literal

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.rust.declared import FnItem
from port_lsp.writing.ir.types import Reference, Type

Taking = Literal["owned", "borrowed"]
"""How an impl takes what it makes the other of: `From<Row>` or `From<&Row>`."""


def made_by_the_crate(desk: Desk, model: Type, row: Type) -> Taking | None:
    """How the crate's `From` that makes a model of a row takes the row; None where it has none.
    It is looked for where the two types are declared."""
    scopes = desk.workshop.scopes
    homes = [scopes.type_item(one.head.path) for one in (model, row)]
    if homes[0] is None:
        return None
    found: set[Taking] = set()
    for file in dict.fromkeys(home[0] for home in homes if home is not None):
        for _, item in desk.workshop.declared(file):
            if not isinstance(item, FnItem) or (item.name, item.trait) != ("from", "From"):
                continue
            if item.owner is None or type_of(scopes, file, item.owner) != model:
                continue
            taken = type_of(scopes, file, item.params[0][1]) if len(item.params) == 1 else None
            if taken == row:
                found.add("owned")
            elif isinstance(taken, Reference) and taken.inner == row:
                found.add("borrowed")
    return "owned" if "owned" in found else "borrowed" if found else None
