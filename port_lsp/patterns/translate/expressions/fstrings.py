"""f-strings and texts put together: `format!`.

Python: "Formatted string literals"; only what both sides are known to write alike is put in
(`texts.py`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from port_lsp.patterns.translate.enums import text_of
from port_lsp.patterns.translate.expressions.texts import fixed, text_of_value, told
from port_lsp.patterns.translate.objects.sharing import apart
from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.sockets import sent_shown
from port_lsp.patterns.translate.values import (
    I64,
    STRING,
    UntranslatedError,
    Val,
    awaits,
    is_text,
    known,
    waits,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string

FORMAT = symbol("format")
_FIXED = re.compile(r"\.(\d{1,2})f")


def joined(scene: Scene, node: ast.JoinedStr, env: Env) -> Val:
    """An f-string."""
    parts: list[Val] = []
    for one in node.values:
        if isinstance(one, ast.FormattedValue):
            parts.append(_part(scene, one, env))
        else:
            parts.append(scene.value(one, env))
    return put_together(scene, parts, env)


def _part(scene: Scene, node: ast.FormattedValue, env: Env) -> Val:
    val = said(scene, sent_shown(scene, node.value, scene.value(node.value, env)))
    if node.format_spec is not None:
        spec = _FIXED.fullmatch(_written(node.format_spec))
        if node.conversion != -1 or spec is None:
            raise UntranslatedError("a format in an f-string")
        return fixed(scene, val, int(spec[1]))
    if node.conversion not in (-1, ord("s")) and not scene.telling:
        raise UntranslatedError("a format in an f-string")
    return told(scene, val) if scene.telling else text_of_value(scene, val)


def _written(spec: ast.expr) -> str:
    """A format that is written out; "" for another one."""
    parts = spec.values if isinstance(spec, ast.JoinedStr) else []
    texts = [one.value for one in parts if isinstance(one, ast.Constant)]
    return "".join(map(str, texts)) if len(texts) == len(parts) else ""


def said(scene: Scene, val: Val) -> Val:
    """What was caught, as its text; another value as it is."""
    text_of(val)
    if scene.vague and scene.is_error(val):
        raise UntranslatedError("the text of another library's exception")
    if scene.is_error(val) and scene.errors is not None and not scene.errors.is_shown:
        raise UntranslatedError("the text of an error that has none")
    return Val(b.Method(val.expr, "to_string"), STRING) if scene.is_error(val) else val


def put_together(scene: Scene, parts: Sequence[Val], env: Env) -> Val:
    """Values as one text; what is waited for is bound before, as std's arguments of a format may
    not be held over an await."""
    if any(awaits(one.expr) for one in parts):
        before, parts = _bound(scene, parts, env)
        whole = put_together(scene, parts, env)
        return Val(b.Block(before, whole.expr), whole.type)
    some = [one for one in parts if one.known is None or shown(one)]
    if len(some) == 1 and some[0].type == STRING and not some[0].place:
        return some[0]
    if len(some) == 1 and is_text(some[0]) and some[0].known is None and not awaits(some[0].expr):
        return Val(b.Method(written(some[0]), "to_string"), STRING)
    text, args = formatted(parts)
    if not args:
        return known(text.replace("{{", "{").replace("}}", "}"))
    return Val(b.Macro(FORMAT, (b.Lit(string(text)), *args)), STRING)


def formatted(parts: Sequence[Val]) -> tuple[str, tuple[b.Expr, ...]]:
    """A format of std's for values, and its arguments."""
    text, args = "", list[b.Expr]()
    for one in parts:
        if one.known is not None:
            text += shown(one).replace("{", "{{").replace("}", "}}")
        elif isinstance(one.expr, b.Macro) and one.expr.symbol == FORMAT:
            head, *rest = one.expr.args
            assert isinstance(head, b.Lit)
            text += _inner(head.text)
            args += rest
        elif is_text(one) or without_reference(one.type) == I64:
            if awaits(one.expr):
                raise UntranslatedError("a call in an f-string")
            text += "{}"
            if isinstance(one.expr, b.Method) and one.expr.name == "to_string":
                args.append(one.expr.receiver)
            else:
                args.append(written(one))
        else:
            raise UntranslatedError("a value in an f-string that is no text")
    apart(args)
    return text, tuple(args)


def _bound(
    scene: Scene, parts: Sequence[Val], env: Env
) -> tuple[tuple[b.Statement, ...], list[Val]]:
    """Values of which what is waited for is in variables, made in the order of the values."""
    if scene.lent:  # what is said before it may be another one behind it
        raise UntranslatedError("a call in an f-string that changes a row")
    made: list[b.Statement] = []
    found: list[Val] = []
    for one in parts:
        if not waits(one.expr):
            found.append(one)
            continue
        if not (is_text(one) or without_reference(one.type) == I64) or one.wrapped:
            raise UntranslatedError("a value in an f-string that is no text")
        name = env.free("part" if not made else f"part{len(made) + 1}")
        made.append(b.Let(b.Bind(name), one.expr))
        found.append(Val(b.Name(name), one.type, place=True, root=name))
    return tuple(made), found


def _inner(literal: str) -> str:
    """The format of a `format!` that stands in another one."""
    value = ast.literal_eval(literal.replace("\\u{", "\\U{")) if "\\u{" not in literal else None
    if not isinstance(value, str):
        raise UntranslatedError("an f-string in another one")
    return value


def shown(val: Val) -> str:
    """A known value as `str` writes it."""
    value = val.known.value if val.known is not None else None
    return str(value)
