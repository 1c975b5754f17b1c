"""Which registered routes no request arrives at, and why.

Every route is asked for with requests that its own path is meant for; the request is matched as
the framework matches it. A route is unreachable when none of them arrives. What stands under a
guard or a condition that the route itself hasn't isn't taken to stand in its way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from port_lsp.facts.routing import UNKNOWN_PATH, Router
from port_lsp.facts.source import Place
from port_lsp.resolve.actix_reach import Actix, ActixMemo
from port_lsp.resolve.routes import Resolved

Reasons = dict[tuple[int, str], str]
_STARLETTE_PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_STARLETTE = {"path": ".*", "int": "[0-9]+", "float": r"[0-9]+(?:\.[0-9]+)?", "uuid": "[0-9a-f-]+"}
# A segment that is a parameter, in either notation; `{{` is a brace. All that is left is another.
_AXUM_PARAMETER = re.compile(r"(?<=/)(?:\{[^{}*]+\}|:[^/]+)(?=/|$)")


def unreachable(
    root: Router,
    resolved: tuple[Resolved, ...],
    axum: str | None = None,
    memo: ActixMemo | None = None,
) -> Reasons:
    """Why a route can't be reached, by its index in `resolved` and its method.

    `axum` is the version that the crate asks for; without one the latest rules hold. `memo`
    keeps what was worked out from one call to the next.
    """
    if root.join == "actix":
        return dict(_actix(root, resolved, memo or ActixMemo()))
    if root.join == "axum":
        return dict(_axum(root, resolved, axum))
    return dict(_fastapi(resolved))


def _actix(
    root: Router, resolved: tuple[Resolved, ...], memo: ActixMemo
) -> Iterator[tuple[tuple[int, str], str]]:
    actix = Actix(root, memo)
    for index, found in enumerate(resolved):
        if found.register.kind == "fallback":
            continue
        for method in found.register.methods:
            if (reason := actix.why_not(found, method)) is not None:
                yield (index, method), reason


def _axum(
    root: Router, resolved: tuple[Resolved, ...], version: str | None
) -> Iterator[tuple[tuple[int, str], str]]:
    """axum's own order doesn't matter: a literal wins over a parameter, that over a wildcard."""
    braces = not (version or "").startswith(("0.5", "0.6", "0.7"))
    seen: dict[tuple[object, ...], Resolved] = {}
    shapes: dict[tuple[str, str | None], str] = {}
    for index, found in enumerate(resolved):
        register = found.register
        reason = _axum_syntax(found.path, version, braces=braces)
        if (
            reason is None
            and root.slashes == "trim"
            and found.path.endswith("/")
            and found.path != "/"
        ):
            reason = "NormalizePathLayer drops the trailing slash before the router sees it"
        if reason is None and register.kind == "route" and UNKNOWN_PATH not in found.path:
            shape = (_AXUM_PARAMETER.sub("{}", found.path), found.conditional)
            other = shapes.setdefault(shape, found.path)
            if other != found.path:  # matchit's docs, "Conflict Rules"
                reason = f"axum panics at start: {other} is the same path by other names"
        for method in register.methods:
            key = (method, found.path, found.conditional, _unknown_in(found))
            # A fallback is no route: `any` may stand at the path of its router.
            first = found if register.kind == "fallback" else seen.setdefault(key, found)
            if reason is not None:
                yield (index, method), reason
            elif first is not found:
                yield (index, method), f"axum panics at start: {method} {found.path} is there twice"


def _unknown_in(found: Resolved) -> tuple[Place, ...]:
    """What isn't known of a path: that of one registration or mount is the same only for itself."""
    if UNKNOWN_PATH not in found.path:
        return ()
    mounts = tuple(place for prefix, place in found.trail if UNKNOWN_PATH in prefix)
    own = (found.register.registered,) if UNKNOWN_PATH in found.register.path else ()
    return mounts + own


def _axum_syntax(path: str, version: str | None, *, braces: bool) -> str | None:
    segments = path.split("/")
    if braces:
        old = next((s for s in segments if s[:1] in (":", "*")), None)
        return f"axum panics at start: `{old}` is written `{{…}}` since 0.8" if old else None
    new = next((s for s in segments if s.startswith("{") and s.endswith("}")), None)
    if new is None or UNKNOWN_PATH in new:
        return None
    return f"axum {version} takes the braces of `{new}` literally"


def _fastapi(resolved: tuple[Resolved, ...]) -> Iterator[tuple[tuple[int, str], str]]:
    """Starlette takes the first route whose path and method match (routing.py, `Router.app`)."""
    earlier: list[tuple[re.Pattern[str], Resolved]] = []
    for index, found in enumerate(resolved):
        sample = _STARLETTE_PARAMETER.sub(_sample, found.path)
        for method in found.register.methods:
            for pattern, other in earlier:
                if method not in other.register.methods or other.conditional or other.guards:
                    continue
                if pattern.fullmatch(sample):
                    yield (index, method), f"{other.register.handler} at {other.path} answers first"
                    break
        earlier.append((_starlette(found.path), found))


def _starlette(path: str) -> re.Pattern[str]:
    parts: list[str] = []
    at = 0
    for match in _STARLETTE_PARAMETER.finditer(path):
        inner = _STARLETTE.get(match[2] or "", "[^/]+")
        parts += (re.escape(path[at : match.start()]), f"(?:{inner})")
        at = match.end()
    return re.compile("".join((*parts, re.escape(path[at:]))), re.S)


def _sample(match: re.Match[str]) -> str:
    return {"path": "~a/~b", "int": "42", "float": "1.5", "uuid": "0-a"}.get(match[2] or "", "~a")
