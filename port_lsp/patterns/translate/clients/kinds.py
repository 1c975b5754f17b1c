"""Python's clients of HTTP, and in what they differ.

requests 2.32: docs, "Developer Interface"; its `models.Response`, `sessions.Session`.
httpx 0.28: docs, "Developer Interface"; "Redirects" (none is followed), "Timeouts".
aiohttp 3: docs, "Client Reference": ten redirects, five minutes in all.
"""

from __future__ import annotations

import ast
from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import Hidden, Val, without_reference
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Slice, named

_U8 = named("u8")
OK = "!(of.status().is_client_error() || of.status().is_server_error())"
"""`ok` of an answer to `requests`."""
METHODS = ("get", "post", "put", "patch", "delete")


class Kind(Record, frozen=True):
    """One of them: the type of an answer that was read to its end. Whose it is, is seen by what
    holds its body, so that no answer is taken for another's."""

    name: Literal["requests", "httpx", "aiohttp"]
    answer: AnyType
    redirects: int
    timeout: float | None
    by_environment: bool
    """Whether it takes the proxies that the environment says, unless told otherwise."""


_KINDS = (
    Kind(
        "requests",
        named("http::Response", named("bytes::Bytes")),
        30,
        None,
        True,
    ),
    Kind("httpx", named("http::Response", named("Box", Slice(_U8))), 0, 5.0, True),
    Kind(
        "aiohttp",
        named("http::Response", named("Vec", _U8)),
        10,
        300.0,
        False,
    ),
)
KINDS = {one.name: one for one in _KINDS}
_SESSIONS = {
    "httpx.AsyncClient": ("httpx", True), "httpx.Client": ("httpx", False),
    "aiohttp.ClientSession": ("aiohttp", True), "aiohttp.client.ClientSession": ("aiohttp", True),
}  # fmt: skip


class Client(Hidden, frozen=True, kw_only=True):
    """A session that was opened: nothing in Rust, where the clients are there for good."""

    kind: Kind
    waits: bool
    """Whether Python waits for what it is asked."""
    options: dict[str, ast.expr]


def kind_of(val: Val) -> Kind | None:
    """Whose answer a value is; None for another value."""
    kind = without_reference(val.type)
    return next((one for one in _KINDS if one.answer == kind), None)


def client_of(scene: Scene, node: ast.expr, env: Env) -> Client | None:
    """The session that an expression opens; None for another expression."""
    if not isinstance(node, ast.Call) or node.args:
        return None
    meaning = scene.meaning(node.func, env)
    found = _SESSIONS.get(meaning.name) if isinstance(meaning, m.Outside) else None
    if found is None or any(one.arg is None for one in node.keywords):
        return None
    name, waits = found
    options = {one.arg: one.value for one in node.keywords if one.arg is not None}
    return Client(b.TupleOf(), UNIT, kind=KINDS[name], waits=waits, options=options)


def asked_of(node: ast.expr, env: Env) -> Client | None:
    """The session that a name stands for."""
    found = env.names.get(node.id) if isinstance(node, ast.Name) else None
    return found if isinstance(found, Client) else None


def is_always_good(kind: AnyType) -> bool:
    """Whether each answer of a type counts as true."""
    return any(one.answer == without_reference(kind) for one in _KINDS if one.name != "requests")


def answer_of(scene: Scene, node: ast.expr, env: Env) -> AnyType | None:
    """The type of the answer that an expression gives, whatever it is asked with; None for another
    expression."""
    waits = isinstance(node, ast.Await)
    call = node.value if isinstance(node, ast.Await) else node
    if not isinstance(call, ast.Call):
        return None
    client = asked_of(call.func.value, env) if isinstance(call.func, ast.Attribute) else None
    if client is not None and isinstance(call.func, ast.Attribute):
        name, kind = call.func.attr, client.kind
        waits = waits or kind.name == "aiohttp"  # `async with`
    else:
        meaning = scene.meaning(call.func, env)
        full = meaning.name if isinstance(meaning, m.Outside) else ""
        package, _, name = full.partition(".")
        kind = KINDS[package] if package in ("requests", "httpx") else None
        name = name.removeprefix("api.")
    if kind is None or name not in (*METHODS, "request"):
        return None
    return kind.answer if waits == (client is not None and client.waits) else None


class Asked(Record, frozen=True):
    """A request that a call makes: whose, its method (lower case), its arguments by their names,
    and the session that it is made with."""

    kind: Kind
    method: str
    given: dict[str, ast.expr]
    waits: bool = False
    client: Client | None = None


def request_of(scene: Scene, node: ast.expr, env: Env) -> Asked | None:
    """The request that a call makes; None for another expression."""
    if not isinstance(node, ast.Call) or any(one.arg is None for one in node.keywords):
        return None
    func = node.func
    client = asked_of(func.value, env) if isinstance(func, ast.Attribute) else None
    if client is not None and isinstance(func, ast.Attribute):
        return _request(scene, client.kind, func.attr, node, env, client)
    meaning = scene.meaning(func, env)
    package, _, name = meaning.name.partition(".") if isinstance(meaning, m.Outside) else ("",) * 3
    if package not in ("requests", "httpx"):
        return None
    return _request(scene, KINDS[package], name.removeprefix("api."), node, env, None)


def _request(
    scene: Scene, kind: Kind, name: str, node: ast.Call, env: Env, client: Client | None
) -> Asked | None:
    names: tuple[str, ...] = ("url",)
    if name == "request":
        names = ("method", "url")
    elif kind.name == "requests" and name in ("post", "put", "patch"):
        names = ("url", "data", "json") if name == "post" else ("url", "data")
    elif kind.name == "requests" and name == "get":
        names = ("url", "params")
    elif name not in METHODS:
        return None
    if len(node.args) > len(names) or any(isinstance(one, ast.Starred) for one in node.args):
        return None
    given = dict(zip(names, node.args, strict=False))
    given |= {one.arg: one.value for one in node.keywords if one.arg is not None}
    if name == "request":
        method = scene.value(given.pop("method"), env).known if "method" in given else None
        name = str(method.value).lower() if method is not None else ""
    if name not in METHODS or "url" not in given:
        return None
    return Asked(kind, name, given, client is not None and client.waits, client)
