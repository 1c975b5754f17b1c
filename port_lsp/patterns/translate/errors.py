"""How the crate answers a failure: the variant of its error type that has a status.

FastAPI's `HTTPException` answers `{"detail": …}`; which variants give which status is read of the
crate's own error type (`rust/errors.py`). Only variants that hold one text, or the crate's own
function of a status and a detail, are used: what else they'd need isn't known.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.says import Returns
from port_lsp.patterns.endpoints.written import alias_of, type_of
from port_lsp.patterns.translate.cratetypes import type_at
from port_lsp.rust.declared import FnItem
from port_lsp.rust.typetable import arguments
from port_lsp.writing.ir.types import AnyType, Symbol, Type, symbol

_TEXT = re.compile(r"\(\s*(?:std::string::)?String\s*\)")
_RAISED = re.compile(r"\bException\(\s*&'static\s+str\s*,\s*String\s*,?\s*\)")
_JSON = re.compile(r"impl\s+Into<\s*(?:serde_json::)?Value\s*>")
# What variants for a status are usually called, where several have it.
_USUAL = {
    400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "Conflict",
    500: "Internal",
}  # fmt: skip


class ErrorType(Record, frozen=True):
    """The crate's error type: `variants` that hold a text, by the status that they answer with;
    `maker` the name of its function of a status and a detail as JSON; `status` the type of
    statuses that it takes; `database` the variant that sqlx's errors become; `exception` the one
    that holds the class and the text of what Python raises by itself; `is_http` its method that
    says whether somebody chose the answer, as by HTTPException; `header` the one that gives the
    same answer with a header; `is_shown` says whether it has a text (`Display`)."""

    symbol: Symbol
    variants: tuple[tuple[int, str], ...] = ()
    maker: str = ""
    status: Symbol = Symbol(("axum", "http", "StatusCode"))
    database: str = ""
    exception: str = ""
    is_http: str = ""
    header: str = ""
    is_shown: bool = True

    def variant(self, status: int) -> str | None:
        """The one for a status."""
        return next((name for each, name in self.variants if each == status), None)


DATABASE = ErrorType(Symbol(("sqlx", "Error")))
"""sqlx's own, of functions that fail by nothing else."""


def error_type(desk: Desk, returns: Returns) -> ErrorType | None:
    """That of handlers that give such results; None where they can't fail, or it isn't the
    crate's own."""
    kind = returns.error if returns.error is not None else _of_alias(desk, returns.result)
    scopes = desk.workshop.scopes
    if not isinstance(kind, Type) or not scopes.is_ours(kind.head.path):
        return None
    found = scopes.type_item(kind.head.path)
    crate = desk.snapshot.crate
    if found is None or crate is None:
        return None
    file, item = found
    model = type_at(desk, kind.head)
    texts = {
        one.name
        for one in (model.fields if model is not None else ())
        if _TEXT.fullmatch(one.annotation or "")
    }
    by_status: dict[int, list[str]] = {}
    for part in crate.parts:
        owner, _, variant = part.name.rpartition("::")
        said = part.kind == "error-response" and owner == item.name and variant in texts
        if said and part.detail.isdigit():
            by_status.setdefault(int(part.detail), []).append(variant)
    variants = tuple((status, _best(status, names)) for status, names in by_status.items())
    axum = desk.framework == "axum"
    status_type = symbol("axum::http::StatusCode" if axum else "actix_web::http::StatusCode")
    maker, database = _maker(desk, file, item.name), _of_the_database(desk, file, item.name)
    exception, is_http = _of_python(desk, file, item.name)
    header, shown = _heading(desk, file, item.name), _is_shown(_text(desk, file), item.name)
    return ErrorType(
        kind.head, variants, maker, status_type, database, exception, is_http, header, shown
    )


def constant(status: int) -> str | None:
    """The name of a status among http's constants; None for one that has none there."""
    try:
        found = HTTPStatus(status)
    except ValueError:
        return None
    return _OTHERWISE.get(found.name, found.name)


# http 1.x, `StatusCode`: where its names aren't Python's.
_OTHERWISE = {
    "REQUEST_ENTITY_TOO_LARGE": "PAYLOAD_TOO_LARGE",
    "CONTENT_TOO_LARGE": "PAYLOAD_TOO_LARGE",
    "REQUEST_URI_TOO_LONG": "URI_TOO_LONG",
    "REQUESTED_RANGE_NOT_SATISFIABLE": "RANGE_NOT_SATISFIABLE",
    "UNPROCESSABLE_CONTENT": "UNPROCESSABLE_ENTITY",
    "IM_A_TEAPOT": "IM_A_TEAPOT",
}


def _of_alias(desk: Desk, result: Symbol | None) -> AnyType | None:
    scopes = desk.workshop.scopes
    alias = alias_of(scopes, result) if result is not None else None
    args = arguments(alias[1].target or "") if alias is not None else ()
    return type_of(scopes, alias[0], args[1]) if alias is not None and len(args) == 2 else None


def _of_the_database(desk: Desk, file: str, name: str) -> str:
    """The variant that holds an error of sqlx's as it is, and that `?` makes of one."""
    text = _text(desk, file)
    by_attribute = re.findall(r"\b(\w+)\(\s*#\[from\]\s*sqlx::Error\s*,?\s*\)", text)
    held = re.findall(r"\b(\w+)\(\s*sqlx::Error\s*,?\s*\)", text)
    made = re.search(
        rf"impl\s+From<\s*sqlx::Error\s*>\s+for\s+{name}\s*\{{\s*fn\s+from\(\s*(\w+)[^{{]*\{{"
        rf"\s*(?:Self|{name})::(\w+)\(\s*\1\s*\)\s*\}}",
        text,
    )
    if len(by_attribute) == 1:
        return by_attribute[0]
    return made[2] if made is not None and made[2] in held else ""


def _of_python(desk: Desk, file: str, name: str) -> tuple[str, str]:
    """The variant for what Python raises by itself, and the method that tells an HTTPException
    from that: as a new crate's ground has them."""
    raised = "Exception" if len(_RAISED.findall(_text(desk, file))) == 1 else ""
    asks = any(
        isinstance(item, FnItem)
        and (item.name, item.owner, item.trait) == ("is_http", name, None)
        and (item.public, item.returns, len(item.params)) == (True, "bool", 1)
        for _, item in desk.workshop.declared(file)
    )
    return raised, "is_http" if asks else ""


def _is_shown(text: str, name: str) -> bool:
    """Whether a type has a text: by itself, or by a derive (thiserror's `Error`, `Display`)."""
    if re.search(rf"\bDisplay\s+for\s+{name}\b", text):
        return True
    derives = rf"#\[derive\(([^)]*)\)\](?:\s*#\[[^\n]*\])*\s*pub(?:\([^)]*\))?\s+\w+\s+{name}\b"
    found = re.search(derives, text)
    return found is not None and re.search(r"\b(?:Error|Display)\b", found[1]) is not None


def _text(desk: Desk, file: str) -> str:
    source = desk.snapshot.crate_files.get(file)
    return source.text.data.decode("utf-8", "replace") if source is not None else ""


def _best(status: int, names: list[str]) -> str:
    usual = _USUAL.get(status, "")
    return next((one for one in names if usual and one.startswith(usual)), names[0])


def _maker(desk: Desk, file: str, name: str) -> str:
    """The function of the type that makes one of a status and a detail."""
    for _, item in desk.workshop.declared(file):
        if isinstance(item, FnItem) and item.public and (item.owner, item.trait) == (name, None):
            kinds = [kind for _, kind in item.params]
            makes = item.returns in ("Self", name) and not item.is_async and len(kinds) == 2
            if makes and kinds[0].endswith("StatusCode") and _JSON.fullmatch(kinds[1]):
                return item.name
    return ""


def _heading(desk: Desk, file: str, name: str) -> str:
    """The method of the type that gives the same answer with a header of a known name."""
    for _, item in desk.workshop.declared(file):
        if isinstance(item, FnItem) and item.public and (item.owner, item.trait) == (name, None):
            kinds = tuple(re.sub(r"\s+", " ", kind) for _, kind in item.params)
            if item.returns in ("Self", name) and not item.is_async and kinds[1:] == _HEADING:
                return item.name
    return ""


_HEADING = ("&'static str", "impl Into<String>")
