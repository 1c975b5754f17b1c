"""Exceptions that answer a request, and other objects that a dependency's body makes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from port_lsp.python.classes import class_member, external_bases
from port_lsp.python.evaluate import evaluate
from port_lsp.python.gates.statements import Statements
from port_lsp.python.gates.values import (
    NOTHING,
    Const,
    Env,
    Exc,
    Frame,
    Known,
    Object,
    Opaque,
    Py,
)
from port_lsp.python.lower import lone_expression
from port_lsp.python.schemafields import plain_value
from port_lsp.python.values import Class, Function, Unknown, Value
from port_lsp.types import auth as t

_STATUS = re.compile(r"\b([1-5]\d\d)\b|HTTP_([1-5]\d\d)_")


class Called(NamedTuple):
    """A call's arguments."""

    args: tuple[Known, ...]
    words: Mapping[str, Known]


class Exceptions(Statements):
    """Makes objects."""

    def made(self, cls: Class, given: Called, text: str, frame: Frame) -> Known:
        """An object of a class of the backend."""
        if any(name.endswith("Exception") for name in external_bases(self.run, cls)):
            return self._exception(cls, given)
        every = [*given.args, *given.words.values()]
        whole = next((one for one in every if isinstance(one, (t.Claims, t.Row))), None)
        if whole is not None and (given.args or "**" in given.words):
            return whole
        if given.words and "**" not in given.words:
            return Object(tuple(given.words.items()))
        return self.lift(evaluate(self.run, lone_expression(text), frame.scope), text)

    def _exception(self, cls: Class, given: Called) -> Exc:
        """An exception class of the backend's own that is one of FastAPI's."""
        init = class_member(self.run, cls, "__init__")
        found = self.code.of(init) if isinstance(init, Function) else None
        if not any(name.endswith("HTTPException") for name in external_bases(self.run, cls)):
            return Exc("http")
        if found is None or not isinstance(init, Function):
            return http_exception(given, "")
        names: dict[str, Known] = {}
        args = list(given.args)
        for param in init.definition.params[1:]:
            default = NOTHING
            if param.default is not None:
                default = self.lift(
                    evaluate(self.run, param.default.expr, init.scope), param.default.text
                )
            taken = args.pop(0) if args and not param.keyword and not param.star else default
            names[param.name] = given.words.get(param.name, taken)
        inside = Frame(init.scope, found[1], _ends, _ends)
        for one in ast.walk(found[0]):
            if isinstance(one, ast.Call) and ast.unparse(one.func) == "super().__init__":
                values = [self.plainly(arg, Env(names), inside) for arg in one.args]
                words = {
                    word.arg or "**": self.plainly(word.value, Env(names), inside)
                    for word in one.keywords
                }
                return http_exception(Called(tuple(values), words), ast.unparse(one))
        return Exc("http")

    def http(self, given: Called, node: ast.Call, frame: Frame) -> Exc:
        """FastAPI's HTTPException as it is written in a body."""
        detail = given.words.get("detail") or (given.args[1] if len(given.args) > 1 else None)
        if isinstance(detail, (Opaque, Py)):  # a dict, or what only evaluating gives
            written = next((one.value for one in node.keywords if one.arg == "detail"), None)
            written = written or (node.args[1] if len(node.args) > 1 else None)
            value: Value = None
            if written is not None:
                value = evaluate(self.run, lone_expression(ast.unparse(written)), frame.scope)
            plain = _literal(written) if written is not None else None
            if plain is None and not isinstance(value, Unknown):
                plain = plain_value(self.run, value)
            if plain is not None:
                made = http_exception(given, ast.unparse(node))
                return Exc("http", made.status, json.dumps(plain, ensure_ascii=False))
        return http_exception(given, ast.unparse(node))


def _literal(node: ast.expr) -> object:
    """What a display of literals is; None for another expression."""
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, (dict, list)) else None  # pyright: ignore[reportUnknownVariableType] (whatever the display holds)


def _ends(_: object, __: Env) -> t.Tree:
    return t.Pass()


def http_exception(given: Called, text: str) -> Exc:
    """FastAPI's HTTPException with its arguments."""
    status = given.words.get("status_code") or (given.args[0] if given.args else None)
    detail = given.words.get("detail") or (given.args[1] if len(given.args) > 1 else None)
    number = status.value if isinstance(status, Const) else None
    if not isinstance(number, int):
        match = _STATUS.search(status.text if isinstance(status, Opaque) else text)
        number = int(match[1] or match[2]) if match is not None else 0
    said = detail.value if isinstance(detail, Const) else None
    if said is None or isinstance(said, tuple):
        try:
            said = HTTPStatus(number).phrase
        except ValueError:
            return Exc("http")
    return Exc("http", number, json.dumps(said, ensure_ascii=False))
