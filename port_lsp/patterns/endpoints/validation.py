"""The call that runs validators in a handler's body, as the crate's handlers have it, where no
extractor does: `form.validate().map_err(|error| AppError::Validation(error.to_string()))?;`"""

from __future__ import annotations

import re
from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.handlers import Handler
from port_lsp.patterns.endpoints.written import symbol_of
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Symbol, symbol

_CALL = re.compile(
    r"\b\w+(?:\s*\.\s*0)?\s*\.\s*validate\(\)\s*"
    r"(?:\.\s*map_err\(\s*(?:\|\s*(?P<name>\w+)\s*\|\s*)?(?P<path>\w+(?:::\w+)*)\s*"
    r"(?:\(\s*(?P<given>\w+)\s*(?:\.\s*(?P<by>to_string|into)\(\)\s*)?,?\s*\)\s*)?\)\s*)?\?\s*;"
)
_CONVERTED = re.compile(rb"\bFrom<\s*(?:\w+::)*ValidationErrors\s*>\s+for\b")
By = Literal["itself", "path", "given", "to_string", "into", "nothing"]
_BY: dict[str, By] = {"to_string": "to_string", "into": "into"}


class Validation(Record, frozen=True):
    """What becomes of a validator's errors: they are converted by `?` alone ("itself"), handed to
    a function or variant by its path ("path"), or in a closure, as they are ("given"), as text
    ("to_string"), converted ("into"), or not at all ("nothing")."""

    by: By = "itself"
    error: Symbol | None = None
    members: tuple[str, ...] = ()

    def call(self, name: str) -> b.Statement:
        """The call for what a variable holds."""
        checked: b.Expr = b.Method(b.Name(name), "validate", trait=symbol("validator::Validate"))
        if self.error is not None:
            checked = b.Method(checked, "map_err", (self._mapped(self.error),))
        return b.Do(b.Try(checked))

    def _mapped(self, error: Symbol) -> b.Expr:
        of = b.Path(error, self.members)
        if self.by == "path":
            return of
        if self.by == "nothing":
            return b.Closure((b.Wild(),), of)
        given: b.Expr = b.Name("error")
        if self.by in ("to_string", "into"):
            given = b.Method(given, self.by)
        return b.Closure((b.Bind("error"),), b.Call(of, (given,)))


def validation_in(desk: Desk, one: Handler) -> Validation | None:
    """The call that a handler has; None for one without, or with one of another form."""
    source = desk.snapshot.crate_files.get(one.file)
    chunk = source.by_id.get(one.key.partition("::")[2]) if source is not None else None
    if source is None or chunk is None:
        return None
    found = _CALL.search(source.chunk_bytes(chunk).decode("utf-8", "replace"))
    if found is None:
        return None
    path, given = found["path"], found["given"]
    if path is None:
        return Validation()
    if given is not None and given != found["name"]:
        return None
    by: By = "path"
    if found["name"] is not None:
        by = "nothing" if given is None else _BY.get(found["by"] or "", "given")
    kind, _, last = path.rpartition("::")
    scopes = desk.workshop.scopes
    if kind:
        return Validation(by, symbol_of(scopes, one.file, kind), (last,))
    return Validation(by, symbol_of(scopes, one.file, last))


def converts_errors(desk: Desk) -> bool:
    """Whether the crate says what a validator's errors become by `?`."""
    return any(
        _CONVERTED.search(source.text.data) is not None
        for source in desk.snapshot.crate_files.values()
        if b"ValidationErrors" in source.text.data
    )
