"""Dates and times, and spans between them, as chrono has them.

Python's docs, `datetime`: one with a time zone and one without are different things, which can't be
compared or taken from each other. Here one with a zone is always in UTC (`DateTime<Utc>`), one
without is a `NaiveDateTime`, a `timedelta` a `TimeDelta`; both sides count microseconds. What
libraries.toml says of `datetime`'s functions is of these types, too.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    AWARE,
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

_TRUNCATES = symbol("chrono::SubsecRound")
_SPANS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
_UTC = ("datetime.timezone.utc", "datetime.UTC")
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-"}


def timed(scene: Scene, meaning: m.Outside, node: ast.Call, env: Env) -> Val | None:
    """What one of `datetime`'s functions gives; None for another call. Raises UntranslatedError."""
    if meaning.name == "datetime.timedelta":
        return _span(scene, node, env)
    if meaning.name != "datetime.datetime.now" or node.args or node.keywords:
        return None
    scene.needs.depend("chrono", "0.4")
    now = b.Method(b.Call(b.Path(symbol("chrono::Local"), ("now",))), "naive_local")
    return Val(b.Method(now, "trunc_subsecs", (b.Lit("6"),), trait=_TRUNCATES), NAIVE)


def rezoned(scene: Scene, of: Val, node: ast.Call, env: Env) -> Val | None:
    """`time.replace(tzinfo=None)` and `time.replace(tzinfo=timezone.utc)`: the same time of day
    without a zone, or in UTC. None for another call."""
    assert isinstance(node.func, ast.Attribute)
    kind, words = without_reference(of.type), node.keywords
    if node.func.attr != "replace" or kind not in (AWARE, NAIVE) or node.args:
        return None
    if len(words) != 1 or words[0].arg != "tzinfo" or of.wrapped:
        return None
    zone = words[0].value
    if isinstance(zone, ast.Constant) and zone.value is None:
        made = b.Method(of.expr, "naive_utc") if kind == AWARE else _plain(of)
        return Val(made, NAIVE)
    meaning = scene.meaning(zone, env)
    if not isinstance(meaning, m.Outside) or meaning.name not in _UTC:
        return None
    return Val(b.Method(of.expr, "and_utc") if kind == NAIVE else _plain(of), AWARE)


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
