"""The extractors that a crate has of its own: found by their names among the types that implement
`FromRequest` or `FromRequestParts`, and what validates what they have read.

A new crate has them in `src/extract`.
"""

from __future__ import annotations

import re
from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.validation import converts_errors
from port_lsp.rust.declared import ImplItem
from port_lsp.writing.ir.types import Symbol

Asked = Literal["body", "query", "path", "form", "header", "cookie", "parts"]
"""A part of a request; "parts" are several values in one JSON object."""
_OPTIONAL = frozenset(("OptionalFromRequest", "OptionalFromRequestParts"))
_TRAITS = frozenset(("FromRequest", "FromRequestParts", *_OPTIONAL))
NAMES: dict[Asked, str] = {
    **{"body": "Json", "query": "Query", "path": "Path", "form": "Form"},
    **{"header": "Header", "cookie": "Cookie", "parts": "Embedded"},
}
"""What an extractor is usually called, by what it takes."""
VALIDATING = ("Valid", "Validated")
OPTIONAL = "Optional"
"""What an extractor stands in that needn't be there: in actix-web Option takes errors for None."""
_UPLOADS = ("UploadFile", "FileContents")


class Extractor(Record, frozen=True):
    """What takes a part of a request: `Json<T>`, or `Valid<Json<T>>` by what stands `around` it.
    `checks` says whether what it gives has passed its validators."""

    symbol: Symbol
    around: Symbol | None = None
    checks: bool = False


class OwnExtractors:
    """Those of one crate."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's revision; `own` by their names, of which `optional` may be in an Option
        (axum 0.8). `converts_errors`: see the function."""
        self.own: dict[str, Symbol] = {}
        self.converts_errors = converts_errors(desk)
        self.optional: set[str] = set()
        self._around: dict[str, set[str]] = {}
        known = {*NAMES.values(), *VALIDATING, *_UPLOADS, OPTIONAL}
        known |= {one for name in NAMES.values() for one in fused(name)}
        scopes = desk.workshop.scopes
        for file in sorted(desk.workshop.files):
            impls = [
                item
                for _, item in desk.workshop.declared(file)
                if isinstance(item, ImplItem) and _is_reading(item) and item.name in known
            ]
            self.optional |= {one.name for one in impls if (one.trait or "") in _OPTIONAL}
            found = {one.name for one in impls}
            for name in sorted(found - self.own.keys()):
                path = scopes.found_path(file, name)
                if path is not None:
                    self.own[name] = Symbol(path)
                    if name in VALIDATING:
                        self._around[name] = _wrapped(desk, file, name)

    def taking(self, takes: Asked) -> Symbol | None:
        """The one that takes a part of a request."""
        return self.own.get(self._name(takes))

    def _name(self, takes: Asked) -> str:
        name = NAMES[takes]
        return NAMES["body"] if takes == "parts" and name not in self.own else name

    def named(self, name: str) -> Symbol | None:
        """Another type of the crate's own that is part of a request, by its name."""
        return self.own.get(name)

    def validating(self, takes: Asked) -> Extractor | None:
        """The one that takes a part of a request and validates it."""
        name = self._name(takes)
        inner = self.own.get(name)
        for around, names in self._around.items():
            if inner is not None and name in names:
                return Extractor(inner, self.own[around], checks=True)
        found = next((one for one in fused(name) if one in self.own), None)
        return Extractor(self.own[found], checks=True) if found is not None else None


def fused(name: str) -> tuple[str, str]:
    """What an extractor is usually called that validates by itself: `ValidatedJson`."""
    return f"Validated{name}", f"Valid{name}"


def own_extractors(desk: Desk) -> OwnExtractors:
    """Those of a desk's revision."""
    return desk.stands(OwnExtractors)


def _is_reading(item: ImplItem) -> bool:
    trait = item.trait or ""
    return trait in _TRAITS or (trait == "Deserialize" and item.name in _UPLOADS)


def _wrapped(desk: Desk, file: str, name: str) -> set[str]:
    """The extractors that one may stand around: those that its file names in its argument, all of
    them where a macro goes through their names."""
    source = desk.snapshot.crate_files.get(file)
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    inner = set(re.findall(rf"\b{name}<\s*(?:\w+::)*(\$?\w+)\s*<", text))
    if any(one.startswith("$") for one in inner):
        inner |= {one for one in NAMES.values() if re.search(rf"\b{one}\b", text)}
    return inner
