"""`urllib.parse.quote` as `RedirectResponse` calls it, and cookies' values as `http.cookies` quotes
them: functions that are written once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.patterns.translate.values import STRING, UntranslatedError, Val, is_text
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, named, symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from port_lsp.patterns.translate.scene import Scene

_CHAR, _FORMAT = symbol("char"), symbol("format")
_TEXT = i.Param(b.Bind("text"), Reference(named("str")))
_BYTE, _ONE = b.Name("byte"), b.Name("one")
# `quote`: what it never touches, with what Starlette says is safe.
_URL = "_.-~:/%#?=@[]!$&'()*+,;"
# http.cookies: `_LegalChars`, `_UnescapedChars`.
_LEGAL = "!#$%&'*+-.^_`|~:"
_UNESCAPED = f"{_LEGAL} ()/<=>?@[]{{}}"


def quoted(scene: Scene, val: Val) -> Val:
    """An address as a redirection sends it."""

    def make(claimed: str) -> i.Function:
        same = b.Method(b.Call(b.Path(_CHAR, ("from",)), (_BYTE,)), "to_string")
        other = b.Macro(_FORMAT, (b.Lit('"%{byte:02X}"'),))
        kept = b.Binary(_alphanumeric(_BYTE), "||", _among(f'b"{_URL}"', _BYTE, "contains"))
        return _each(claimed, "bytes", "byte", kept, same, other, _URL_DOCS)

    return _called(scene, "quoted_url", val, _URL_DOCS, make)


def cookie_value(scene: Scene, val: Val) -> Val:
    """A text as the value of a cookie."""

    def make(claimed: str) -> i.Function:
        legal = b.Closure((b.Bind("one"),), b.Binary(
            _alphanumeric(_ONE), "||", _among(f'"{_LEGAL}"', _ONE, "contains")))  # fmt: skip
        every = b.Method(b.Method(b.Name("text"), "chars"), "all", (legal,))
        there = b.Unary("!", b.Method(b.Name("text"), "is_empty"))
        plain = b.If(
            b.Binary(there, "&&", every),
            b.Block((b.Do(b.Jump("return", b.Method(b.Name("text"), "to_string"))),)),
        )
        number = b.Call(b.Path(symbol("u32"), ("from",)), (_ONE,))
        octal = b.Macro(_FORMAT, (b.Lit('"\\\\{:03o}"'), number))
        marked = b.Macro(_FORMAT, (b.Lit('"\\\\{one}"'),))
        same = b.Method(_ONE, "to_string")
        rest = b.If(_is_kept(number), b.Block(tail=same), b.Block(tail=octal))
        choice = b.If(_is_marked(), b.Block(tail=marked), rest)
        each = b.Closure((b.Bind("one"),), b.Block(tail=choice))
        inner = b.Let(
            b.Bind("quoted"),
            b.Method(b.Method(b.Method(b.Name("text"), "chars"), "map", (each,)), "collect"),
            STRING,
        )
        whole = b.Macro(_FORMAT, (b.Lit('"\\"{quoted}\\""'),))
        return i.Function(
            claimed, (_TEXT,), STRING, b.Block((b.Do(plain), inner), whole),
            visibility="pub", docs=(_COOKIE_DOCS,),
        )  # fmt: skip

    return _called(scene, "cookie_value", val, _COOKIE_DOCS, make)


_URL_DOCS = "An address as Starlette's `RedirectResponse` quotes it."
_COOKIE_DOCS = "A cookie's value as Python's `http.cookies` quotes it."


def _is_kept(number: b.Expr) -> b.Expr:
    """Whether a character is written as it is; beyond latin-1 the header refuses it."""
    large = b.Binary(number, ">", b.Lit("255"))
    plain = b.Binary(_alphanumeric(_ONE), "||", _among(f'"{_UNESCAPED}"', _ONE, "contains"))
    return b.Binary(b.Binary(large, "||", plain.left), "||", plain.right)


def _is_marked() -> b.Expr:
    quote = b.Binary(_ONE, "==", b.Lit("'\"'"))
    return b.Binary(quote, "||", b.Binary(_ONE, "==", b.Lit("'\\\\'")))


def _alphanumeric(of: b.Expr) -> b.Expr:
    return b.Method(of, "is_ascii_alphanumeric")


def _among(literal: str, of: b.Expr, method: str) -> b.Expr:
    argument = b.Unary("&", of) if literal.startswith("b") else of
    return b.Method(b.Lit(literal), method, (argument,))


def _each(
    name: str, over: str, one: str, kept: b.Expr, same: b.Expr, other: b.Expr, docs: str
) -> i.Function:
    choice = b.If(kept, b.Block(tail=same), b.Block(tail=other))
    closure = b.Closure((b.Bind(one),), b.Block(tail=choice))
    mapped = b.Method(b.Method(b.Name("text"), over), "map", (closure,))
    body = b.Block(tail=b.Method(mapped, "collect"))
    return i.Function(name, (_TEXT,), STRING, body, visibility="pub", docs=(docs,))


def _called(scene: Scene, name: str, val: Val, docs: str, make: Callable[[str], i.Function]) -> Val:
    if scene.functions is None or not is_text(val) or val.wrapped:
        raise UntranslatedError("a text in a handler that can't fail")
    made = scene.functions.helper(name, f"{scene.backend_file}::", name, docs, scene.needs, make)
    text = val.expr if isinstance(val.type, Reference) else b.Unary("&", val.expr)
    return Val(b.Call(b.Path(made), (text,)), STRING)
