"""What the tests of a crate share: the service with a database of its own, and how it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias, TypeVar, cast

from msgspec.structs import replace

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.reading import is_read
from port_lsp.testing.harness import Harness, Mounted
from port_lsp.writing.draft import Dependency
from port_lsp.writing.imports import symbols_in
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, Type, named, symbol
from port_lsp.writing.printer import Names, identifier, print_items
from port_lsp.writing.printer.items import print_expression
from port_lsp.writing.printer.literals import string
from port_lsp.writing.registering import Framework
from port_lsp.writing.splices import new_uses

_SUPPORT = Path(__file__).parent / "support"
_HEAD = """//! What the tests share: the service with a database of its own, and how it is asked.

// Each file of tests takes what it needs.
#![allow(dead_code)]
"""
_ASKING: Mapping[Framework, tuple[str, ...]] = {
    "axum": (
        *("axum::body::to_bytes", "axum::body::Body", "axum::http::Request"),
        *("serde_json::Value", "tower::ServiceExt"),
    ),
    "actix-web": (
        *("actix_web::body::to_bytes", "actix_web::http::Method", "actix_web::App"),
        *("actix_web::test::init_service", "actix_web::test::try_call_service"),
        *("actix_web::test::TestRequest", "serde_json::Value"),
    ),
}
_SERVED = ("reqwest::redirect::Policy", "reqwest::Client", "reqwest::Method", "serde_json::Value")
_SIGNING = tuple(f"jsonwebtoken::{one}" for one in ("encode", "Algorithm", "EncodingKey", "Header"))
_OPTIONS = symbol("sqlx::sqlite::SqliteConnectOptions")
_R = TypeVar("_R")
_Begun: TypeAlias = "tuple[list[i.Field], list[b.Statement], list[tuple[str, b.Expr]]]"


class Application(Record, frozen=True):
    """How the service is begun: what makes its state, the databases of the pools that this takes,
    how the pool is reached from the service ("" where it isn't), and what makes the tables there
    (None where that isn't known)."""

    harness: Harness
    framework: Framework
    state: b.Expr | None = None
    databases: tuple[str, ...] = ()
    pool: str = ""
    tables: b.Expr | None = None
    signs: bool = False


class Shared(Record, frozen=True):
    """The text of the file that tests share, and what it depends on."""

    text: str
    dependencies: tuple[Dependency, ...]


def shared(app: Application) -> Shared:
    """The module that tests share."""
    fields, begin, values = _begun(app) if app.harness.own is None else _begun_by(app)
    if "sqlite" in app.databases:
        fields.append(i.Field("folder", named("tempfile::TempDir")))
        values.append(("folder", b.Name("folder")))
    service = i.Struct(
        "Service",
        tuple(fields),
        None if fields else (),
        docs=("The service, with a database that goes when it does.",)
        if "sqlite" in app.databases
        else ("The service.",),
    )
    own = symbol("Service")
    start = i.Function(
        "start",
        returns=named("Service"),
        body=b.Block(tuple(begin), b.StructLiteral(own, tuple(values)) if fields else b.Path(own)),
        is_async=True,
        visibility="pub",
        docs=("Begins one of which nobody has asked anything yet.",),
    )
    made_by = _application(app, has_state=app.harness.state is not None)
    served = app.harness.own is not None and bool(app.harness.own.address)
    asking = _SERVED if served else _ASKING[app.framework]
    used = [*map(symbol, asking), *symbols_in((service, start, () if served else made_by))]
    used += map(symbol, _SIGNING) if app.signs else ()
    names, uses = named_in(used, {"Service", "Answer", "Headers"})
    methods = [_asked(app, print_expression(made_by, names, 8, 18))]
    if app.pool:
        methods.append(_support("insert").replace("@POOL@", app.pool))
    parts = [
        _HEAD,
        new_uses(uses) + "\n",
        print_items((service,), names),
        "impl Service {\n" + "\n".join(methods) + "}\n",
        print_items((start,), names),
        _support("answer"),
        *([_support("token")] if app.signs else []),
    ]
    return Shared("\n".join(parts), tuple(_dependencies(app)))


def _begun(app: Application) -> _Begun:
    """What a service is made of: its state, with the tables."""
    begin = list(_database(app))
    tables = [b.Do(app.tables)] if app.tables is not None else []
    if app.tables is not None and not is_read("state", tables, None):
        begin, tables = [*begin, *tables], []
    kind = app.harness.state
    if kind is None or app.state is None:
        return [], begin, []
    made = app.state
    if app.framework == "actix-web":
        kind = named("actix_web::web::Data", kind)
        made = b.Call(b.Path(kind.head, ("new",)), (made,))
    begin += [b.Let(b.Bind("state"), made), *tables]
    return [i.Field("state", kind)], begin, [("state", b.Name("state"))]


def _begun_by(app: Application) -> _Begun:
    """What a service is made of that the crate's own tests begin."""
    own = app.harness.own
    assert own is not None
    begin = list(_database(app))
    begin += [b.Do(app.tables)] if app.tables is not None else []
    function = b.Path(Symbol(("crate", own.module, own.function)))
    made: b.Expr = b.Call(function, (b.Method(b.Name("pool"), "clone"),) if own.takes else ())
    made = b.Await(made) if own.is_async else made
    made = b.Method(made, "unwrap") if own.fails else made
    begin.append(b.Let(b.Bind("app"), made))
    kind = Symbol(("crate", own.module, own.gives)) if own.address else symbol("axum::Router")
    fields, values = [i.Field("app", Type(kind))], [("app", b.Name("app"))]
    if own.takes:
        fields.append(i.Field("pool", named("sqlx::SqlitePool")))
        values.append(("pool", b.Name("pool")))
    return fields, begin, list[tuple[str, b.Expr]](values)


def _asked(app: Application, made_by: str) -> str:
    """The method that asks a service something."""
    own = app.harness.own
    if own is not None and own.address:
        served = _support("served").replace("@SCHEME@", own.scheme)
        return served.replace("@ADDRESS@", own.address)
    return _support(app.framework.replace("-", "_")).replace("@APP@", made_by)


def _support(name: str) -> str:
    return (_SUPPORT / f"{name}.rs").read_text("utf-8")


def _database(app: Application) -> Iterator[b.Statement]:
    """What opens the database of a test."""
    if "sqlite" in app.databases:
        folder = b.Call(b.Path(symbol("tempfile::tempdir")))
        yield b.Let(b.Bind("folder"), b.Method(folder, "unwrap"))
        path = b.Method(b.Method(b.Name("folder"), "path"), "join", (b.Lit('"test.db"'),))
        options: b.Expr = b.Call(b.Path(_OPTIONS, ("new",)))
        options = b.Method(options, "filename", (path,))
        options = b.Method(options, "create_if_missing", (b.Lit("true"),))
        yield b.Let(b.Bind("options"), options)
        pool = b.Path(symbol("sqlx::SqlitePool"), ("connect_with",))
        yield b.Let(b.Bind("pool"), _awaited(b.Call(pool, (b.Name("options"),))))
    elif "postgres" in app.databases:
        # Nobody connects before somebody asks something of it.
        url = b.Lit('"postgres://localhost/none"')
        pool = b.Call(b.Path(symbol("sqlx::PgPool"), ("connect_lazy",)), (url,))
        yield b.Let(b.Bind("pool"), b.Method(pool, "unwrap"))


def _awaited(expr: b.Expr) -> b.Expr:
    return b.Method(b.Await(expr), "unwrap")


def _application(app: Application, *, has_state: bool) -> b.Expr:
    """What makes the application anew for a request."""
    if app.harness.own is not None:
        return b.Method(b.Access(b.Name("self"), "app"), "clone")
    state = b.Method(b.Access(b.Name("self"), "state"), "clone")
    if app.framework == "actix-web":
        made: b.Expr = b.Call(b.Path(symbol("actix_web::App"), ("new",)))
        if has_state:
            made = b.Method(made, "app_data", (state,))
        for one in app.harness.layers:
            made = b.Method(made, "wrap", (one,))
        for one in app.harness.mounts:
            made = _scoped(made, one)
        return made
    made = _routed(app, state)
    if has_state and not app.harness.takes:
        made = b.Method(made, "with_state", (state,))
    for one in app.harness.layers:
        made = b.Method(made, "layer", (one,))
    return made


def _scoped(made: b.Expr, one: Mounted) -> b.Expr:
    """An actix-web application with one more part."""
    if not one.prefix and not one.layers:
        return b.Method(made, "configure", (b.Path(one.function),))
    scope: b.Expr = b.Call(b.Path(symbol("actix_web::web::scope")), (b.Lit(string(one.prefix)),))
    for layer in one.layers:
        scope = b.Method(scope, "wrap", (layer,))
    scope = b.Method(scope, "configure", (b.Path(one.function),))
    return b.Method(made, "service", (scope,))


def _routed(app: Application, state: b.Expr) -> b.Expr:
    """axum's router of all parts."""
    mounts = app.harness.mounts
    parts = [_part(one, (state,) if app.harness.takes else ()) for one in mounts]
    if len(mounts) == 1 and not mounts[0].prefix:
        return parts[0]
    made: b.Expr = b.Call(b.Path(symbol("axum::Router"), ("new",)))
    for one, part in zip(mounts, parts, strict=True):
        named_so = one.prefix not in ("", "/")
        args = (b.Lit(string(one.prefix)), part) if named_so else (part,)
        made = b.Method(made, "nest" if named_so else "merge", args)
    return made


def _part(one: Mounted, given: tuple[b.Expr, ...]) -> b.Expr:
    """The router that a function gives."""
    made: b.Expr = b.Call(b.Path(one.function), given)
    made = b.Await(made) if one.is_async else made
    made = b.Method(made, "unwrap") if one.fails else made
    for layer in one.layers:
        made = b.Method(made, "layer", (layer,))
    return made


def _dependencies(app: Application) -> Iterator[Dependency]:
    yield Dependency("serde_json", "1")
    if app.harness.own is not None and app.harness.own.address:
        yield Dependency("reqwest", "0.12")
    elif app.framework == "axum":
        yield Dependency("tokio", "1", ("macros", "rt"))
        yield Dependency("tower", "0.5", ("util",))
    if "sqlite" in app.databases:
        yield Dependency("tempfile", "3")
    if app.signs:
        yield Dependency("jsonwebtoken", "9.3", default_features=False)


def renamed(record: _R, names: Mapping[Symbol, Symbol]) -> _R:
    """The same with other symbols in the place of some."""
    if isinstance(record, Symbol):
        return cast("_R", names.get(record, record))
    if isinstance(record, tuple):
        items = cast("tuple[object, ...]", record)
        return cast("_R", tuple(renamed(one, names) for one in items))
    if isinstance(record, Record):
        parts = {name: getattr(record, name) for name in record.__struct_fields__}
        changed = {name: renamed(part, names) for name, part in parts.items()}
        return replace(record, **changed)
    return record


def named_in(
    symbols: Iterable[Symbol], taken: Iterable[str] = ()
) -> tuple[Names, list[tuple[str, ...]]]:
    """How symbols are written in a new file of tests, and the paths to `use`. Functions of the
    library are written with their module, what others offer at their root with its package."""
    known: dict[str, tuple[str, ...]] = dict.fromkeys(taken, ())
    uses: dict[tuple[str, ...], None] = {}
    written: dict[Symbol, str] = {}
    for one in dict.fromkeys(symbols):
        path = one.path
        if len(path) == 1:
            written[one] = identifier(one.name)
            continue
        function = one.name[:1].islower() and one.name not in _BROUGHT
        use = path[:-1] if function else path
        if len(use) < 2:
            written[one] = "::".join(map(identifier, path))
            continue
        if known.setdefault(use[-1], use) != use:
            written[one] = "::".join(map(identifier, path))
            continue
        uses[use] = None
        written[one] = "::".join(map(identifier, path[len(use) - 1 :]))
    return (lambda one: written.get(one) or "::".join(map(identifier, one.path))), list(uses)


_BROUGHT = frozenset(("to_bytes", "init_service", "try_call_service", "encode", "json"))
