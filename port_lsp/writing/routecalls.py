"""The calls that register something, as text, and what they refer to.

axum: `.route("/x", get(a).post(b))`, `.nest("/x", router())`, `.merge(router())`; actix-web:
`.route("/x", web::get().to(a))`, `.service(web::resource("/x").wrap(M).route(…))`,
`.service(web::scope("/x").configure(f))`, `.configure(f)`.
"""

from __future__ import annotations

from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.writing.ir.types import Symbol, symbol
from port_lsp.writing.printer.layout import CHAIN, STEP, WIDTH, pad
from port_lsp.writing.printer.literals import string
from port_lsp.writing.printer.names import Names

Framework = Literal["axum", "actix-web"]
_AXUM = frozenset(("get", "post", "put", "delete", "patch", "head", "options", "trace", "any"))
_ACTIX = frozenset(("get", "post", "put", "delete", "patch", "head", "trace"))


_WEB = symbol("actix_web::web")


class Route(Record, frozen=True):
    """What is registered: a method in upper case ("ANY"), the path as it stands in the call, the
    handler.

    `is_mount` makes it a router that is put under the path, `handler` the function that makes it
    and `arguments` what that is called with. `wraps` gives the route an actix resource of its own
    with this middleware. `more` are further methods of the path with their handlers.
    """

    method: str
    path: str
    handler: Symbol
    is_mount: bool = False
    wraps: tuple[str | Symbol, ...] | None = None
    arguments: str = ""
    more: tuple[tuple[str, Symbol], ...] = ()


class ChainText(str):
    """An argument that is a chain, on one line; `root` and `calls` are its parts."""

    root: str
    calls: tuple[str, ...]

    def __new__(cls, root: str, calls: tuple[str, ...]) -> ChainText:
        """The text is the parts in a row."""
        made = super().__new__(cls, root + "".join(calls))
        made.root, made.calls = root, calls
        return made


def on_a_line(text: str) -> str:
    """A chain without its line ends; what has a comment in it stays as it is."""
    return text if "//" in text or "/*" in text else "".join(_links(text))


def broken(text: str, indent: int) -> str:
    """An argument on a line of its own, which is indented so much: a chain that is too wide has a
    call a line, as rustfmt lays it out."""
    root, *calls = _links(text)
    is_wide = len(calls) > 1 and len(text) > CHAIN
    if "\n" in text or not calls or not (is_wide or indent + len(text) >= WIDTH):
        return text
    return root + "".join(f"\n{pad(indent + STEP)}{call}" for call in calls)


def _links(text: str) -> list[str]:
    """A chain's root and its calls, each with its dot: `get(a)`, `.post(b)`."""
    found: list[str] = []
    depth, begins, is_text = 0, 0, False
    for at, one in enumerate(text):
        if one == '"':
            is_text = not is_text
        elif not is_text and one in "([{":
            depth += 1
        elif not is_text and one in ")]}":
            depth -= 1
        elif one == "." and depth == 0 and not is_text and at:
            found.append(text[begins:at].strip())
            begins = at
    return [*found, text[begins:].strip()]


class CannotRegisterError(ValueError):
    """There is no place that a registration could be put at; the message says why."""


def symbols_of(route: Route, framework: Framework, *, join: bool) -> tuple[Symbol, ...]:
    """What a registration refers to."""
    if framework == "actix-web":
        wraps = tuple(one for one in route.wraps or () if isinstance(one, Symbol))
        more = tuple(handler for _, handler in route.more)
        return (_WEB, route.handler, *more, *wraps)
    if route.is_mount:
        return (route.handler,)
    handlers = (route.handler, *(handler for _, handler in route.more))
    if join:
        return handlers
    return (symbol(f"axum::routing::{axum_method(route.method)}"), *handlers)


def _mount(route: Route, framework: Framework, names: Names) -> tuple[str, tuple[str, ...]]:
    """The call that puts a router under a path, or among the routes beside it."""
    maker = names(route.handler)
    if framework == "axum":
        made = f"{maker}({route.arguments})"
        return ("nest", (string(route.path), made)) if route.path else ("merge", (made,))
    if not route.path:
        return "configure", (maker,)
    scope = f"{names(_WEB)}::scope({string(route.path)})"
    makers = (maker, *(names(other) for _, other in route.more))
    return "service", (ChainText(scope, tuple(f".configure({one})" for one in makers)),)


def call_of(route: Route, framework: Framework, names: Names) -> tuple[str, tuple[str, ...]]:
    """The call's name and its arguments. Raises CannotRegisterError."""
    if route.is_mount:
        return _mount(route, framework, names)
    every = ((route.method, route.handler), *route.more)
    if framework == "actix-web":
        verbs = [_to(method, names(handler), names) for method, handler in every]
        if route.wraps is None:
            return "route", (string(route.path), verbs[0])
        root = f"{names(_WEB)}::resource({string(route.path)})"
        wraps = (one if isinstance(one, str) else names(one) for one in route.wraps)
        calls = (*(f".wrap({wrap})" for wrap in wraps), *(f".route({to})" for to in verbs))
        return "service", (ChainText(root, calls),)
    first = names(symbol(f"axum::routing::{axum_method(route.method)}"))
    rest = "".join(f".{axum_method(method)}({names(handler)})" for method, handler in route.more)
    return "route", (string(route.path), f"{first}({names(route.handler)}){rest}")


def _to(method: str, handler: str, names: Names) -> str:
    """actix' `web::get().to(handler)`."""
    if method == "ANY":
        return f"{names(_WEB)}::to({handler})"
    if method.lower() in _ACTIX:
        return f"{names(_WEB)}::{method.lower()}().to({handler})"
    verb = f"actix_web::http::Method::from_bytes(b{string(method)}).unwrap()"
    return f"{names(_WEB)}::method({verb}).to({handler})"


def axum_method(method: str) -> str:
    """axum's function for a method. Raises CannotRegisterError."""
    word = method.lower()
    if word not in _AXUM:
        raise CannotRegisterError(f"axum has no routing function for {method}")
    return word
