"""Path patterns as their frameworks match them, and requests that a pattern is meant for."""

import itertools
import re
from functools import lru_cache

from port_lsp.facts.routing import Slashes

# Values that are tried for a parameter with a pattern of its own. The first two are no word that
# somebody would write as a literal segment.
_CANDIDATES = (
    "~a/~b", "~a", "0", "42", "abc", "ABC", "a1", "a-b", "a_b", "a.b", "x.png", "x.txt", "a/b",
    "2024-01-31", "00000000-0000-4000-8000-000000000000", "v1", "1.0", "true", "",
)  # fmt: skip
_MOST = 3  # requests that are tried for one route
_SLASHES = re.compile("//+")


@lru_cache(maxsize=4096)
def actix_pattern(pattern: str, *, prefix: bool) -> "str | re.Pattern[str] | None":
    """actix-router's ResourceDef: a literal, or an expression whose first group is what it takes.

    None for a pattern that isn't one.
    """
    if "{" not in pattern and not pattern.endswith("*"):
        return pattern
    parts, tail = _actix_parts(pattern)
    if parts is None:
        return None
    body = "".join(re.escape(text) if inner is None else f"(?:{inner})" for text, inner in parts)
    end = "" if tail else "(?:/|$)" if prefix else "$"
    try:
        return re.compile(f"({body}){end}", re.S)
    except re.error:
        return None


def _actix_parts(pattern: str) -> tuple[list[tuple[str, str | None]] | None, bool]:
    """Literals and parameters (name and expression), and whether the last one takes all."""
    parts: list[tuple[str, str | None]] = []
    rest, tail = pattern, False
    while (start := rest.find("{")) >= 0:
        depth, end = 0, -1
        for index in range(start, len(rest)):
            depth += (rest[index] == "{") - (rest[index] == "}")
            if depth == 0:
                end = index
                break
        if end < 0:
            return None, False
        if start:
            parts.append((rest[:start], None))
        name, colon, inner = rest[start + 1 : end].partition(":")
        rest = rest[end + 1 :]
        tail = rest == "*" and not colon
        parts.append((name, inner if colon else ".*" if tail else "[^/]+"))
        if tail:
            rest = ""
    if rest:
        parts.append((rest.removesuffix("*"), None))
        if rest.endswith("*"):
            parts.append(("", ".*"))
            tail = True
    return parts, tail


def taken(matcher: "str | re.Pattern[str] | None", path: str, *, prefix: bool) -> int | None:
    """How much of a path a pattern takes; None where it doesn't match."""
    if isinstance(matcher, str):
        if prefix:
            if path.startswith(matcher) and path[len(matcher) : len(matcher) + 1] in ("", "/"):
                return len(matcher)
            return None
        return len(matcher) if path == matcher else None
    found = matcher.match(path) if matcher is not None else None
    return found.end(1) if found else None


@lru_cache(maxsize=4096)
def actix_requests(pattern: str) -> tuple[str, ...]:
    """Paths that a route with this full path should answer; none where we can't make one."""
    parts, _ = _actix_parts(pattern)
    if parts is None:
        return ()
    choices: list[list[str]] = []
    for text, inner in parts:
        choices.append([text] if inner is None else _values(inner))
    return tuple("".join(found) for found in itertools.islice(itertools.product(*choices), _MOST))


def _values(inner: str) -> list[str]:
    if inner == "[^/]+":
        return ["~a"]
    try:
        expression = re.compile(inner, re.S)
    except re.error:
        return []
    return [value for value in _CANDIDATES if expression.fullmatch(value)][:_MOST]


def normalized(path: str, slashes: Slashes) -> str:
    """What actix's NormalizePath makes of a request's path (middleware/normalize.rs)."""
    if slashes == "keep" or not path:
        return path
    if slashes == "trim":
        path = path.rstrip("/")
    elif slashes == "always":
        path += "/"
    return _SLASHES.sub("/", path) or "/"
