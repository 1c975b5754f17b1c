"""How the crate answers a request that isn't as it should be: with its own extractors, in FastAPI's
form; with the framework's, as that has it.

axum: docs of `axum::extract::rejection`; actix-web: docs of `web::JsonConfig`, `QueryConfig` and
`PathConfig`.
"""

from __future__ import annotations

import re

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.rust.declared import FnItem
from port_lsp.testing.asked import Checked
from port_lsp.writing.ir.types import Type

_TAKES = {"Json": "body", "Form": "body", "Query": "query", "Path": "path"}
# The status of a value that can't be read, by the part of the request.
_AXUM = {"body": 422, "query": 400, "path": 400}
_ACTIX = {"body": 400, "query": 400, "path": 404}
_LOC = re.compile(rb"\bloc\b")


class Refusal(Record, frozen=True):
    """A status, and whether FastAPI's form tells where the fault is."""

    status: int
    tells: bool


class Refusals:
    """What handlers refuse with. State: whether the crate's extractors tell where faults are."""

    def __init__(self, desk: Desk) -> None:
        """Of the crate at a desk."""
        self._desk = desk
        texts = [one.text.data for one in desk.workshop.files.values()]
        self._tells = any(_LOC.search(text) for text in texts)

    def of(self, handler: str, one: Checked) -> Refusal | None:
        """What a handler (its item key) answers to a request with a fault; None where that isn't
        known."""
        part = "body" if one.wrong[0] == "body" else one.wrong[0]
        kind = self._extractor(handler, part)
        if kind is None:
            return None
        if self._desk.workshop.scopes.is_ours(kind.head.path):
            return Refusal(422, tells=True) if self._tells else None
        # The framework's read no limits, without a body they don't get as far, serde takes a list
        # for a struct, and calls some values of another type (an enum's) no JSON at all.
        sure = ("missing",) if part == "body" else ("missing", "type")
        if one.wrong == ("body",) or one.kind not in sure:
            return None
        statuses = _AXUM if self._desk.framework == "axum" else _ACTIX
        status = statuses.get(part)
        return Refusal(status, tells=False) if status is not None else None

    def _extractor(self, handler: str, part: str) -> Type | None:
        """The extractor that takes a part of the request."""
        file, _, name = handler.partition("::")
        for _, item in self._desk.workshop.declared(file):
            if not isinstance(item, FnItem) or item.qualified != name:
                continue
            for _, written in item.params:
                kind = type_of(self._desk.workshop.scopes, file, written)
                found = self._inside(kind, part) if isinstance(kind, Type) else None
                if found is not None:
                    return found
        return None

    def _inside(self, kind: Type, part: str) -> Type | None:
        if _TAKES.get(kind.head.name) == part:
            return kind
        for one in kind.args:
            found = self._inside(one, part) if isinstance(one, Type) else None
            if found is not None:
                return found
        return None
