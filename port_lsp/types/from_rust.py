"""A Rust type, as written, as a wire type: what serde makes of it in JSON."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from port_lsp.facts.items import Constraint
from port_lsp.types.rust_names import AROUND, AS_IS, LISTS, MAPS, NAMED, SETS, WITH
from port_lsp.types.wire import (
    ANY,
    NULL,
    STR,
    Resolve,
    Wire,
    array,
    mapping,
    optional,
    ref,
    union,
    unknown,
)

_TOKEN = re.compile(
    r"\s*(?:(?P<name>(?:r#)?[A-Za-z_]\w*)|(?P<life>'\w+)|(?P<mark>::|->|\d+|.))", re.S
)
_DEEPEST = 40


class _Type(NamedTuple):
    """A type's syntax: `name` is its path, "&", "()" or "[]"; None for what isn't data."""

    name: str
    args: "tuple[_Type, ...]" = ()


class _NoDataError(ValueError):
    """The text is no type that carries data: a function, a trait object, a bare trait."""


def from_rust(
    annotation: str | None,
    resolve: Resolve | None = None,
    constraints: Iterable[Constraint] = (),
) -> Wire:
    """The wire type of a type's text; `unknown` for what is no data or doesn't read.

    `resolve` is asked first what a path of the text means; a path that neither it nor this module
    knows is a ref by that path. `constraints` are a field's: `with` changes what is on the wire.
    """
    if annotation is None or not annotation.strip():
        return NULL
    parsed = _parsed(annotation.strip())
    if parsed is None:
        return unknown(annotation)
    wire = _lower(parsed, resolve)
    given = next((c.value for c in constraints if c.name in _OWN_WAYS and c.value), None)
    return wire if given is None else _through(given.strip('"'), wire)


_OWN_WAYS = frozenset({"with", "deserialize_with", "serialize_with", "serde_as.as"})


def _through(path: str, wire: Wire) -> Wire:
    """What a field's own functions leave of its type, where they are well known."""
    inner = path.removeprefix("Option<")
    is_optional = wire.kind == "optional" or inner != path
    ends = inner.partition("<")[0].rstrip(">")
    if ends.removesuffix("::deserialize").rpartition("::")[2] in AS_IS:
        return wire
    for ending in ("::serialize", "::deserialize", "::option", "_option", "_opt"):
        ends = ends.removesuffix(ending)
    for known, meant in WITH:
        if ends == known or ends.endswith(f"::{known}"):
            return optional(meant) if is_optional else meant
    return unknown(f"{wire} through {path}")


@lru_cache(maxsize=8192)
def _parsed(text: str) -> _Type | None:
    try:
        reader = _Reader(text)
        parsed = reader.type(0)
        return parsed if reader.at == len(reader.tokens) else None
    except (_NoDataError, IndexError):
        return None


class _Reader:
    """Reads the grammar of the Rust Reference, "Type expressions", as far as data has types."""

    def __init__(self, text: str) -> None:
        self.tokens = [match.group().strip() for match in _TOKEN.finditer(text)]
        self.tokens = [token for token in self.tokens if token and token[0] != "'"]
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, token: str) -> bool:
        if self.peek() == token:
            self.at += 1
            return True
        return False

    def want(self, token: str) -> None:
        if not self.take(token):
            raise _NoDataError(token)

    def type(self, depth: int) -> _Type:
        if depth > _DEEPEST:
            raise _NoDataError("too deep")
        if self.take("&") or self.take("*"):
            for word in ("mut", "const"):
                self.take(word)
            return self.type(depth + 1)
        if self.take("("):
            parts = self.listed(")", depth)
            single = len(parts) == 1 and self.tokens[self.at - 2] != ","
            return parts[0] if single else _Type("()", parts)
        if self.take("["):
            item = self.type(depth + 1)
            if self.take(";"):
                while self.peek() not in ("]", ""):
                    self.at += 1
            self.want("]")
            return _Type("[]", (item,))
        return self.path(depth)

    def path(self, depth: int) -> _Type:
        self.take("::")
        segments: list[str] = []
        args: tuple[_Type, ...] = ()
        while True:
            name = self.tokens[self.at]
            if not (name[0].isalpha() or name[0] == "_") or name in ("dyn", "impl", "fn", "extern"):
                raise _NoDataError(name)
            self.at += 1
            segments.append(name.removeprefix("r#"))
            if self.take("<"):
                args = self.listed(">", depth)
            if not self.take("::"):
                break
            if self.take("<"):
                args = self.listed(">", depth)
                if not self.take("::"):
                    break
        return _Type("::".join(segments), args)

    def listed(self, close: str, depth: int) -> tuple[_Type, ...]:
        parts: list[_Type] = []
        while not self.take(close):
            if self.take(","):
                continue
            if self.peek().isdigit() or self.peek() == "{":  # a const argument
                while self.peek() not in (",", close, ""):
                    self.at += 1
                continue
            parts.append(self.type(depth + 1))
            if self.peek() not in (",", close):
                raise _NoDataError(self.peek())
        return tuple(parts)


def _lower(parsed: _Type, resolve: Resolve | None) -> Wire:
    name, args = parsed.name, parsed.args
    if name == "()":
        parts = tuple(_lower(arg, resolve) for arg in args)
        return Wire("tuple", parts) if parts else NULL
    if name == "[]":
        return array(_lower(args[0], resolve))
    if resolve is not None and (found := resolve(name)) is not None:
        if found.kind == "ref" and args:
            return ref(found.name, [_lower(arg, resolve) for arg in args])
        return found
    short = name.rpartition("::")[2]
    if args and (wire := _generic(short, args, resolve)) is not None:
        return wire
    if (wire := NAMED.get(short)) is not None:
        return wire
    if not args and short in LISTS:
        return array(ANY)
    return ref(name, [_lower(arg, resolve) for arg in args])


def _generic(short: str, args: tuple[_Type, ...], resolve: Resolve | None) -> Wire | None:
    """A type of the standard library or a well-known crate with its arguments."""
    if short == "Option":
        return optional(_lower(args[0], resolve))
    if short in AROUND or short in ("Path", "Result") or short.endswith("Result"):
        return _lower(args[0], resolve)  # of a Result, what it is when all goes well
    if short in LISTS:
        return array(_lower(args[0], resolve))
    if short in SETS:
        return Wire("set", (_lower(args[0], resolve),))
    if short in MAPS:
        if len(args) == 1:
            return mapping(STR, _lower(args[0], resolve))
        return mapping(_lower(args[0], resolve), _lower(args[1], resolve))
    if short == "Either":
        return union(_lower(arg, resolve) for arg in args)
    return None
