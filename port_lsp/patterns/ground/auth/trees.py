"""A gate's tree as the statements of its extractor."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

from port_lsp.patterns.ground.auth.conditions import condition, negated
from port_lsp.patterns.ground.auth.tokens import decoded
from port_lsp.patterns.ground.auth.values import (
    Bound,
    Maybe,
    NotWrittenError,
    Passes,
    Scene,
    column_of,
    is_claim,
    name_of,
    option,
)
from port_lsp.patterns.names import snake
from port_lsp.types import auth as t
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import uses
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string

_ERRORS = {400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound",
           409: "Conflict", 500: "InternalError"}  # fmt: skip
_SHORT = 40  # characters of JSON that fit on a line however deep it stands
Statements = list[b.Statement]


class Trees:
    """Writes the tree of one gate. `below` says how another gate is asked, by its key."""

    def __init__(
        self, scene: Scene, gate: t.Gate, passed: Passes, below: Mapping[str, b.Expr]
    ) -> None:
        """`passed` is what the gate hands on."""
        self._scene, self._gate, self._passed, self._below = scene, gate, passed, below
        self._role = gate.level in ("role", "scope")

    def block(self, tree: t.Tree) -> b.Block:
        """The body of the extractor's function. Raises NotWrittenError."""
        statements, tail = self._of(tree, {}, None, last=True)
        return b.Block(tuple(statements), tail)

    def _inner(self, tree: t.Tree, bound: Bound, fall: t.Tree | None) -> b.Block:
        """A block inside of the function, that ends it unless the tree falls through to `fall`."""
        statements, _ = self._of(tree, bound, fall, last=False)
        return b.Block(tuple(statements))

    def _of(
        self, tree: t.Tree, bound: Bound, fall: t.Tree | None, *, last: bool
    ) -> tuple[Statements, b.Expr | None]:
        if tree == fall:
            return [], None
        if isinstance(tree, t.Through):
            return self._through(tree, bound, fall, last=last)
        if isinstance(tree, t.Branch):
            if isinstance(tree.test, t.Bad):
                return self._decoding(tree, tree.test, bound, fall, last=last)
            if isinstance(tree.test, t.Missing) and self._may_miss(tree.test.value, tree.then):
                return self._missing(tree, tree.test.value, bound, fall, last=last)
            return self._deciding(tree, tree.test, bound, fall, last=last)
        before: Statements = []
        if isinstance(tree, t.Hole):
            before.append(b.Comment((f"Not ported: {tree.why}.", *tree.python)))
        ending = self._ending(tree, bound)
        if last:
            return before, ending
        return [*before, b.Do(b.Jump("return", ending))], None

    def _ending(self, tree: t.Tree, bound: Bound) -> b.Expr:
        if isinstance(tree, t.Pass):
            return b.Call(b.Path(symbol("Ok")), (self._passing(tree, bound),))
        refuse = tree.refuse if isinstance(tree, t.Hole) else tree
        if not isinstance(refuse, t.Refuse):
            raise NotWrittenError("an end that is none")
        return b.Call(b.Path(symbol("Err")), (refused(refuse),))

    def _passing(self, tree: t.Pass, bound: Bound) -> b.Expr:
        if self._passed.kind == "nothing":
            return b.Name("Self")
        if tree.value is None:
            return b.Call(b.Name("Self"), (b.Name("None"),))
        there = tree.value in bound
        if isinstance(tree.value, t.Given) and Maybe(tree.value) in bound and not there:
            return b.Call(b.Name("Self"), (b.Name(bound[Maybe(tree.value)]),))
        inner: b.Expr = b.Name(name_of(bound, tree.value))
        if self._passed.optional:
            inner = b.Call(b.Path(symbol("Some")), (inner,))
        return b.Call(b.Name("Self"), (inner,))

    # Statements

    def _through(
        self, tree: t.Through, bound: Bound, fall: t.Tree | None, *, last: bool
    ) -> tuple[Statements, b.Expr | None]:
        passed = self._scene.passes[tree.gate]
        asked = self._below[tree.gate]
        if passed.kind == "nothing":
            statements, tail = self._of(tree.then, bound, fall, last=last)
            return [b.Do(asked), *statements], tail
        name = {"row": "user", "claims": "claims", "text": "text"}[passed.kind]
        name = _free(name, bound)
        given = t.Given(tree.gate)
        key = Maybe(given) if passed.optional else given
        statements, tail = self._of(tree.then, {**bound, key: name}, fall, last=last)
        value = b.Access(asked, "0")
        if not uses(name, statements, tail):
            return [b.Do(asked), *statements], tail
        return [b.Let(b.Bind(name), value), *statements], tail

    def _missing(
        self, tree: t.Branch, value: t.Value, bound: Bound, fall: t.Tree | None, *, last: bool
    ) -> tuple[Statements, b.Expr | None]:
        before, bound = self._bind(
            [one for _, one in value.where] if isinstance(value, t.Row) else [], bound
        )
        given = option(self._scene, value, bound)
        name = _free(_called(value), bound)
        if isinstance(value, t.Given):
            name = name_of(bound, Maybe(value))
        inside = {**bound, value: name}
        some = b.TuplePattern(symbol("Some"), (b.Bind(name),))
        if _leads_to(tree.other, tree.then):
            then = self._inner(tree.other, inside, tree.then)
            rest, tail = self._of(tree.then, bound, fall, last=last)
            if not uses(name, then):
                return [*before, b.Do(_asking(b.Method(given, "is_some"), then)), *rest], tail
            if isinstance(value, t.Given):
                given = b.Method(given, "clone")  # what follows has it still
            return [*before, b.Do(b.If(given, then, binding=some)), *rest], tail
        if _leads_to(tree.then, tree.other):
            test = b.Method(given, "is_none")
            then = self._inner(tree.then, bound, tree.other)
            rest, tail = self._of(tree.other, bound, fall, last=last)
            return [*before, b.Do(b.If(test, then)), *rest], tail
        rest, tail = self._of(tree.other, inside, fall, last=last)
        refuse = self._inner(tree.then, bound, None)
        if not uses(name, rest, tail):
            return [*before, b.Do(b.If(b.Method(given, "is_none"), refuse)), *rest], tail
        return [*before, b.Let(some, given, otherwise=refuse), *rest], tail

    def _bind(self, values: Sequence[t.Value], bound: Bound) -> tuple[Statements, Bound]:
        """Names for texts that nobody has asked for yet; one that is missing is empty."""
        statements: Statements = []
        for value in values:
            if value in bound or isinstance(value, (t.Text, t.Setting)):
                continue
            given = option(self._scene, value, bound)
            name = _free(_called(value), bound)
            statements.append(b.Let(b.Bind(name), b.Method(given, "unwrap_or_default")))
            bound = {**bound, value: name}
        return statements, bound

    def _decoding(
        self, tree: t.Branch, test: t.Bad, bound: Bound, fall: t.Tree | None, *, last: bool
    ) -> tuple[Statements, b.Expr | None]:
        expired, rest = tree.then, tree.other
        bad = expired
        if test.expired and isinstance(rest, t.Branch) and rest.test == t.Bad(test.claims):
            bad, rest = rest.then, rest.other
        elif test.expired:
            bad = rest
        before, bound = self._bind([test.claims.token], bound)
        name = _free("claims", bound)
        inside = {**bound, test.claims: name}
        after, tail = self._of(rest, inside, fall, last=last)
        given = decoded(self._scene, test.claims, bound)
        used = uses(name, after, tail)
        ok = b.TuplePattern(symbol("Ok"), (b.Bind(name) if used else b.Wild(),))
        if expired == bad:
            refuse = self._inner(bad, bound, None)
            return [*before, b.Let(ok, given, otherwise=refuse), *after], tail
        err = symbol("Err")
        late = b.TuplePattern(err, (b.PathPattern(symbol("Bad"), ("Expired",)),))
        other = b.TuplePattern(err, (b.PathPattern(symbol("Bad"), ("Unreadable",)),))
        kept: b.Expr = b.Name(name) if used else b.TupleOf()
        arms = (
            b.Arm(ok, kept),
            b.Arm(late, self._inner(expired, bound, None)),
            b.Arm(other, self._inner(bad, bound, None)),
        )
        matched = b.Match(given, arms)
        if not used:
            return [*before, b.Do(matched), *after], tail
        return [*before, b.Let(b.Bind(name), matched), *after], tail

    def _deciding(
        self, tree: t.Branch, test: t.Test, bound: Bound, fall: t.Tree | None, *, last: bool
    ) -> tuple[Statements, b.Expr | None]:
        asked = condition(self._scene, test, bound, role=self._role)
        inner, rest = tree.then, tree.other
        turned = _is_short(tree.other) and not _is_short(tree.then)
        if turned or _leads_to(tree.other, tree.then):
            inner, rest, asked = rest, inner, negated(asked)
        block = self._inner(inner, bound, rest)
        statements, tail = self._of(rest, bound, fall, last=last)
        return [b.Do(_asking(asked, block)), *statements], tail

    def _may_miss(self, value: t.Value, then: t.Tree) -> bool:
        """Whether the crate has an Option for a value. Of a claim that is no text it has none: then
        somebody must be refused, else it is asked whether the claim is there at all."""
        if is_claim(self._scene, value):
            return _is_short(then)
        if isinstance(value, t.Given):
            return self._scene.passes[value.gate].optional
        if isinstance(value, (t.Carried, t.Row)):
            return True
        return column_of(self._scene, value) is None


def refused(refuse: t.Refuse) -> b.Expr:
    """An error that answers so."""
    variant = _ERRORS.get(refuse.status)
    if refuse.detail.startswith('"') and variant is not None:
        said = b.Method(b.Lit(string(_text(refuse.detail))), "into")
        return b.Call(b.Path(symbol("AppError"), (variant,)), (said,))
    number = b.Call(b.Path(symbol("status")), (b.Lit(str(refuse.status)),))
    return b.Call(b.Path(symbol("AppError"), ("http",)), (number, _said(refuse.detail)))


def _said(detail: str) -> b.Expr:
    """A detail, which is JSON as text, as what becomes a value of it."""
    value = json.loads(detail)
    if isinstance(value, str):
        return b.Lit(string(value))
    if isinstance(value, (dict, list)) and len(detail) > _SHORT:
        return _value(value)  # pyright: ignore[reportUnknownArgumentType]
    return b.Macro(symbol("json"), (b.Lit(detail),))


def _object(entries: dict[str, object]) -> b.Json:
    """`json!({…})` with a key a line, for a line of it is never broken."""
    return b.Json(symbol("json"), tuple((string(key), _value(one)) for key, one in entries.items()))


def _value(value: object) -> b.Json | b.Lit:
    if isinstance(value, dict) and value:
        return _object(cast("dict[str, object]", value))
    if isinstance(value, list) and any(
        isinstance(one, dict) for one in cast("list[object]", value)
    ):
        return b.Json(symbol("json"), (), tuple(map(_value, cast("list[object]", value))))
    text = string(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return b.Lit(text)


def _text(written: str) -> str:
    return str(json.loads(written))


def _is_short(tree: t.Tree) -> bool:
    return isinstance(tree, (t.Refuse, t.Hole))


def _asking(asked: b.Expr, block: b.Block) -> b.If:
    """An `if`; one that holds nothing but another one asks for both."""
    only = block.statements[0] if len(block.statements) == 1 else None
    if isinstance(only, b.Do) and isinstance(only.expr, b.If) and only.expr.binding is None:
        asked, block = b.Binary(asked, "&&", only.expr.condition), only.expr.then
    return b.If(asked, block)


def _leads_to(tree: t.Tree, end: t.Tree) -> bool:
    """Whether a tree has another one inside of it."""
    if tree == end:
        return True
    if isinstance(tree, t.Branch):
        return _leads_to(tree.then, end) or _leads_to(tree.other, end)
    return isinstance(tree, t.Through) and _leads_to(tree.then, end)


def _called(value: t.Value) -> str:
    """A name for a value that is there."""
    if isinstance(value, t.Carried):
        source = value.sources[0]
        return "token" if source.place == "bearer" else _given(source.name)
    if isinstance(value, t.Part):
        return _given(value.name)
    return "user" if isinstance(value, (t.Row, t.Given)) else "text"


def _given(name: str) -> str:
    found = snake(name)
    return "id" if found in ("sub", "subject") else found


def _free(name: str, bound: Bound) -> str:
    taken = {*bound.values(), "asked", "state", "parts", "self"}
    found, number = name, 2
    while found in taken:
        found, number = f"{name}{number}", number + 1
    return found
