"""The check that a crate's handlers make in their bodies, as the same check elsewhere."""

from __future__ import annotations

import re

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.conventions import GuardWay
from port_lsp.patterns.endpoints.written import symbol_of
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string

_COMPARED = re.compile(r'(?P<path>[a-z_]\w*(?:\.\w+)*(?:\(\))?)\s*!=\s*"(?P<role>\w+)"')
_REFUSED = re.compile(
    r"return\s+Err\(\s*(?P<path>\w+(?:::\w+)*)\s*"
    r'(?:\(\s*"(?P<text>[^"\\]*)"\s*\.\s*(?P<owned>to_string|into|to_owned)\(\)\s*,?\s*\))?\s*,?\s*\)'
)


def check_of(desk: Desk, way: GuardWay) -> tuple[b.Statement, ...]:
    """`if user.role != "admin" { return Err(…); }`, as the handler does it that was seen; nothing
    where the check isn't of that form."""
    compared = _COMPARED.fullmatch(way.check)
    if way.by != "check" or compared is None:
        return ()
    file, _, name = way.seen.partition("::")
    source = desk.snapshot.crate_files.get(file)
    chunk = source.by_id.get(name) if source is not None else None
    if source is None or chunk is None:
        return ()
    text = source.chunk_bytes(chunk).decode("utf-8", "replace")
    refused = _REFUSED.search(text, max(text.find(way.check), 0))
    if refused is None:
        return ()
    parts = compared["path"].split(".")
    left: b.Expr = b.Name(parts[0])
    for part in parts[1:]:
        call = part.endswith("()")
        left = b.Method(left, part[:-2]) if call else b.Access(left, part)
    error = b.Call(b.Path(symbol("Err")), (_error(desk, file, refused),))
    refuse = b.Block((b.Do(b.Jump("return", error)),))
    return (b.Do(b.If(b.Binary(left, "!=", b.Lit(string(compared["role"]))), refuse)),)


def _error(desk: Desk, file: str, refused: re.Match[str]) -> b.Expr:
    """The error that is returned: a variant, with its text where it has one."""
    kind, _, variant = refused["path"].rpartition("::")
    scopes = desk.workshop.scopes
    if kind:
        of: b.Expr = b.Path(symbol_of(scopes, file, kind), (variant,))
    else:
        of = b.Path(symbol_of(scopes, file, variant))
    if refused["text"] is None:
        return of
    return b.Call(of, (b.Method(b.Lit(string(refused["text"])), refused["owned"]),))
