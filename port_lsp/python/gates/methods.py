"""What a method or an attribute gives of a value that the request decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from port_lsp.python.gates.values import (
    SYMBOLIC,
    Const,
    Jar,
    Known,
    Object,
    Opaque,
)
from port_lsp.types import auth as t

AUTHORIZATION = t.Carried((t.Source("header", "authorization"),))
BEARER = t.Carried((t.Source("bearer"),))
_SAME = frozenset(
    ("strip", "encode", "decode", "get_secret_value", "rstrip", "copy", "dict", "model_dump")
)
_JARS: Mapping[str, t.Place] = {"cookies": "cookie", "headers": "header", "query_params": "query"}


def in_jar(jar: Jar, name: str) -> t.Carried:
    """`request.headers["x-key"]`."""
    written = name.lower() if jar.place == "header" else name
    return t.Carried((t.Source(jar.place, written),))


def _in_jar(jar: Jar, name: Known) -> Known:
    """The same by a name that may be known."""
    if isinstance(name, Const) and isinstance(name.value, str):
        return in_jar(jar, name.value)
    return Opaque(f"request.{jar.place}[…]")


def part_of(of: Known, name: str, text: str) -> Known | None:
    """`value.name`; None where it isn't known."""
    if isinstance(of, Opaque) and of.text == "request":
        return Jar(_JARS[name]) if name in _JARS else Opaque(text)
    if isinstance(of, t.Carried):
        if name == "credentials":
            return of
        return Const("Bearer") if name == "scheme" else Opaque(text)
    if isinstance(of, (t.Claims, t.Row, t.Given)):
        return t.Part(of, name)
    if isinstance(of, (t.Part, Const)):
        return of if name == "value" else Opaque(text)
    if isinstance(of, Object):
        return of.part(name) or Opaque(text)
    return None


def method(of: Known, name: str, args: Sequence[Known], text: str) -> Known | None:
    """`value.name(…)`; None where the value has no such method that is known."""
    first = args[0] if args else None
    if isinstance(of, Jar):
        return _in_jar(of, first) if name == "get" and first is not None else Opaque(text)
    if of == AUTHORIZATION:
        return _of_authorization(name, first)
    if isinstance(of, (t.Claims, t.Given)) and name == "get" and isinstance(first, Const):
        return t.Part(of, str(first.value))
    if isinstance(of, Object) and name == "get" and isinstance(first, Const):
        return of.part(str(first.value)) or Const(None)
    if isinstance(of, Const) and isinstance(of.value, str):
        plain = {"lower": of.value.lower, "upper": of.value.upper, "strip": of.value.strip}
        return Const(plain[name]()) if name in plain and not args else Opaque(text)
    if isinstance(of, SYMBOLIC):
        if name in ("lower", "casefold"):
            return t.Lower(of)
        return of if name in _SAME else Opaque(text)
    return None


def item_of(of: Known, name: Known, text: str) -> Known:
    """`value[name]`."""
    if isinstance(of, Jar):
        return _in_jar(of, name)
    if isinstance(name, Const) and isinstance(of, (t.Claims, t.Row, t.Given)):
        return t.Part(of, str(name.value))
    if isinstance(name, Const) and isinstance(of, Object):
        if isinstance(name.value, int) and -len(of.parts) <= name.value < len(of.parts):
            return of.parts[name.value][1]
        return of.part(str(name.value)) or Opaque(text)
    return BEARER if of == AUTHORIZATION and text.endswith(":]") else Opaque(text)


def _of_authorization(name: str, first: Known | None) -> Known | None:
    """The Authorization header taken apart by hand."""
    scheme = Const("Bearer")
    if name in ("split", "rsplit"):
        return Object((("0", scheme), ("1", BEARER)))
    if name in ("partition", "rpartition"):
        return Object((("0", scheme), ("1", Const(" ")), ("2", BEARER)))
    written = first.value if isinstance(first, Const) else None
    if isinstance(written, str) and written.lower().startswith("bearer"):
        return BEARER if name in ("removeprefix", "replace", "lstrip") else None
    return AUTHORIZATION if name in ("strip", "encode") else None
