"""What a row of the table of library calls says, and how it is read (docs/libraries.md).

A row gives one call of a Python library as an expression of Rust's. It is read to its end here, so
that what is wrong in it is known before anything is translated.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias, cast

from port_lsp.facts.source import Record
from port_lsp.rust.expressiontext import UnreadableError, Written, expression, type_text

Runs: TypeAlias = Literal["", "async", "blocking"]
Plain: TypeAlias = "str | int | float | bool | None"
_RUNS = ("async", "blocking")


class Parameter(Record, frozen=True):
    """A parameter of Python's with the type that the Rust takes; `default` is Python's, None
    where it must be said."""

    name: str
    type: Written
    default: tuple[Plain] | None = None


class Package(Record, frozen=True):
    """A package of Cargo's that the Rust names; `library` is what paths begin with."""

    name: str
    version: str
    features: tuple[str, ...] = ()
    library: str = ""


class Fails(Record, frozen=True):
    """How the call fails where the Rust gives None or an Err: the exception, or several of which
    one is raised (the first is told), what `str` gives of it (None where it depends on the values),
    the status by which that is answered."""

    exceptions: tuple[str, ...]
    message: str | None = None
    status: int = 500


class Library(Record, frozen=True):
    """A row: Python's dotted name, and what it is in Rust.

    `is_value` says that it is no call but an attribute. `says` are arguments that must be written
    as they stand here, `may_say` those that may be. `awaited` says that Python waits for it.
    `traits` are those that methods of the Rust are of.
    Without `rust` the name isn't translated, whatever other rows say.
    """

    name: str
    is_value: bool = False
    takes: tuple[Parameter, ...] = ()
    gives: Written = Written("tuple")
    rust: Written | None = None
    packages: tuple[Package, ...] = ()
    traits: tuple[tuple[str, str], ...] = ()
    says: tuple[tuple[str, str], ...] = ()
    may_say: tuple[tuple[str, str], ...] = ()
    runs: Runs = ""
    awaited: bool = False
    fails: Fails | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it neither waits nor fails."""
        return not self.runs and self.fails is None


class RowError(ValueError):
    """What is wrong with a row: below which key, and what to do about it."""

    def __init__(self, key: str, message: str) -> None:
        """`key` is "" where the row as a whole is meant."""
        super().__init__(message)
        self.key, self.message = key, message


_NO_VALUE = (ValueError, SyntaxError, TypeError, RecursionError, MemoryError)
KEYS = (
    "call", "value", "takes", "gives", "rust", "crates", "traits", "says", "may_say", "runs",
    "awaited", "fails", "off",
)  # fmt: skip
_FAILS = ("exception", "message", "status")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\(\))?(?:\.[A-Za-z_]\w*(?:\(\))?)*")
_PACKAGE = re.compile(r"[A-Za-z_][\w-]*")
_VERSION = re.compile(r"(?:[\^~=]|[<>]=?)? *\d[\w.+*, <>=-]*|\*")  # as Cargo takes it
_FEATURE = re.compile(r"[\w+/?:.-]+")
_PATH = re.compile(r"[A-Za-z_]\w*(?:::[A-Za-z_]\w*)+")
_CAPTURED = re.compile(r"(?<!\{)\{[A-Za-z_]")
_ALWAYS = ("std", "core", "alloc", "crate")
PRIMITIVES = (
    "bool", "char", "str", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
    "u32", "u64", "u128", "usize",
)  # fmt: skip


def row_of(table: Mapping[str, Any]) -> Library:
    """A row, of a table whose keys are known to be of `KEYS`. Raises RowError."""
    name = table.get("call", table.get("value"))
    if not isinstance(name, str) or not _DOTTED.fullmatch(name) or {"call", "value"} <= set(table):
        how = 'call = "uuid.uuid4" for a call, or value = "math.pi" for what is none'
        raise RowError("", f"a row needs the dotted name of what it is about: {how}")
    if table.get("off") is True:
        return Library(name, "value" in table)
    takes = tuple(_parameter(one) for one in _texts(table, "takes"))
    packages = tuple(_packages(table))
    rust = _expression(table, takes, packages)
    fails = _fails(table)
    gives = _type("gives", _text(table, "gives", "`gives` says the type of what it gives"))
    if fails is not None and not (
        gives.kind == "type" and gives.text in ("Option", "Result") and gives.parts
    ):
        how = "where a call may fail, `gives` must be Option<T> or Result<T, E>"
        raise RowError("gives", how)
    traits = tuple(_traits(table))
    runs = table.get("runs", "")
    if runs not in ("", *_RUNS):
        raise RowError("runs", "`runs` must be async or blocking; leave it out for what is neither")
    if not isinstance(table.get("off", False), bool):
        raise RowError("off", "`off` must be true or false")
    if not isinstance(awaited := table.get("awaited", False), bool):
        raise RowError("awaited", "`awaited` must be true or false")
    says, may_say = tuple(_said(table, "says")), tuple(_said(table, "may_say"))
    names = [one.name for one in takes]
    if len({*names}) < len(names) or "self" in names[1:]:
        raise RowError("takes", "`takes` names each parameter once, `self` before the others")
    if "value" in table and names not in ([], ["self"]):
        raise RowError("takes", "what is no call takes nothing but `self`")
    if awaited and "self" in names:
        raise RowError("awaited", "a method of an object can't be one that is awaited in Python")
    return Library(
        name, "value" in table, takes, gives, rust, packages, traits, says, may_say, runs, awaited,
        fails,
    )  # fmt: skip


def _text(table: Mapping[str, Any], key: str, expected: str) -> str:
    found = table.get(key)
    if not isinstance(found, str) or not found.strip():
        raise RowError(key if key in table else "", f"a row needs `{key}`: {expected}")
    return found


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    found = table.get(key, [])
    if not isinstance(found, list) or not all(
        isinstance(one, str) for one in cast("list[Any]", found)
    ):
        raise RowError(key, f'`{key}` must be a list of texts: ["text: &str", "count: i64 = 1"]')
    return cast("list[str]", found)


def _type(key: str, text: str) -> Written:
    try:
        return type_text(text)
    except UnreadableError as error:
        raise RowError(key, f"`{key}`: {error}") from error


def _parameter(text: str) -> Parameter:
    """`name: type`, `name: type = default`; the default as Python writes it."""
    name, colon, rest = text.partition(":")
    kind, equal, default = rest.partition("=")
    if not colon or not name.strip().isidentifier():
        raise RowError("takes", f'`takes`: "{text}" isn\'t written as "name: type"')
    written = _type("takes", kind.strip())
    if not equal:
        return Parameter(name.strip(), written)
    try:
        value = ast.literal_eval(default.strip())
    except _NO_VALUE as error:
        how = "a default is Python's: a text, a number, True, False or None"
        raise RowError("takes", f'`takes`: "{text}": {how}') from error
    if value is not None and not isinstance(value, (str, int, float, bool)):
        raise RowError("takes", f'`takes`: "{text}": a default must be a text, a number or None')
    return Parameter(name.strip(), written, (value,))


def _packages(table: Mapping[str, Any]) -> Iterator[Package]:
    found = table.get("crates", {})
    how = (
        '`crates` must be a table as Cargo has it: { uuid = { version = "1", features = ["v4"] } }'
    )
    if not isinstance(found, dict):
        raise RowError("crates", how)
    for name, asked in cast("dict[str, Any]", found).items():
        given: dict[str, Any] = {"version": asked} if isinstance(asked, str) else asked
        if not isinstance(asked, (str, dict)) or not isinstance(given.get("version"), str):
            raise RowError("crates", how)
        library = given.get("name", name.replace("-", "_"))
        if set(given) - {"version", "features", "name"} or not isinstance(library, str):
            raise RowError("crates", f"{how}; beside these only `name`, its name in code, is read")
        if not (_PACKAGE.fullmatch(name) and library.isidentifier()):
            raise RowError("crates", f"no package is called `{name}`, or so in code: {how}")
        if _VERSION.fullmatch(given["version"].strip()) is None:
            raise RowError("crates", f"`{given['version']}` is no version of Cargo's: {how}")
        if not all(map(_FEATURE.fullmatch, _texts(given, "features"))):
            raise RowError("crates", f"`{name}` has no such feature: {how}")
        yield Package(name, given["version"], tuple(_texts(given, "features")), library)


def _traits(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    found = table.get("traits", {})
    how = '`traits` must be a table of methods: { encode = "base64::Engine" }'
    if not isinstance(found, dict):
        raise RowError("traits", how)
    for name, path in cast("dict[str, Any]", found).items():
        if not isinstance(path, str) or not _PATH.fullmatch(path) or not name.isidentifier():
            raise RowError("traits", how)
        yield name, path


def _said(table: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    found = table.get(key, {})
    how = f'`{key}` must be a table of arguments as Python writes them: {{ quote = "True" }}'
    if not isinstance(found, dict):
        raise RowError(key, how)
    for name, text in cast("dict[str, Any]", found).items():
        if not isinstance(text, str):
            raise RowError(key, how)
        if not _DOTTED.fullmatch(text):
            try:
                ast.literal_eval(text)
            except _NO_VALUE as error:
                raise RowError(key, f"{how}: a value, or a dotted name") from error
        yield name, text


def _fails(table: Mapping[str, Any]) -> Fails | None:
    if "fails" not in table:
        return None
    found = table["fails"]
    how = '`fails` must be a table: { exception = "ValueError", message = "what str gives of it" }'
    given: dict[str, Any] = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    message = given.get("message")
    exceptions = given.get("exception")
    exceptions = [exceptions] if isinstance(exceptions, str) else exceptions
    status = given.get("status", 500)
    is_wrong = not _is_texts(exceptions) or not isinstance(message, (str, type(None)))
    if is_wrong or not isinstance(status, int) or set(given) - set(_FAILS):
        raise RowError("fails", how)
    if not 400 <= status <= 599:
        raise RowError("fails", "the `status` of a failure must be one from 400 to 599")
    return Fails(tuple(cast("list[str]", exceptions)), message, status)


def _is_texts(found: object) -> bool:
    texts = cast("list[object]", found) if isinstance(found, list) else []
    return bool(texts) and all(isinstance(one, str) for one in texts)


def _expression(
    table: Mapping[str, Any], takes: Iterable[Parameter], packages: Iterable[Package]
) -> Written:
    text = _text(table, "rust", "the expression in Rust, which speaks of the parameters by name")
    try:
        found = expression(text)
    except UnreadableError as error:
        raise RowError("rust", f"`rust`: {error}") from error
    names = {one.name for one in takes}
    left = names - _check(found, frozenset(names), {one.library for one in packages})
    if left:
        how = "an argument that makes no difference belongs to `may_say`"
        raise RowError("rust", f"`rust` says nothing of `{min(left)}`; {how}")
    return found


def _check(found: Written, names: frozenset[str], packages: set[str]) -> set[str]:
    """The parameters that an expression speaks of. Raises RowError for names that nobody knows."""
    if found.kind in ("path", "type"):
        head, _, more = found.text.partition("::")
        if more and not (head in _ALWAYS or head in packages or head in PRIMITIVES):
            if not head[:1].isupper():
                how = f'say which: crates = {{ {head.replace("_", "-")} = "1" }}'
                raise RowError(
                    "rust", f"`rust` names the crate `{head}`, which isn't in `crates`; {how}"
                )
        elif not more and found.kind == "path" and head not in names and not head[:1].isupper():
            known = (
                f"the parameters are {', '.join(sorted(names))}" if names else "it takes nothing"
            )
            raise RowError("rust", f"`rust` names `{head}`, which is no parameter; {known}")
    if found.kind == "try":
        raise RowError("rust", "`rust` can't end the function by `?`; say by `fails` how it fails")
    if found.kind == "format" and any(_CAPTURED.search(one.text) for one in found.parts[:1]):
        raise RowError("rust", '`rust`: a text to be filled in names nothing itself: "{}", text')
    if found.kind == "closure":
        names |= frozenset(found.text.split())
    said = {found.text} & names if found.kind == "path" else set[str]()
    for part in found.parts:
        said |= _check(part, names, packages)
        if part.kind == "let":
            names |= {part.text}
    return said
