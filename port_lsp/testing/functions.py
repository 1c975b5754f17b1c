"""Tests as Rust: one function for each thing that is asked of an endpoint."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

from port_lsp.facts.source import Record
from port_lsp.parity.asking import Question
from port_lsp.patterns.names import distinct, snake
from port_lsp.patterns.translate.reading import is_read
from port_lsp.testing.asked import Asked, Checked
from port_lsp.testing.rows import CannotSeedError, Row, Rows
from port_lsp.testing.ways import Way
from port_lsp.testing.world import Content, Token
from port_lsp.types import auth as t
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Reference, Type, named, symbol
from port_lsp.writing.printer.literals import raw_string, string

_JSON = symbol("serde_json::json")
_ASSERT = symbol("assert_eq")
_LOC = "wrong"
_TOO_LARGE = 1 << 31


class Writer(Record, frozen=True):
    """How this crate's tests are written: the path of the module that they share, the attribute of
    a test, the expressions of settings on a service (by their variables), how rows are made, and
    whether a service can be given them."""

    module: str
    attribute: str
    settings: tuple[tuple[str, b.Expr], ...]
    rows: Rows
    inserts: bool = True

    def helper(self, name: str, gate: str, way: Way) -> i.Function:
        """The function that makes what a request of somebody carries whom a gate lets through.
        Raises CannotSeedError, KeyError for a setting that can't be reached."""
        statements: list[b.Statement] = [*self._inserts(way)]
        headers, before = self._headers(way)
        statements += before
        made = b.Macro(symbol("vec"), headers, "[]")
        given = "service" if is_read("service", statements, made) else "_service"
        return i.Function(
            name,
            (i.Param(b.Bind(given), Reference(self._type("Service"))),),
            self._type("Headers"),
            b.Block(tuple(statements), made),
            is_async=True,
            docs=(f"What somebody sends whom the backend's `{gate}` lets through.",),
        )

    def test(
        self,
        asked: Asked,
        name: str,
        about: str,
        helper: tuple[str, Way] | None,
        ignored: str,
    ) -> i.Function:
        """One test. `about` is its endpoint as people write it; `helper` is the function that makes
        a credential, and what that is; `ignored` says why it isn't run. Raises as `helper`."""
        way = asked.way
        statements: list[b.Statement] = [
            b.Let(b.Bind("service"), b.Await(b.Call(self._path("start"))))
        ]
        headers: b.Expr = b.Unary("&", b.ArrayOf(()))
        if way is not None and (way.rows or _carries(way)):
            found, more = self._credential(way, helper)
            statements += more
            headers = found
        statements += self._asking(asked, headers)
        attributes = [i.Attribute(self.attribute)]
        if ignored:
            attributes.append(i.Attribute("ignore", value=string(ignored)))
        return i.Function(
            name,
            body=b.Block(tuple(statements)),
            is_async=True,
            attributes=tuple(attributes),
            docs=(f"`{about}`",),
        )

    def _path(self, name: str) -> b.Path:
        return b.Path(symbol(f"{self.module}::{name}"))

    def _type(self, name: str) -> Type:
        return named(f"{self.module}::{name}")

    def _credential(
        self, way: Way, helper: tuple[str, Way] | None
    ) -> tuple[b.Expr, list[b.Statement]]:
        """The headers of a way, and the statements that make them and its rows."""
        if helper is not None and _begins_with(way, helper[1]):
            made = b.Await(b.Call(b.Name(helper[0]), (b.Unary("&", b.Name("service")),)))
            inserts = [self._insert(one) for one in self._new(way, helper[1])]
            return b.Unary("&", b.Name("headers")), [b.Let(b.Bind("headers"), made), *inserts]
        headers, before = self._headers(way)
        statements_before: list[b.Statement] = [*self._inserts(way), *before]
        if not headers:
            return b.Unary("&", b.ArrayOf(())), statements_before
        made_list = b.Let(b.Bind("headers"), b.ArrayOf(headers))
        return b.Unary("&", b.Name("headers")), [*statements_before, made_list]

    def _new(self, way: Way, helper: Way) -> list[Row]:
        """The rows of a way that a helper doesn't insert."""
        there = set(self.rows.inserts(helper.rows))
        return [one for one in self.rows.inserts(way.rows) if one not in there]

    def _inserts(self, way: Way) -> Iterator[b.Statement]:
        for one in self.rows.inserts(way.rows):
            yield self._insert(one)

    def _insert(self, row: Row) -> b.Statement:
        if not self.inserts:
            raise CannotSeedError("how rows get into the application's database isn't known")
        texts = (b.Lit(_text(row.into)), b.Lit(_text(row.values)))
        return b.Do(b.Await(b.Method(b.Name("service"), "insert", texts)))

    def _headers(self, way: Way) -> tuple[tuple[b.Expr, ...], list[b.Statement]]:
        """What is carried in headers, as pairs, and the statements before that."""
        pairs: list[b.Expr] = []
        before: list[b.Statement] = []
        cookies: list[tuple[str, b.Expr]] = []
        for source, content in way.carried:
            if source.place in ("path", "query"):
                continue
            name = source.name if source.place != "bearer" else "authorization"
            if source.place == "cookie":
                cookies.append((source.name, self._text(content, before)))
            elif source.place == "bearer":
                text = _formatted("Bearer ", self._text(content, before))
                pairs.append(b.TupleOf((b.Lit(string(name)), text)))
            else:
                text = _formatted("", self._text(content, before))
                pairs.append(b.TupleOf((b.Lit(string(name)), text)))
        for name, text in cookies:
            whole = _formatted(f"{name}=", text)
            pairs.append(b.TupleOf((b.Lit('"cookie"'), whole)))
        return tuple(pairs), before

    def _text(self, content: Content, before: list[b.Statement]) -> b.Expr:
        """A text that is carried: a literal, or a name that is bound before."""
        if isinstance(content, str):
            return b.Lit(string(content))
        if isinstance(content, Token):
            claims = b.Json(
                _JSON,
                tuple((string(name), b.Lit(_number(value))) for name, value in content.claims),
            )
            algorithm = b.Path(symbol("jsonwebtoken::Algorithm"), (content.algorithm,))
            secret = self._secret(content.secret)
            made = b.Call(self._path("token"), (secret, algorithm, claims))
            before.append(b.Let(b.Bind("token"), made))
            return b.Name("token")
        before.append(b.Let(b.Bind("secret"), self._secret(content)))
        return b.Name("secret")

    def _secret(self, value: t.Setting | t.Text) -> b.Expr:
        if isinstance(value, t.Text):
            return b.Lit(string(value.text))
        return dict(self.settings)[value.env]

    # Asking and looking at the answer

    def _asking(self, asked: Asked, headers: b.Expr) -> Iterator[b.Statement]:
        if len(asked.requests) == 1:
            one = asked.requests[0]
            yield b.Let(b.Bind("answer"), self._ask(one.question, headers))
            yield from self._looks(asked, json_expr(list(one.wrong)) if one.wrong else None)
            return
        method = asked.requests[0].question.method
        told = all(one.wrong for one in asked.requests)
        names = ["uri", "body", *([_LOC] if told else [])]
        rows = [b.TupleOf(tuple(_row(one, told=told))) for one in asked.requests]
        question = b.Let(
            b.Bind("answer"),
            b.Await(
                b.Method(
                    b.Name("service"),
                    "ask",
                    (b.Lit(string(method)), b.Name("uri"), headers, b.Name("body")),
                )
            ),
        )
        looks = self._looks(asked, b.Name(_LOC) if told else None, "{uri} {body:?}")
        yield b.Do(
            b.For(
                b.TuplePattern(None, tuple(b.Bind(name) for name in names)),
                b.ArrayOf(tuple(rows)),
                b.Block((question, *looks)),
            )
        )

    def _ask(self, question: Question, headers: b.Expr) -> b.Expr:
        asked = (
            b.Lit(string(question.method)),
            b.Lit(string(question.path)),
            headers,
            _body(question),
        )
        return b.Await(b.Method(b.Name("service"), "ask", asked))

    def _looks(
        self, asked: Asked, wrong: b.Expr | None, message: str = ""
    ) -> Iterator[b.Statement]:
        answer = b.Name("answer")
        more = (b.Lit(string(message)),) if message else ()
        yield _equal(b.Access(answer, "status"), b.Lit(str(asked.status)), more)
        if wrong is not None:
            yield _equal(b.Method(answer, _LOC), wrong, more)
        if asked.detail is not None:
            detail = json_expr(json.loads(asked.detail))
            yield _equal(b.Method(answer, "detail"), detail, more)
        if asked.shape == "list":
            is_list = b.Method(b.Access(answer, "body"), "is_array")
            yield b.Do(b.Macro(symbol("assert"), (is_list,)))
        elif asked.shape is not None:
            keys = b.ArrayOf(tuple(b.Lit(string(one)) for one in sorted(asked.shape)))
            yield _equal(b.Method(answer, "keys"), keys, more)


def test_name(endpoint: str, asked: Asked, taken: set[str]) -> str:
    """The name of a test of an endpoint's handler."""
    return distinct(snake(f"{endpoint} {asked.name}"), taken)


def _carries(way: Way) -> bool:
    return any(source.place not in ("path", "query") for source, _ in way.carried)


def _begins_with(way: Way, helper: Way) -> bool:
    """Whether a way carries what a helper makes, and needs its rows, and only more."""
    mine = [one for one in way.carried if one[0].place not in ("path", "query")]
    return (
        tuple(mine) == helper.carried
        and bool(helper.carried)
        and way.rows[: len(helper.rows)] == helper.rows
    )


def _formatted(before: str, text: b.Expr) -> b.Expr:
    if isinstance(text, b.Lit):
        return b.Method(b.Lit(string(before + json.loads(text.text))), "to_owned")
    if not before:
        return b.Method(text, "to_owned")
    name = text.name if isinstance(text, b.Name) else ""
    return b.Macro(symbol("format"), (b.Lit(string(f"{before}{{{name}}}")),))


def _row(one: Checked, *, told: bool) -> Iterator[b.Expr]:
    yield b.Lit(string(one.question.path))
    yield _body(one.question)
    if told:
        yield json_expr(list(one.wrong))


def _body(question: Question) -> b.Expr:
    """A request's body: its media type and its text."""
    if question.body is None:
        return b.Path(symbol("None"))
    kind = dict(question.headers).get("content-type", "application/json")
    text = question.body.decode("utf-8", "replace")
    pair = b.TupleOf((b.Lit(string(kind)), b.Lit(_text(text))))
    return b.Call(b.Path(symbol("Some")), (pair,))


def _text(text: str) -> str:
    """A literal that is read most easily."""
    return raw_string(text) if '"' in text or "\\" in text else string(text)


def _equal(one: b.Expr, other: b.Expr, more: Sequence[b.Expr]) -> b.Statement:
    return b.Do(b.Macro(_ASSERT, (one, other, *more)))


def _number(value: str) -> str:
    """JSON as Rust writes it inside `json!`, where a number is an i32 if nothing else is said."""
    if value.startswith('"'):
        return string(json.loads(value))
    return f"{value}_i64" if value.isdigit() and int(value) >= _TOO_LARGE else value


def json_expr(value: Any) -> b.Expr:
    """A value of serde_json, or what compares with one: a text, a number."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        return b.Json(_JSON, tuple((string(key), json_expr(one)) for key, one in entries.items()))
    if isinstance(value, list):
        items = cast("list[Any]", value)
        if not any(isinstance(one, dict) for one in items):  # rustfmt lays out what is Rust
            return b.Macro(_JSON, (b.ArrayOf(tuple(map(json_expr, items))),))
        return b.Json(_JSON, items=tuple(json_expr(one) for one in items))
    if isinstance(value, str):
        return b.Lit(string(value))
    if value is None:
        return b.Path(symbol("serde_json::Value"), ("Null",))
    return b.Lit(json.dumps(value))
