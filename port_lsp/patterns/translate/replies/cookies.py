"""Cookies, as Starlette's `set_cookie` has Python's `http.cookies` write them: the attributes in
the order of their names."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from port_lsp.patterns.translate.expressions.fstrings import formatted
from port_lsp.patterns.translate.replies.headers import Header, header
from port_lsp.patterns.translate.replies.quoting import cookie_value
from port_lsp.patterns.translate.values import (
    I64,
    STRING,
    UntranslatedError,
    Val,
    is_none,
    known,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Env, Scene

_ORDER = ("key", "value", "max_age", "expires", "path", "domain", "secure", "httponly", "samesite")
_DELETED = ("key", "path", "domain", "secure", "httponly", "samesite")
# http.cookies: `_LegalChars`; the names that it keeps for attributes.
_LEGAL = re.compile(r"[\w!#$%&'*+.^`|~:-]+", re.A)
_RESERVED = frozenset(
    ("expires", "path", "comment", "domain", "max-age", "secure", "httponly", "version",
     "samesite", "partitioned")
)  # fmt: skip
_PRINTABLE = re.compile(r"[!-:<-~]+")  # without `;`
_DATE = "%a, %d %b %Y %H:%M:%S GMT"


def cookie(scene: Scene, node: ast.Call, env: Env) -> Header:
    """`set_cookie(key, value, …)`. Raises UntranslatedError."""
    given = _given(node, _ORDER)
    value = scene.value(given["value"], env) if "value" in given else known("")
    return _made(scene, given, value, env)


def dropped(scene: Scene, node: ast.Call, env: Env) -> Header:
    """`delete_cookie(key, …)`: one that ends now."""
    given = _given(node, _DELETED)
    zero = ast.Constant(0)
    return _made(scene, {**given, "max_age": zero, "expires": zero}, known(""), env)


def _given(node: ast.Call, order: tuple[str, ...]) -> dict[str, ast.expr]:
    if len(node.args) > len(order) or any(isinstance(one, ast.Starred) for one in node.args):
        raise UntranslatedError("a cookie with arguments that aren't known")
    found = dict(zip(order, node.args, strict=False))
    for one in node.keywords:
        if one.arg not in order or one.arg in found:
            raise UntranslatedError("a cookie with arguments that aren't known")
        found[one.arg] = one.value
    return found


def _made(scene: Scene, given: dict[str, ast.expr], value: Val, env: Env) -> Header:
    key = _said(scene, given, "key", env, None)
    if not isinstance(key, str) or not _LEGAL.fullmatch(key) or key.lower() in _RESERVED:
        raise UntranslatedError("a cookie whose name isn't known")
    parts: list[Val] = [known(f"{key}="), _value(scene, value)]
    domain = _said(scene, given, "domain", env, None)
    if domain is not None:
        parts.append(known(f"; Domain={_attribute(domain)}"))
    expires = _said(scene, given, "expires", env, None)
    if expires is not None:
        parts += [known("; expires="), _date(scene, expires)]
    if _flag(scene, given, "httponly", env):
        parts.append(known("; HttpOnly"))
    if "max_age" in given and not is_none(age := scene.value(given["max_age"], env)):
        if without_reference(age.type) != I64 or age.wrapped:
            raise UntranslatedError("a cookie whose age is no number")
        parts += [known("; Max-Age="), age]
    path = _said(scene, given, "path", env, "/")
    if path is not None:
        parts.append(known(f"; Path={_attribute(path)}"))
    site = _said(scene, given, "samesite", env, "lax")
    if site is not None:
        if not isinstance(site, str) or site.lower() not in ("lax", "strict", "none"):
            raise UntranslatedError("a cookie for no known sites")
        parts.append(known(f"; SameSite={site}"))
    if _flag(scene, given, "secure", env):
        parts.append(known("; Secure"))
    text, args = formatted(parts)
    if not args:
        return header(scene, "set-cookie", known(text.replace("{{", "{").replace("}}", "}")))
    made = b.Macro(symbol("format"), (b.Lit(string(text)), *args))
    return header(scene, "set-cookie", Val(made, STRING))


def _value(scene: Scene, value: Val) -> Val:
    if value.known is None:
        return cookie_value(scene, value)
    text = value.known.value
    if text == "":
        return known('""')
    if not isinstance(text, str) or not _LEGAL.fullmatch(text):
        raise UntranslatedError("a cookie whose value is to be quoted")
    return known(text)


def _date(scene: Scene, seconds: object) -> Val:
    """So many seconds from now on, as http.cookies writes it."""
    if not isinstance(seconds, int):
        raise UntranslatedError("a cookie that ends on a date")
    scene.needs.depend("chrono", "0.4")
    now: b.Expr = b.Call(b.Path(symbol("chrono::Utc"), ("now",)))
    if seconds:
        span = b.Call(b.Path(symbol("chrono::Duration"), ("seconds",)), (b.Lit(str(seconds)),))
        now = b.Binary(now, "+", span)
    written = b.Method(now, "format", (b.Lit(string(_DATE)),))
    return Val(b.Method(written, "to_string"), STRING)


def _said(
    scene: Scene, given: dict[str, ast.expr], name: str, env: Env, default: str | None
) -> object:
    """The value of an argument, which must be known."""
    if name not in given:
        return default
    val = scene.value(given[name], env)
    if val.known is None:
        raise UntranslatedError("a cookie with attributes that aren't known")
    return val.known.value


def _flag(scene: Scene, given: dict[str, ast.expr], name: str, env: Env) -> bool:
    return bool(_said(scene, given, name, env, None))


def _attribute(value: object) -> str:
    if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
        raise UntranslatedError("a cookie with attributes that aren't known")
    return value
