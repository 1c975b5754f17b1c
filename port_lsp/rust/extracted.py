"""Extractors: what a handler's parameter takes of the request, by its type.

axum's and actix-web's own extractors and those of axum-extra, actix-multipart and validators that
wrap another one. Everything else is an extractor of the crate: a dependency.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from port_lsp.rust.literals import split
from port_lsp.rust.typetable import arguments, head

Takes = Literal[
    "path", "query", "body", "form", "file", "header", "cookie", "raw", "nothing", "own"
]

_LOCATIONS: dict[str, Takes] = {
    "Path": "path",
    "Query": "query",
    "QsQuery": "query",
    "RawQuery": "query",
    "Json": "body",
    "Embedded": "body",
    "JsonDeserializer": "body",
    "Protobuf": "body",
    "Msgpack": "body",
    "MsgPack": "body",
    "Either": "body",
    "Form": "form",
    "RawForm": "raw",
    "UrlEncodedForm": "form",
    "TypedMultipart": "form",
    "MultipartForm": "form",
    "Multipart": "file",
    "TypedHeader": "header",
    "Header": "header",
    "Cookie": "cookie",
    "Bytes": "raw",
    "BytesMut": "raw",
    "String": "raw",
    "Payload": "raw",
    "Body": "raw",
    "BodyStream": "raw",
}
_WRAPPERS = frozenset(
    {"Valid", "Validated", "Garde", "WithRejection", "Cached", "Option", "Result", "ValidatedQuery"}
)
_VALIDATED = {"ValidatedJson": "body", "ValidatedForm": "form", "ValidatedQuery": "query"}
_NOTHING = frozenset(
    {
        "State", "Data", "Extension", "HttpRequest", "Request", "Parts", "Method", "Uri", "Version",
        "HeaderMap", "OriginalUri", "MatchedPath", "NestedPath", "ConnectInfo", "Host", "Scheme",
        "ReqData", "ThinData", "ServiceRequest", "WebSocketUpgrade", "CookieJar", "SignedCookieJar",
        "PrivateCookieJar", "Cookies", "ConnectionInfo", "PeerAddr", "SizeLimit", "Self", "Session",
        "RequestHead", "Extensions", "RawPathParams", "Identity", "Metrics", "Tera", "Locale",
    }
)  # fmt: skip
_NAME = re.compile(r"[a-z_]\w*")


class Extracted(NamedTuple):
    """What one parameter takes. `type` is the extractor's argument as written, or the parameter's
    own type; `names` what its pattern binds; `optional` whether the request may do without."""

    takes: Takes
    type: str
    names: tuple[str, ...]
    optional: bool
    extractor: str


def extracted(pattern: str, kind: str) -> Extracted | None:
    """What a parameter takes of the request; None for `self`."""
    if pattern == "self":
        return None
    optional = False
    text = kind.strip()
    while True:
        name = head(text).rpartition("::")[2]
        inner = arguments(text)
        if name not in _WRAPPERS or not inner:
            break
        optional = optional or name in ("Option", "Result")
        text = inner[0]
    names = bound_names(pattern)
    validated = _VALIDATED.get(name)
    takes: Takes = "own"
    if validated is not None:
        takes = "body" if validated == "body" else "form" if validated == "form" else "query"
    elif name in _LOCATIONS:
        takes = _LOCATIONS[name]
    elif name in _NOTHING:
        takes = "nothing"
    return Extracted(takes, inner[0] if inner and takes != "own" else text, names, optional, name)


def bound_names(pattern: str) -> tuple[str, ...]:
    """The variables of a pattern, in order: `Path((id, name))` binds two."""
    if pattern.isidentifier():
        return (pattern,)
    inside = pattern
    while "(" in inside:
        inside = inside.partition("(")[2].rpartition(")")[0]
    found: list[str] = []
    for part in split(inside or pattern):
        name = part.removeprefix("mut ").removeprefix("ref ").strip()
        if _NAME.fullmatch(name):
            found.append(name)
    return tuple(found)


def tuple_types(kind: str) -> tuple[str, ...]:
    """The types of a tuple, or the one type that it isn't a tuple."""
    text = kind.strip()
    if text.startswith("(") and text.endswith(")"):
        return tuple(split(text[1:-1]))
    return (text,)
