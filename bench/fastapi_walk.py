"""Ask FastAPI itself which routes a public application has: the oracle of `bench/backends.py`.

Runs in an environment that holds the application, without port_lsp:

    python fastapi_walk.py --root DIR --out FILE [--before CODE] MODULE:EXPRESSION...

DIR goes first on the import path, so that the application's own modules come from there and files
can be told relative to it. EXPRESSION is evaluated in the module (`app`, `create_app()`). CODE runs
before. FILE gets one JSON object, see `Walk`. What is said of one route comes from the fixtures'
oracle in tests/oracles; here it only has to survive what foreign applications do.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, cast

if TYPE_CHECKING:
    from tests.oracles import oracle_params as params
    from tests.oracles import oracle_registration as registration
    from tests.oracles import oracle_source as source
else:  # not as `tests.oracles`: an application may come with a package named tests
    sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "oracles"))
    import oracle_params as params
    import oracle_registration as registration
    import oracle_source as source

import fastapi
import fastapi.routing
from starlette.routing import Mount, Route, Router, WebSocketRoute


class Row(TypedDict):
    """One method of one route. Lines are 1-based; a file outside of the root is None."""

    kind: str  # "route", "websocket", or "plain": a Starlette route beside FastAPI's own
    method: str
    path: str
    handler: str
    module: str
    file: str | None
    def_line: int | None
    decorator_file: str | None
    decorator_line: int | None
    dependencies: list[str]
    body_models: list[str]
    status_code: int | None


class Walk(TypedDict):
    """What the file holds; `mounts` are applications that aren't FastAPI's (static files too)."""

    fastapi: str
    python: str
    endpoints: list[Row]
    mounts: list[dict[str, str]]


class Found(NamedTuple):
    """A route with its full path: `effective` holds what includes added, `original` the origin."""

    path: str
    effective: Any
    original: Any


def _contexts(routes: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield (effective, original) of each route; since 0.137 included routers are opened here.

    (`iter_route_contexts`, the public way, is younger and at first lacked WebSockets' paths.)
    """
    for route in routes:
        opened = getattr(route, "effective_route_contexts", None)
        if opened is None:
            yield route, route
        else:
            yield from (
                (context.starlette_route or context, context.original_route) for context in opened()
            )


def _walk(routes: Iterable[Any], prefix: str, mounts: list[dict[str, str]]) -> Iterator[Found]:
    for effective, original in _contexts(routes):
        path = prefix + (getattr(effective, "path", None) or "")
        if isinstance(original, Mount):
            inner: Any = original.app
            if isinstance(inner, fastapi.FastAPI | fastapi.APIRouter) or type(inner) is Router:
                yield from _walk(inner.routes, path, mounts)
            else:
                kind = cast("type[object]", type(inner))
                mounts.append({"path": path, "app": f"{kind.__module__}.{kind.__qualname__}"})
        elif isinstance(original, Route | WebSocketRoute) and not _is_documentation(original):
            yield Found(path, effective, original)


def _is_documentation(route: Any) -> bool:
    return getattr(route.endpoint, "__module__", "") == "fastapi.applications"


_Line = tuple[str | None, int | None]


def _line(root: Path, path: Path | None, line: int | None) -> _Line:
    if path is None or line is None or not path.is_relative_to(root):
        return None, None
    return path.relative_to(root).as_posix(), line


def _written(root: Path, route: Any) -> tuple[str, _Line, _Line]:
    """Give the handler's name and where its `def` and its registration are."""
    endpoint = route.endpoint
    name: str = getattr(source.unwrap(endpoint), "__name__", type(endpoint).__name__)
    found = registration.of(route)
    if found is not None and found.decorated is not None:
        node = found.decorated
        registered = _line(root, found.path, found.line)
        return node.name, _line(root, found.path, node.lineno), registered
    definition = source.definition(endpoint)
    path, _, line = definition or (None, None, None)
    registered = (None, None) if found is None else _line(root, found.path, found.line)
    return name, _line(root, path, line), registered


def _methods(effective: Any, original: Any) -> tuple[str, list[str]]:
    """Give the kind and the methods. Starlette adds HEAD to each GET of its own routes."""
    if isinstance(original, WebSocketRoute):
        return "websocket", ["WEBSOCKET"]
    methods: list[str] = sorted(getattr(effective, "methods", None) or ())
    if isinstance(original, fastapi.routing.APIRoute):
        return "route", methods
    return "plain", [m for m in methods if m != "HEAD" or "GET" not in methods] or ["ANY"]


_names: dict[int, str] = {}


def _dependency(root: Path, call: Any) -> str:
    if id(call) not in _names:  # looked up in every module of the application: slow
        _names[id(call)] = params.dependency_name(root, call)
    return _names[id(call)]


def _body_models(dependant: Any) -> list[str]:
    try:
        return params.body_models(dependant)
    except AttributeError:  # Pydantic 1's fields say their types elsewhere
        fields = [f for d in (dependant, *params.walk(dependant)) for f in d.body_params]
        outer = [getattr(field, "outer_type_", None) for field in fields]
        return list(dict.fromkeys(name for type_ in outer for name in params.models_in(type_)))


def _rows(root: Path, found: Found) -> Iterator[Row]:
    kind, methods = _methods(found.effective, found.original)
    handler, (file, def_line), (decorator_file, decorator_line) = _written(root, found.original)
    dependant = getattr(found.effective, "dependant", None)
    direct: list[Any] = dependant.dependencies if dependant else []
    for method in methods:
        yield Row(
            kind=kind,
            method=method,
            path=found.path,
            handler=handler,
            module=str(getattr(found.original.endpoint, "__module__", "")),
            file=file,
            def_line=def_line,
            decorator_file=decorator_file,
            decorator_line=decorator_line,
            dependencies=[_dependency(root, sub.call) for sub in direct],
            body_models=_body_models(dependant) if dependant else [],
            status_code=getattr(found.effective, "status_code", None) if dependant else None,
        )


def walk(apps: Iterable[Any], root: Path) -> Walk:
    """Give the routes of the applications, sorted; a row that two of them share comes once."""
    mounts: list[dict[str, str]] = []
    rows = [row for app in apps for f in _walk(app.routes, "", mounts) for row in _rows(root, f)]
    unique = {json.dumps(row): row for row in rows}
    return Walk(
        fastapi=fastapi.__version__,
        python=".".join(map(str, sys.version_info[:2])),
        endpoints=sorted(
            unique.values(),
            key=lambda row: (row["file"] or "", row["def_line"] or 0, row["path"], row["method"]),
        ),
        mounts=mounts,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--before", default="")
    parser.add_argument("apps", nargs="+", metavar="MODULE:EXPRESSION")
    arguments = parser.parse_args()
    root: Path = arguments.root.resolve()
    out: Path = arguments.out.resolve()
    specs: list[str] = arguments.apps
    sys.argv = sys.argv[:1]  # some applications read it on import
    sys.path.insert(0, str(root))
    sys.dont_write_bytecode = True
    registration.watch(root)
    exec(arguments.before, {})  # noqa: S102 - from backends.toml, in a throw-away environment
    apps: list[Any] = []
    for spec in specs:
        module, _, expression = spec.partition(":")
        names = vars(importlib.import_module(module))
        apps.append(eval(expression, names))  # noqa: S307 - likewise
    out.write_text(json.dumps(walk(apps, root), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
