"""What the configuration's key `conventions` says of how handlers are written, before all else.

Values are Rust with full paths: `state = "State(state): axum::extract::State<crate::AppState>"`.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.extractors import Asked
from port_lsp.patterns.endpoints.written import symbol_of, type_of
from port_lsp.rust.typetable import arguments, head
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol

_PARAM = re.compile(
    r"(?:(?P<outer>[\w:]+)\s*\(\s*(?P<inner>\w+)\s*\)|(?P<name>\w+))\s*:(?!:)\s*(?P<type>\S.*)"
)

_TAKES: tuple[Asked, ...] = ("body", "query", "path", "form", "header", "cookie", "parts")


class Overrides:
    """The configured answers; None where nothing is configured, or nothing that can be read."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's revision."""
        self._desk = desk
        self._values = {
            name: value.strip()
            for name, value in desk.snapshot.config.conventions
            if isinstance(value, str)
        }

    @property
    def handlers(self) -> str | None:
        """The folder of handlers."""
        return self._values.get("handlers", "").strip("/") or None

    def param(self, name: str) -> i.Param | None:
        """A parameter: `state`, or the extractor of `user` or `role`."""
        match = _PARAM.fullmatch(self._values.get(name, ""))
        if match is None:
            return None
        kind = type_of(self._desk.workshop.scopes, self._root, match["type"])
        if kind is None:
            return None
        if match["name"] is not None:
            return i.Param(b.Bind(match["name"]), kind)
        # The pattern is the type's own constructor, whatever brings that into scope.
        of = symbol_of(self._desk.workshop.scopes, self._root, head(match["type"]))
        return i.Param(b.TuplePattern(of, (b.Bind(match["inner"]),)), kind)

    def extractor(self, takes: Asked | Literal["valid"]) -> Symbol | None:
        """What takes a part of the request, or ("valid") what validates it around that."""
        path = self._values.get(takes, "")
        if not path.replace("::", "").replace("_", "").isalnum():
            return None
        return symbol_of(self._desk.workshop.scopes, self._root, path)

    def result(self) -> tuple[Symbol, AnyType | None] | None:
        """What results are wrapped in, and their error: `crate::error::AppResult`, or
        `Result<_, crate::error::AppError>`."""
        written = self._values.get("result", "")
        if not written:
            return None
        of = symbol_of(self._desk.workshop.scopes, self._root, head(written))
        args = arguments(written)
        if len(args) != len(("answer", "error")):
            return of, None
        error = type_of(self._desk.workshop.scopes, self._root, args[1])
        return (of, error) if error is not None else None

    def visibility(self) -> bool | None:
        """Whether handlers are public."""
        return {"pub": True, "private": False}.get(self._values.get("visibility", ""))

    def unread(self) -> tuple[str, ...]:
        """The keys whose values mean nothing here."""
        readable = {
            "handlers": self.handlers,
            "result": self.result(),
            "visibility": self.visibility(),
            **{name: self.param(name) for name in ("state", "user", "role")},
            **{name: self.extractor(name) for name in (*_TAKES, "valid")},
        }
        names = (name for name, _ in self._desk.snapshot.config.conventions)
        return tuple(name for name in names if readable.get(name) is None)

    @cached_property
    def _root(self) -> str:
        files = self._desk.workshop.files
        return next(
            (file for file in files if self._desk.workshop.scopes.root_of(file) == file), ""
        )
