"""Headers: their names, and their values as Starlette encodes them.

Starlette: `Response.init_headers` (names in lower case, values in latin-1),
`MutableHeaders.__setitem__`. What h11 refuses, or uvicorn sends by itself, isn't translated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.values import UntranslatedError, Val, is_text
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, Symbol, Type, named, symbol
from port_lsp.writing.printer.literals import string

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Scene

# What a value may be that is written as it is: printable, without blanks at its ends.
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_OURS = frozenset(
    ("content-length", "transfer-encoding", "connection", "date", "server", "trailer", "upgrade")
)
# http 1.x, `header`.
_CONSTANTS = frozenset(
    ("accept-ranges", "access-control-allow-headers", "access-control-allow-methods",
     "access-control-allow-origin", "access-control-expose-headers", "age", "allow",
     "cache-control", "content-disposition", "content-encoding", "content-language",
     "content-location", "content-range", "content-security-policy", "content-type", "etag",
     "expires", "last-modified", "link", "location", "pragma", "referrer-policy", "retry-after",
     "set-cookie", "strict-transport-security", "vary", "via", "warning", "www-authenticate",
     "x-content-type-options", "x-dns-prefetch-control", "x-frame-options", "x-xss-protection")
)  # fmt: skip


class Header(Record, frozen=True):
    """A header: its name in lower case, its value as a text that is known or as Rust's."""

    name: str
    text: str | None
    value: b.Expr


def header(scene: Scene, name: str, val: Val) -> Header:
    """A header of a response. Raises UntranslatedError."""
    name = name.lower()
    if not _NAME.fullmatch(name) or name in _OURS:
        raise UntranslatedError("a header that the server sees to")
    if val.known is not None and isinstance(val.known.value, str):
        return plain(scene, name, val.known.value)
    if not is_text(val) or val.wrapped:
        raise UntranslatedError("a header whose value is no text")
    text = val.expr if isinstance(val.type, Reference) else b.Unary("&", val.expr)
    made = b.Call(b.Path(_encoding(scene)), (text,))
    return Header(name, None, b.Try(made))


def plain(scene: Scene, name: str, text: str) -> Header:
    """A header whose value is known. Raises UntranslatedError."""
    if not _VALUE.fullmatch(text):
        raise UntranslatedError("a header whose value isn't printable")
    made = b.Call(b.Path(header_value(scene).head, ("from_static",)), (b.Lit(string(text)),))
    return Header(name, text, made)


def name_of(scene: Scene, name: str) -> b.Expr | None:
    """The constant for a header's name; None without one."""
    if name not in _CONSTANTS:
        return None
    module = "axum::http::header" if scene.desk.framework == "axum" else "actix_web::http::header"
    return b.Path(symbol(f"{module}::{name.upper().replace('-', '_')}"))


def said(scene: Scene, name: str) -> b.Expr:
    """A header's name where it stands alone."""
    constant = name_of(scene, name)
    if constant is not None:
        return constant
    module = "axum::http" if scene.desk.framework == "axum" else "actix_web::http::header"
    of = b.Path(symbol(f"{module}::HeaderName"), ("from_static",))
    return b.Call(of, (b.Lit(string(name)),))


def header_value(scene: Scene) -> Type:
    """The type of a header's value."""
    axum = scene.desk.framework == "axum"
    return named("axum::http::HeaderValue" if axum else "actix_web::http::header::HeaderValue")


def _encoding(scene: Scene) -> Symbol:
    """The function that makes a header's value of a text."""
    if scene.functions is None or scene.result is None:
        raise UntranslatedError("a header in a handler that can't fail")
    kind = header_value(scene)
    result = around(scene.result, kind)
    refused = unsaid(scene, "UnicodeEncodeError")
    unsent = unsaid(scene, "LocalProtocolError")  # h11's, when the answer is sent

    def make(claimed: str) -> i.Function:
        one = b.Name("one")
        byte = b.Method(b.Call(b.Path(symbol("u8"), ("try_from",)), (one,)), "ok")
        each = b.Method(
            b.Method(b.Name("text"), "chars"), "map", (b.Closure((b.Bind("one"),), byte),)
        )
        every = b.Method(each, "collect", (), (named("Option", named("Vec", named("u8"))),))
        encoded = b.Method(every, "ok_or_else", (b.Closure((), refused),))
        bytes_ = b.Let(b.Bind("bytes"), b.Try(encoded))
        of = b.Call(b.Path(kind.head, ("from_bytes",)), (b.Unary("&", b.Name("bytes")),))
        found = b.Method(of, "map_err", (b.Closure((b.Wild(),), unsent),))
        return i.Function(
            claimed, (i.Param(b.Bind("text"), Reference(named("str"))),), result,
            b.Block((bytes_,), found), visibility="pub", docs=(_DOCS,),
        )  # fmt: skip

    source = f"{scene.backend_file}::"
    return scene.functions.helper("header_value", source, "header_value", _DOCS, scene.needs, make)


_DOCS = "A header's value, in latin-1 as Starlette encodes it."
