"""A request to another server, as reqwest makes it.

What can't be sent exactly as Python sends it stays a hole: headers, parameters and forms are taken
where they are written out, JSON where it is JSON in Rust. The text of an exception is another
library's: it may be logged, and else nobody may read it (`Scene.vague`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from port_lsp.patterns.translate.clients import helpers
from port_lsp.patterns.translate.clients.failures import raised_by
from port_lsp.patterns.translate.clients.headers import pairs, then, with_headers
from port_lsp.patterns.translate.clients.kinds import Asked, Kind, kind_of, request_of
from port_lsp.patterns.translate.ownership import as_str, written
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    NONE,
    OBJECT,
    SOME,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    is_none,
    is_text,
    waits,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Symbol, symbol
from port_lsp.writing.printer.literals import string

_ARGUMENTS = frozenset(("url", "params", "headers", "json", "data", "timeout"))
_FOLLOWS = {
    "requests": "allow_redirects",
    "aiohttp": "allow_redirects",
    "httpx": "follow_redirects",
}
_VERIFIES = {"requests": "verify", "aiohttp": "ssl", "httpx": ""}
_OPTIONS = {
    "aiohttp": frozenset(("timeout", "trust_env")),
    "httpx": frozenset(("timeout", "trust_env", "follow_redirects")),
}
_DURATION = symbol("std::time::Duration")


def fetched(scene: Scene, node: ast.Call, env: Env, *, is_awaited: bool = False) -> Val | None:
    """What another server answers, or what is asked of an answer; None for another call."""
    asked = request_of(scene, node, env)
    if asked is not None:
        if asked.waits != is_awaited:
            raise UntranslatedError("a request that is awaited otherwise")
        return sent(scene, asked, env)
    return _asked(scene, node, env, is_awaited)


def sent(scene: Scene, asked: Asked, env: Env) -> Val:
    """A request, and its answer."""
    may_escape(scene)
    kind = asked.kind
    limits = [_limit(scene, asked, env)] if kind.name != "aiohttp" else []
    request = _request(scene, asked, env)
    if kind.name == "aiohttp" and (limit := _limit(scene, asked, env)) != b.Path(NONE):
        assert isinstance(limit, b.Call)
        request = then(request, "timeout", limit.args[0])
    made = b.Call(b.Path(helpers.answer(scene, kind)), (request, *limits))
    scene.vague |= raised_by(kind, "request")
    return Val(b.Try(b.Await(made)), kind.answer)


def may_escape(scene: Scene) -> None:
    """Raises UntranslatedError where somebody else may read what an exception says."""
    if scene.is_read and not scene.is_trying:
        raise UntranslatedError("a request whose exception somebody else may read")
    if scene.streams or scene.functions is None or scene.result is None:
        raise UntranslatedError("a request in a handler that can't fail")


def _request(scene: Scene, asked: Asked, env: Env) -> b.Expr:
    kind, given = asked.kind, dict(asked.given)
    options = asked.client.options if asked.client is not None else {}
    if set(options) - _OPTIONS.get(kind.name, frozenset()):
        raise UntranslatedError("a session with other options")
    follows = given.pop(_FOLLOWS[kind.name], None) or options.get(_FOLLOWS[kind.name])
    redirects = kind.redirects
    if follows is not None:
        redirects = (kind.redirects or 20) if _flag(scene, follows, env) else 0
    if redirects and asked.method not in ("get", "post"):
        raise UntranslatedError("a request whose redirects Python follows otherwise")
    trust = given.pop(_VERIFIES[kind.name], None)
    if set(given) - _ARGUMENTS:
        raise UntranslatedError("a request with other arguments")
    by_environment = kind.by_environment
    if "trust_env" in options:
        by_environment = _flag(scene, options["trust_env"], env)
    url = scene.value(given["url"], env)
    if not is_text(url):
        raise UntranslatedError("a request whose address isn't a text")
    client = _client(scene, kind, redirects, trust, by_environment, env)
    address = as_str(url) if url.place or url.wrapped else url.expr
    before: tuple[b.Statement, ...] = ()
    if isinstance(client, b.If):
        before = (b.Let(b.Bind(env.free("client")), client),)
        client = b.Name(env.free("client"))
    made: b.Expr = b.Method(client, asked.method, (address,))
    made = b.Block(before, made) if before else made
    made = with_headers(scene, asked.kind, made, given.get("headers"), env)
    if "params" in given:
        if kind.name == "httpx":  # they take the place of those that the address has
            raise UntranslatedError("a request with parameters")
        made = _with(scene, made, "query", given["params"], env)
    return _with_body(scene, asked, made, given, env)


def _client(
    scene: Scene,
    kind: Kind,
    redirects: int,
    trust: ast.expr | None,
    by_environment: bool,
    env: Env,
) -> b.Expr:
    """The client; `trust` says whether it asks for a certificate, which only the run may know."""

    def made(*, verifies: bool) -> b.Expr:
        return helpers.client(
            scene, kind, redirects, by_environment=by_environment, verifies=verifies
        )

    val = scene.value(trust, env) if trust is not None else None
    if val is None or is_none(val):
        return made(verifies=True)
    if val.known is not None and isinstance(val.known.value, bool):
        return made(verifies=val.known.value)
    if without_reference(val.type) != BOOL or waits(val.expr):
        raise UntranslatedError("an option of a request that isn't known")
    test = b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
    return b.If(test, b.Block(tail=made(verifies=True)), b.Block(tail=made(verifies=False)))


def _with_body(
    scene: Scene, asked: Asked, made: b.Expr, given: dict[str, ast.expr], env: Env
) -> b.Expr:
    if "json" in given and "data" in given:
        raise UntranslatedError("a request with two bodies")
    if "json" in given:
        val = scene.value(given["json"], env)
        if is_none(val):
            return made
        kind = without_reference(val.type)
        plain = (VALUE, OBJECT, STRING, I64, F64, BOOL)
        if kind not in plain and not is_text(val) and inside(kind, "Vec") not in plain:
            raise UntranslatedError("a request whose body isn't JSON")
        whole = val.expr if isinstance(val.type, Reference) else b.Unary("&", written(val))
        return then(made, "json", whole)
    if "data" in given:
        return _with(scene, made, "form", given["data"], env)
    return made


def _flag(scene: Scene, node: ast.expr, env: Env) -> bool:
    found = scene.value(node, env).known
    if found is None or not isinstance(found.value, bool):
        raise UntranslatedError("an option of a request that isn't known")
    return found.value


def _with(scene: Scene, made: b.Expr, name: str, node: ast.expr, env: Env) -> b.Expr:
    """`.query(&[("name", value)])`, `.form(…)`."""
    what = "parameters" if name == "query" else "a form"
    made_of: list[b.Expr] = []
    for key, val in pairs(scene, node, env, what):
        if waits(val.expr):
            raise UntranslatedError(f"{what} of a request that may fail")
        if is_text(val):
            text = as_str(val)
        elif val.type == I64 and val.known is not None:
            text = b.Lit(string(str(val.known.value)))
        elif val.type == I64:
            text = b.Method(b.Method(written(val), "to_string"), "as_str")
        else:
            raise UntranslatedError(f"{what} of a request that are no texts")
        made_of.append(b.TupleOf((b.Lit(string(key)), text)))
    return then(made, name, b.Unary("&", b.ArrayOf(tuple(made_of)))) if made_of else made


def _limit(scene: Scene, asked: Asked, env: Env) -> b.Expr:
    """How long Python waits, as an Option of a Duration."""
    node = asked.given.get("timeout")
    if node is None and asked.client is not None:
        node = asked.client.options.get("timeout")
    seconds: float | int | None = asked.kind.timeout
    if node is not None:
        seconds = _seconds(scene, asked, node, env)
    if seconds is None or (seconds == 0 and asked.kind.name == "aiohttp"):
        return b.Path(NONE)
    if seconds <= 0:
        raise UntranslatedError("a request that waits for no time")
    name = "from_secs" if seconds == int(seconds) else "from_secs_f64"
    number = b.Lit(str(int(seconds)) if seconds == int(seconds) else repr(float(seconds)))
    return b.Call(b.Path(SOME), (b.Call(b.Path(_DURATION, (name,)), (number,)),))


def _seconds(scene: Scene, asked: Asked, node: ast.expr, env: Env) -> float | None:
    """The number that a timeout says; aiohttp has it in `ClientTimeout(total=…)`."""
    if asked.kind.name == "aiohttp":
        meaning = scene.meaning(node.func, env) if isinstance(node, ast.Call) else None
        if not isinstance(node, ast.Call) or meaning != m.Outside("aiohttp.ClientTimeout"):
            raise UntranslatedError("a timeout that isn't known")
        if node.args or [one.arg for one in node.keywords] != ["total"]:
            raise UntranslatedError("a timeout that isn't known")
        node = node.keywords[0].value
    found = scene.value(node, env)
    if is_none(found):
        return None
    number = found.known.value if found.known is not None else None
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise UntranslatedError("a timeout that isn't known")
    return number


# Answers


def _asked(scene: Scene, node: ast.Call, env: Env, is_awaited: bool) -> Val | None:
    """What is asked of an answer by a method of its."""
    func = node.func
    if not isinstance(func, ast.Attribute) or func.attr not in _ASKED:
        return None
    if not isinstance(func.value, ast.Name) or func.value.id not in env.names:
        return None
    of = env.names[func.value.id]
    kind = kind_of(of)
    if kind is None:
        return None
    waits_for = kind.name == "aiohttp" and func.attr != "raise_for_status"
    if node.args or node.keywords or waits_for != is_awaited:
        raise UntranslatedError(f"the method {func.attr}")
    if func.attr == "text" and kind.name != "aiohttp":
        raise UntranslatedError("the method text")
    if waits_for and func.value.id in scene.closed:
        # aiohttp has closed it, and reads nothing of it any more unless it has done so before.
        raise UntranslatedError("an answer that is closed")
    may_escape(scene)
    make, gives = _ASKED[func.attr]
    whole = of.expr if isinstance(of.type, Reference) else b.Unary("&", of.expr)
    made = b.Call(b.Path(make(scene, kind)), (whole,))
    scene.vague |= raised_by(kind, func.attr)
    return Val(b.Try(made), gives)


_ASKED: dict[str, tuple[Callable[[Scene, Kind], Symbol], AnyType]] = {
    "json": (helpers.json_of, VALUE),
    "text": (helpers.text_of, STRING),
    "raise_for_status": (helpers.checked, UNIT),
}
