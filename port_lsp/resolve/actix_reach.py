"""How actix-web finds the handler of a request (actix-router's router.rs, actix-web's scope.rs).

The first resource or scope that matches path and guards is taken, and never left again: a scope
answers 404 and a resource 405 to what it has no route for.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from port_lsp.facts.routing import UNKNOWN_PATH, Layer, Mount, Register, Router
from port_lsp.resolve.patterns import actix_pattern, actix_requests, normalized, taken
from port_lsp.resolve.routes import Resolved

ANY = "ANY"
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
_METHOD_GUARD = "method "  # how a guard that is a method is written in the routing tree


_MOST_ANSWERS = 20_000  # routes of texts that are gone stay in the memo until then
_EMPTY = '""'
_FILES = re.compile(r"\bFiles::new\(")


class _Entry(NamedTuple):
    """One step as it is matched."""

    at: int
    pattern: str
    matcher: str | re.Pattern[str] | None
    methods: tuple[str, ...]
    guarded: bool
    conditional: str | None
    router: Router | None
    register: Register | None
    kind: str


class _Compiled(NamedTuple):
    """A router's entries, and a number that two routers share where a request takes the same way
    through both, whatever lies below."""

    router: Router
    entries: list[_Entry]
    level: int


class ActixMemo:
    """What was worked out for routers that are the same objects, and for routes whose way through
    the routers above them is the same."""

    def __init__(self) -> None:
        self.compiled: dict[int, _Compiled] = {}
        self.levels: dict[tuple[object, ...], int] = {}
        self.answers: dict[tuple[object, ...], str | None] = {}

    def clear(self) -> None:
        """Forgets everything."""
        self.compiled.clear()
        self.levels.clear()
        self.answers.clear()


class Actix:
    """Matches requests against one application."""

    def __init__(self, root: Router, memo: ActixMemo) -> None:
        self._root = root
        self._memo = memo
        if len(memo.answers) > _MOST_ANSWERS:
            memo.clear()

    def why_not(self, found: Resolved, method: str) -> str | None:
        """Why no request arrives at a route; None where one does, or where we can't tell."""
        key = (self._levels(found), found.address, found.path, found.conditional, method)
        answers = self._memo.answers
        if key not in answers:
            answers[key] = self._why_not(found, method)
        return answers[key]

    def _levels(self, found: Resolved) -> tuple[object, ...]:
        """What decides at each router above a route which way a request takes."""
        levels: list[object] = [self._root.slashes]
        router: Router | None = self._root
        for at in found.address:
            if router is None:
                break
            levels.append(self._compiled(router).level)
            step = router.steps[at]
            router = step.router if isinstance(step, Mount) else None
        return tuple(levels)

    def _why_not(self, found: Resolved, method: str) -> str | None:
        requests = actix_requests(found.path)
        reason: str | None = None
        for path in requests:
            seen = normalized(path, self._root.slashes)
            for verb in _METHODS if method == ANY else (method,):
                answer = self._match(self._root, seen, verb, found, 0)
                if answer is None:
                    return None
                if seen != path:
                    what = "adds a slash at the end" if seen.endswith("/") else "normalizes"
                    if not seen.endswith("/") and path.endswith("/"):
                        what = "drops the trailing slash"
                    reason = reason or f"NormalizePath {what} before the path is matched"
                reason = reason or answer
        return reason

    def _match(
        self, router: Router, path: str, method: str, found: Resolved, depth: int
    ) -> str | None:
        """None where the request arrives at the route, else what happens to it instead."""
        wanted = found.address[depth]
        for entry in self._compiled(router).entries:
            own = entry.at == wanted
            prefix = entry.kind in ("scope", "foreign")
            length = taken(entry.matcher, path, prefix=prefix)
            if length is None or not (own or self._certain(entry, found)):
                continue
            if entry.methods and method not in entry.methods:
                continue
            if entry.kind == "foreign":
                return f"{entry.register.handler if entry.register else ''} takes it first"
            if entry.kind == "route":
                if own:
                    return None
                handler = entry.register.handler if entry.register else ""
                return f"{handler} at {entry.pattern} answers first"
            if entry.router is None:
                continue
            if entry.kind == "resource":
                return self._resource(entry, entry.router, method, found, depth, own=own)
            if own:
                return self._match(entry.router, path[length:], method, found, depth + 1)
            return f"the scope {entry.pattern or _EMPTY} before it takes every path below it"
        return "no path that a request can have matches it"

    def _resource(
        self,
        entry: _Entry,
        router: Router,
        method: str,
        found: Resolved,
        depth: int,
        *,
        own: bool,
    ) -> str | None:
        if not own:
            return f"the resource {entry.pattern} before it takes the path, whatever the method"
        wanted = found.address[depth + 1]
        for inner in self._compiled(router).entries:
            mine = inner.at == wanted
            if inner.methods and method not in inner.methods:
                continue
            if mine:
                return None
            if self._certain(inner, found) and inner.register is not None:
                return f"{inner.register.handler} at {entry.pattern} answers first"
        return None

    def _certain(self, entry: _Entry, found: Resolved) -> bool:
        """Whether a step is there and willing whenever the route is."""
        if entry.guarded or UNKNOWN_PATH in entry.pattern:
            return False
        if entry.kind == "foreign" and not (entry.register and _takes_all(entry.register)):
            return False
        return entry.conditional is None or entry.conditional in (found.conditional or "")

    def _compiled(self, router: Router) -> _Compiled:
        known = self._memo.compiled.get(id(router))
        if known is not None and known.router is router:
            return known
        entries = [
            entry
            for index, step in enumerate(router.steps)
            if not isinstance(step, Layer) and (entry := _compile(index, step)) is not None
        ]
        way = tuple((e.at, e.pattern, e.methods, e.guarded, e.conditional, e.kind) for e in entries)
        handlers = tuple(e.register.handler for e in entries if e.register is not None)
        level = self._memo.levels.setdefault((way, handlers), len(self._memo.levels))
        found = self._memo.compiled[id(router)] = _Compiled(router, entries, level)
        return found


def _takes_all(foreign: Register) -> bool:
    """Whether what isn't actix-web's own takes every path below its own: actix-files does, until a
    guard says otherwise (its service.rs); of another crate's service nothing is known."""
    return _FILES.search(foreign.handler) is not None and "guard(" not in foreign.handler


def _compile(index: int, step: Register | Mount) -> _Entry | None:
    if isinstance(step, Register):
        if step.kind == "fallback":
            return None
        pattern = _slashed(step.path)
        methods = () if ANY in step.methods else step.methods
        kind = "route" if step.methods else "foreign"
        if kind == "foreign":
            pattern = pattern.rstrip("/")
        matcher = actix_pattern(pattern, prefix=kind == "foreign")
        return _Entry(
            index, pattern, matcher, methods, bool(step.guards), step.conditional, None, step, kind
        )
    pattern = _slashed(step.prefix)
    exact = step.router.exact
    methods = tuple(
        guard.removeprefix(_METHOD_GUARD)
        for guard in step.guards
        if guard.startswith(_METHOD_GUARD)
    )
    guarded = len(methods) < len(step.guards)
    matcher = actix_pattern(pattern, prefix=not exact)
    kind = "resource" if exact else "scope"
    return _Entry(
        index, pattern, matcher, methods, guarded, step.conditional, step.router, None, kind
    )


def _slashed(path: str) -> str:
    return path if not path or path.startswith("/") else f"/{path}"
