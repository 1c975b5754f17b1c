"""Dates and times, and spans between them, as chrono has them.

Python's docs, `datetime`: one with a time zone and one without are different things, which can't be
compared or taken from each other. Here one with a zone is always in UTC (`DateTime<Utc>`), one
without is a `NaiveDateTime`, a `timedelta` a `TimeDelta`; both sides count microseconds. What is
said in other zones isn't translated.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    AWARE,
    F64,
    I64,
    NAIVE,
    SPAN,
    TIMES,
    UntranslatedError,
    Val,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference, symbol

_UTC = frozenset(("datetime.timezone.utc", "datetime.UTC"))
_SPANS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-"}


def timed(scene: Scene, meaning: m.Outside, node: ast.Call, env: Env) -> Val | None:
    """What one of `datetime`'s functions gives; None for another call. Raises UntranslatedError."""
    if meaning.name == "datetime.timedelta":
        return _span(scene, node, env)
    if meaning.name == "datetime.datetime.utcnow" and not node.args and not node.keywords:
        return Val(b.Method(_now(scene, "Utc"), "naive_utc"), NAIVE)
    if meaning.name != "datetime.datetime.now":
        return None
    zones = [*node.args, *(one.value for one in node.keywords if one.arg == "tz")]
    if not zones and not node.keywords:
        return Val(b.Method(_now(scene, "Local"), "naive_local"), NAIVE)
    zone = scene.meaning(zones[0], env) if len(zones) == 1 and len(node.keywords) < 2 else None
    if not isinstance(zone, m.Outside) or zone.name not in _UTC:
        raise UntranslatedError("the time in a zone that isn't known")
    return Val(_now(scene, "Utc"), AWARE)


def _now(scene: Scene, zone: str) -> b.Expr:
    scene.needs.depend("chrono", "0.4")
    now = b.Call(b.Path(symbol(f"chrono::{zone}"), ("now",)))
    return b.Method(now, "trunc_subsecs", (b.Lit("6"),), trait=symbol("chrono::SubsecRound"))


def _span(scene: Scene, node: ast.Call, env: Env) -> Val:
    """`timedelta(days=…, hours=…)` of integers."""
    if node.args or not node.keywords:
        raise UntranslatedError("a timedelta")
    made: b.Expr | None = None
    for one in node.keywords:
        val = scene.value(one.value, env)
        if one.arg not in _SPANS or without_reference(val.type) != I64:
            raise UntranslatedError("a timedelta")
        part = b.Call(b.Path(SPAN.head, (one.arg,)), (_plain(val),))
        made = b.Binary(made, "+", part) if made is not None else part
    assert made is not None
    scene.needs.depend("chrono", "0.4")
    return Val(made, SPAN)


def reckoned(left: Val, operator: ast.operator, right: Val) -> Val | None:
    """`time + span`, `time - time` and the like; None of other values. Raises UntranslatedError."""
    kinds = without_reference(left.type), without_reference(right.type)
    if not set(kinds) <= set(TIMES):
        return None
    sign = _SIGNS.get(type(operator))
    if sign is None or left.wrapped or right.wrapped:
        raise UntranslatedError("arithmetic")
    if kinds[1] == SPAN:
        gives = kinds[0]
    elif kinds[0] == SPAN and sign == "+":
        gives = kinds[1]
        left, right = right, left
    elif kinds[0] == kinds[1] and sign == "-":
        gives = SPAN
    else:
        raise UntranslatedError("arithmetic")
    return Val(b.Binary(_plain(left), sign, _plain(right)), gives)


def time_method(of: Val, node: ast.Call) -> Val | None:
    """A method of a time or a span; None for what isn't known."""
    kind = without_reference(of.type)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if kind == AWARE and name == "timestamp" and not node.args and not node.keywords:
        micros = b.Method(of.expr, "timestamp_micros")
        return Val(b.Binary(b.Cast(micros, F64), "/", b.Lit("1_000_000.0")), F64)
    return None


def seconds_of(val: Val) -> Val | None:
    """A time as JSON Web Tokens have it, in whole seconds since 1970; one without a zone is taken
    for UTC (PyJWT's and python-jose's `encode`). None for another value."""
    kind = without_reference(val.type)
    if kind == AWARE:
        return Val(b.Method(val.expr, "timestamp"), I64)
    if kind == NAIVE:
        return Val(b.Method(b.Method(val.expr, "and_utc"), "timestamp"), I64)
    return None


def _plain(val: Val) -> b.Expr:
    return b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
