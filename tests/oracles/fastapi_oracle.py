"""What FastAPI itself says of an application: the oracle for the reader of backends.

    python tests/oracles/fastapi_oracle.py DIR app.main:app "app.main:create_app()"

imports each application in `DIR` and prints, as JSON, per application: `endpoints`, `mounts`,
`middleware`, `exception_handlers`, `lifespan`. A target may end in ` @ ROOT`: the folder below
DIR that imports start from. Runs foreign code: only ever run it on fixtures and in throw-away
environments. Needs Python 3.11 (before, a decorator's line isn't told while it is applied).

Left out: implicit HEAD and OPTIONS, the documentation's routes, static files.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import oracle_params
import oracle_registration as registration
import oracle_source as source
from fastapi import FastAPI
from fastapi import routing as fastapi_routing
from fastapi.datastructures import DefaultPlaceholder
from oracle_jobs import load, main
from oracle_render import annotation_text
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.routing import BaseRoute, Mount, Route, Router, WebSocketRoute
from starlette.staticfiles import StaticFiles

Row = dict[str, Any]
_DEFAULT_HANDLED = ("HTTPException", "RequestValidationError", "WebSocketRequestValidationError")


def describe(root: Path, target: str) -> Row:
    """Import an application and say what it serves. `root` is the project's folder."""
    registration.watch(root)
    app = _innermost(load(root, target))
    endpoints: list[Row] = []
    mounts: list[Row] = []
    _walk(root, app, "", endpoints, mounts)
    return {"endpoints": endpoints, "mounts": mounts, **_application(root, app)}


def _innermost(app: Any) -> Any:
    """The FastAPI application behind ASGI wrappers (Socket.IO's, a middleware's)."""
    while not isinstance(app, Starlette | Router):
        app = getattr(app, "other_asgi_app", None) or getattr(app, "app", None)
        if app is None:
            raise TypeError("no FastAPI application in the target")
    return app


def _walk(root: Path, app: Any, prefix: str, endpoints: list[Row], mounts: list[Row]) -> None:
    for original, served in _routes(app):
        if isinstance(original, Mount):
            mounted = getattr(original, "_base_app", None) or original.app
            path = prefix + served.path
            # Type Router itself comes from Mount(path, routes=[...]).
            if isinstance(mounted, FastAPI | fastapi_routing.APIRouter) or type(mounted) is Router:
                _walk(root, mounted, path, endpoints, mounts)
            elif not isinstance(mounted, StaticFiles):
                name = getattr(mounted, "__name__", type(mounted).__name__)
                mounts.append({"path": path, "app": name, "name": original.name})
        elif isinstance(original, Route | WebSocketRoute):
            endpoints.extend(_rows(root, original, served, prefix))
        # Host and what serves a frontend's files are no endpoints.


def _routes(app: Any) -> Iterator[tuple[BaseRoute, Any]]:
    """Each route as it was registered and as it is served, that is with what includes add.

    Since 0.137 FastAPI includes a router lazily: `app.routes` holds the router, and opens it on
    request. (The public way, `iter_route_contexts`, came with 0.137.2 and gives the paths of
    WebSockets and mounts only later.)
    """
    for route in app.routes:
        opened: list[Any] | None = getattr(route, "effective_route_contexts", lambda: None)()
        if opened is None:
            yield route, route
            continue
        for context in opened:
            yield context.original_route, context.starlette_route or context


def _rows(root: Path, original: Any, route: Any, prefix: str) -> Iterator[Row]:
    """One row per method of a route, given as registered and as served."""
    found = registration.of(original)
    endpoint = original.endpoint
    if found is None or getattr(endpoint, "__module__", "") == "fastapi.applications":
        return
    path, line = _place(endpoint)
    handler = getattr(source.unwrap(endpoint), "__name__", type(endpoint).__name__)
    if found.decorated is not None:  # a decorator below may have hidden the function
        path, handler, line = found.path, found.decorated.name, found.decorated.lineno
    row = {
        "path": prefix + str(route.path),
        "handler": handler,
        "file": path.relative_to(root).as_posix() if path and path.is_relative_to(root) else None,
        "decorator_line": found.line if found.decorated is not None else None,
        "def_line": line,
        "registered": {"file": found.path.relative_to(root).as_posix(), "line": found.line},
    }
    if isinstance(original, WebSocketRoute):
        yield {"method": "WEBSOCKET", **row, "kind": "websocket", **_signature(root, route)}
    else:
        for method in _methods(original, found, endpoint):
            yield {"method": method, **row, "kind": "route", **_signature(root, route)}


def _place(endpoint: Any) -> tuple[Path | None, int | None]:
    """File and line of the `def` (a lambda's: its first) or `class` that answers."""
    target = source.unwrap(endpoint)
    if inspect.isclass(target):
        statement, path = source.class_node(target)
        return path, statement.lineno if statement is not None else None
    found = source.definition(target)
    return (found[0], found[2]) if found is not None else (None, None)


def _methods(route: Any, found: registration.Registration, endpoint: Any) -> list[str]:
    """The methods asked for: Starlette's own routes answer HEAD wherever they answer GET."""
    if isinstance(route, fastapi_routing.APIRoute) or found.methods is not None:
        return sorted(method.upper() for method in (found.methods or route.methods or ()))
    if route.methods is None:  # an endpoint class: it answers what it has a method for
        verbs = ("get", "head", "post", "put", "patch", "delete", "options")
        return sorted(verb.upper() for verb in verbs if hasattr(endpoint, verb)) or ["ANY"]
    return sorted(set(route.methods) - {"HEAD"})


def _signature(root: Path, route: Any) -> Row:
    """What the dependant says; a route of Starlette has none, its request is its own affair."""
    dependant = getattr(route, "dependant", None)
    name = functools.partial(oracle_params.dependency_name, root)
    direct: list[Any] = dependant.dependencies if dependant else []
    below = list(oracle_params.walk(dependant)) if dependant else []
    row: Row = {
        "dependencies": [name(sub.call) for sub in direct],
        "all_dependencies": [name(sub.call) for sub in below],
        "parameters": oracle_params.parameters(root, dependant) if dependant else [],
        "body_models": oracle_params.body_models(dependant) if dependant else [],
        "security_scopes": oracle_params.scopes(dependant) if dependant else [],
        "credentials": oracle_params.credentials(dependant) if dependant else [],
        "uses": oracle_params.uses(root, dependant) if dependant else [],
    }
    if hasattr(route, "response_model"):
        model, response = route.response_model, route.response_class
        placeholder = isinstance(response, DefaultPlaceholder)
        in_body = any(parameter["in"] == "body" for parameter in row["parameters"])
        row |= {
            "embed": in_body and bool(getattr(route, "_embed_body_fields", False)),
            "response_model": None if model in (None, type(None)) else annotation_text(model),
            "status_code": route.status_code,
            "response_class": None if placeholder else annotation_text(response),
        }
    return row


def _application(root: Path, app: Any) -> Row:
    """What holds for every endpoint of an application; middleware from the outside in."""
    if not isinstance(app, Starlette):
        return {}
    middleware: list[str] = []
    for layer in app.user_middleware:
        if layer.cls is BaseHTTPMiddleware:  # @app.middleware("http")
            options: dict[str, Any] = dict(layer.kwargs)
            middleware.append(options["dispatch"].__name__)
        else:
            middleware.append(getattr(layer.cls, "__name__", repr(layer.cls)))
    handlers = {
        getattr(key, "__name__", str(key)): getattr(handler, "__name__", type(handler).__name__)
        for key, handler in app.exception_handlers.items()
        if not (
            getattr(key, "__name__", "") in _DEFAULT_HANDLED
            and getattr(handler, "__module__", "") == "fastapi.exception_handlers"
        )
    }
    return {
        "middleware": middleware,
        "exception_handlers": handlers,
        "lifespan": _lifespans(app.router.lifespan_context),
        "startup": [handler.__name__ for handler in getattr(app.router, "on_startup", [])],
        "shutdown": [handler.__name__ for handler in getattr(app.router, "on_shutdown", [])],
    }


def _lifespans(context: Any) -> list[str]:
    """The project's lifespan functions, the application's before its included routers'."""
    function = source.unwrap(context)
    if not inspect.isfunction(function):
        return []
    if function.__name__ == "merged_lifespan":  # FastAPI's, around the router's own
        parts = inspect.getclosurevars(function).nonlocals
        return [*_lifespans(parts["original_context"]), *_lifespans(parts["nested_context"])]
    framework = function.__module__.startswith(("fastapi.", "starlette."))
    return [] if framework else [function.__name__]


if __name__ == "__main__":
    main(describe, (__doc__ or "").split("\n\n")[0])
