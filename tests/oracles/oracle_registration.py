"""Which line of the project registered a route, seen from the call stack while it happened.

FastAPI keeps no trace of it. `watch()` wraps the constructors of the route classes, before the
project is imported: the innermost frame of the project that applies a decorator to the function
is the registration, else the innermost frame of the project (`add_api_route`, a plain call).
Where FastAPI copies a route (include_router before 0.137), the copy keeps its original's.
"""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import oracle_source as source
from fastapi import routing as fastapi_routing
from starlette import routing as starlette_routing


@dataclass(frozen=True, slots=True)
class Registration:
    """Where a route was registered (1-based line), the decorated function if it was a
    decorator, and the methods that were asked for (None: the framework's default)."""

    path: Path
    line: int
    decorated: source.FunctionNode | None
    methods: tuple[str, ...] | None


_ATTRIBUTE = "_oracle_registration"
_FRAMEWORK = ("fastapi", "starlette")


def of(route: Any) -> Registration | None:
    """The registration of a route, or None if the framework made it by itself."""
    return getattr(route, _ATTRIBUTE, None)


def watch(root: Path) -> None:
    """From now on record the registration of each route, as seen from files below `root`."""
    for route_class in (
        fastapi_routing.APIRoute,
        fastapi_routing.APIWebSocketRoute,
        starlette_routing.Route,
        starlette_routing.WebSocketRoute,
    ):
        _wrap(route_class, root)


def _wrap(route_class: Any, root: Path) -> None:
    original = route_class.__init__

    @functools.wraps(original)
    def init(self: Any, path: str, endpoint: Any, **options: Any) -> None:
        found = _search(inspect.currentframe(), root, endpoint, options.get("methods"))
        if found is not None:
            setattr(self, _ATTRIBUTE, found)
        original(self, path, endpoint, **options)

    route_class.__init__ = init


def _search(
    frame: FrameType | None, root: Path, endpoint: Any, methods: Any
) -> Registration | None:
    function = source.function_of(endpoint)
    name = function.__name__ if function is not None else None
    asked = tuple(methods) if methods is not None else None
    innermost: Registration | None = None
    called_by_framework = False
    while frame is not None:
        path, line = Path(frame.f_code.co_filename), frame.f_lineno
        if frame.f_code.co_name == "include_router" and _is_framework(frame):
            copied = of(frame.f_locals.get("route"))
            if copied is not None:
                return copied
        if path.is_relative_to(root) and path.is_file():
            node = source.decorated_at(path, line)
            if node is not None and (called_by_framework or node.name == name):
                return Registration(path, line, node, asked)
            if innermost is None and not _overrides(frame):
                innermost = Registration(path, line, None, asked)
        called_by_framework = _is_framework(frame)
        frame = frame.f_back
    return innermost


def _is_framework(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__", "").partition(".")[0] in _FRAMEWORK


def _overrides(frame: FrameType) -> bool:
    """Whether the frame is a router's own method in the project (`def add_api_route(self, ..):
    super().add_api_route(..)`), which hands on what was registered further out."""
    receiver = frame.f_locals.get("self")
    name = frame.f_code.co_name
    return isinstance(receiver, starlette_routing.Router) and hasattr(
        fastapi_routing.APIRouter, name
    )
