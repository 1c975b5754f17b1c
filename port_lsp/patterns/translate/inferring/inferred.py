"""What functions of the backend take and give, as far as their text shows it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import dotted, is_generator
from port_lsp.patterns.translate.denied import honest
from port_lsp.patterns.translate.inferring.bodies import Typing
from port_lsp.patterns.translate.inferring.callers import Callers, Site
from port_lsp.patterns.translate.inferring.ending import always_leaves
from port_lsp.patterns.translate.inferring.kinds import SAME, is_request, said, together
from port_lsp.patterns.translate.inferring.parameters import asks_state_only, by_use, may_be_json
from port_lsp.patterns.translate.inferring.text import Text
from port_lsp.patterns.translate.queries.links import is_called_so
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.types import meanings as m
from port_lsp.types.wire import NULL, Wire

_DEEP = 8  # functions that are followed
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Found = TypeVar("_Found")
_NO_TEXT = Text(())
_ASKED = frozenset(("Depends", "Security"))


# What bodies say by themselves, by the identity of their functions, which are parsed once.
_TEXTS: dict[int, tuple[_Function, Text]] = {}
_MOST_TEXTS = 2048


def _text(node: _Function) -> Text:
    known = _TEXTS.get(id(node))
    if known is None or known[0] is not node:
        if len(_TEXTS) >= _MOST_TEXTS:
            _TEXTS.clear()
        known = _TEXTS[id(node)] = (node, Text(node.body))
    return known[1]


class Inferred:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        self.desk = desk
        self._functions = functions_at(desk)
        self._known: dict[tuple[str, str], object] = {}
        self._asked: list[tuple[str, str]] = []
        self._is_cut = False
        self._meanwhile: dict[tuple[str, str], object] = {}

    def typed(self, meaning: m.Callable) -> m.Callable:
        """A function with the types of its parameters, where they show."""
        if not any(map(_is_open, meaning.params)):
            return meaning
        return self._once(("takes", meaning.key), meaning, lambda: self._typed(meaning))

    def returns(self, meaning: m.Callable) -> Wire | None:
        """What a function gives; None where neither its annotation nor its body shows it."""
        if meaning.returns is not None:
            return said(honest(self.desk, meaning).returns)
        return self._once(("gives", meaning.key), None, lambda: self._returned(meaning.key))

    def given_by(self, meaning: m.Callable) -> Wire | None:
        """What a function gives whose parameters are of certain types."""
        node = self._functions.node(meaning.key)
        if node is None:
            return None
        params = {one.name: said(one.wire) for one in meaning.params if not one.star}
        return self._gives(self._body(meaning.key, node, given=params), node)

    def asks_state_only(self, key: str, name: str) -> bool:
        """Whether a function comes by its parameter, a request, to nothing but the application's
        state, as the functions do that it hands it on to."""
        what = ("asks", f"{key} {name}")
        if what in self._asked:
            return True
        return self._once(what, False, lambda: self._asks_state_only(key, name))

    def may_be_json(self, key: str, one: m.Given) -> bool:
        """Whether a parameter may be what JSON can say, by its annotation and its use."""
        node = self._functions.node(key)
        if node is None or one.wire.kind in ("bytes", "unknown"):
            return False
        return may_be_json(self._body(key, node), one.name)

    def _asks_state_only(self, key: str, name: str) -> bool:
        node = self._functions.node(key)
        if node is None:
            return False
        body = self._body(key, node)
        return asks_state_only(body, name, lambda to: self._hands_on(to))

    def _hands_on(self, to: tuple[m.Callable, m.Given]) -> bool:
        meaning, param = to
        return is_request(param.wire) and self.asks_state_only(meaning.key, param.name)

    def _once(self, what: tuple[str, str], otherwise: _Found, find: Callable[[], _Found]) -> _Found:
        """What is found out once, unless it asks for itself: then what is found on the way there
        isn't all of it, and is kept only for the answer."""
        for known in (self._known, self._meanwhile):
            if what in known:
                return known[what]  # pyright: ignore[reportReturnType] (as it was found)
        if what in self._asked or len(self._asked) >= _DEEP:
            self._is_cut = True
            return otherwise
        self._asked.append(what)
        try:
            found = find()
        finally:
            self._asked.pop()
        is_whole = not self._asked or not self._is_cut
        (self._known if is_whole else self._meanwhile)[what] = found
        if not self._asked:
            self._is_cut = False
            self._meanwhile.clear()
        return found

    # What it gives

    def _returned(self, key: str) -> Wire | None:
        node = self._functions.node(key)
        if node is None or is_generator(node):
            return None
        return self._gives(self._body(key, node), node)

    def _gives(self, body: Typing, node: _Function) -> Wire | None:
        found = [
            body.at(one.value) if one.value is not None else NULL
            for one in body.inside
            if isinstance(one, ast.Return)
        ]
        if not always_leaves(node.body):
            found.append(NULL)
        whole = together(found)
        return None if whole is not None and SAME in (whole, *whole.args) else whole

    # What it takes

    def _typed(self, meaning: m.Callable) -> m.Callable:
        params = tuple(
            self._param(meaning, at) if _is_open(one) else one
            for at, one in enumerate(meaning.params)
        )
        return replace(meaning, params=params)

    def _param(self, meaning: m.Callable, at: int) -> m.Given:
        one = meaning.params[at]
        sites = self.desk.shares(Callers).of(meaning.key)
        default = self._default(meaning.key, one) if one.default else None
        given = [self._passed(each, meaning, at, default) for each in sites or ()]
        known = [each for each in given if each is not None]
        wire: Wire | None = None
        if sites and len(known) == len(given):
            wire = together((*known, default) if one.default else known)
        elif default is not None and default != NULL:
            wire = together((default, *known))  # nobody is known to give something else
        if wire is None and not one.default and (not known or together(known) is not None):
            used = self._used(meaning, one.name)
            wire = together((used, *known)) if used is not None else None
        found = self._in_the_backend(said(wire))
        return replace(one, wire=found) if found is not None and found != NULL else one

    def _used(self, meaning: m.Callable, name: str) -> Wire | None:
        node = self._functions.node(meaning.key)
        if node is None:
            return None
        return by_use(self._body(meaning.key, node), name)

    def _default(self, key: str, one: m.Given) -> Wire | None:
        """The type of a default that is always the same, or that FastAPI asks for."""
        file = key.partition("::")[0]
        try:
            node = ast.parse(one.default, mode="eval").body
        except (SyntaxError, ValueError):
            return None
        if isinstance(node, ast.Call):
            return self._depended(file, node)
        plain = isinstance(node, (ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp))
        return Typing(self, file, _NO_TEXT, {}).wire(node) if plain else None

    def _depended(self, file: str, call: ast.expr) -> Wire | None:
        """What FastAPI gives for `Depends(function)`."""
        if not isinstance(call, ast.Call) or not call.args:
            return None
        if dotted(call.func).rpartition(".")[2] not in _ASKED:
            return None
        meaning = self.desk.backend.meaning(file, dotted(call.args[0]))
        return self.returns(meaning) if isinstance(meaning, m.Callable) else None

    def _passed(
        self, site: Site, meaning: m.Callable, at: int, default: Wire | None
    ) -> Wire | None:
        """What a call gives a parameter."""
        call, one = site.call, meaning.params[at]
        if any(isinstance(each, ast.Starred) for each in call.args):
            return None
        if any(each.arg is None for each in call.keywords):
            return None
        value = next((each.value for each in call.keywords if each.arg == one.name), None)
        if value is None and not one.keyword and at < len(call.args):
            value = call.args[at]
        if value is None:
            return default
        if isinstance(value, ast.Constant):
            return Typing(self, site.file, _NO_TEXT, {}).wire(value)
        if site.function is None:
            return None
        return self._body(site.key, site.function, site.file).at(value)

    # Bodies

    def _body(
        self,
        key: str,
        node: _Function,
        file: str = "",
        given: Mapping[str, Wire | None] | None = None,
    ) -> Typing:
        """A function's body with its parameters."""
        file = file or key.partition("::")[0]
        function = self._functions.by_key.get(key)
        instance = function.instances[0] if function is not None and function.instances else ""
        params = given if given is not None else self._params(file, key, node)
        return Typing(self, file, _text(node), params, instance)

    def _params(self, file: str, key: str, node: _Function) -> Mapping[str, Wire | None]:
        """What each parameter is: as its annotation says, else as it shows."""
        found: dict[str, Wire | None] = {}
        for one, default in _with_defaults(node.args):
            if one.annotation is not None:
                wire = self.desk.backend.wire(file, ast.unparse(one.annotation))
                found[one.arg] = self._in_the_backend(said(wire))
            else:
                found[one.arg] = self._depended(file, default) if default is not None else None
        for one in (node.args.vararg, node.args.kwarg):
            if one is not None:
                found[one.arg] = None
        meaning = self._meaning(key) if None in found.values() else None
        for one in self.typed(meaning).params if meaning is not None else ():
            if one.name in found and found[one.name] is None and not one.star:
                found[one.name] = self._in_the_backend(said(one.wire))
        return found

    def _in_the_backend(self, wire: Wire | None) -> Wire | None:
        """A type, but for one that is of a class of other packages, or is no model's."""
        if wire is None or any(self._in_the_backend(said(one)) is None for one in wire.args[:1]):
            return None
        is_known = wire.kind != "ref" or is_request(wire)
        return wire if is_known or schema_at(self.desk, wire.name) is not None else None

    def _meaning(self, key: str) -> m.Callable | None:
        """What the function's name means where it is defined."""
        function = self._functions.by_key.get(key)
        if function is None or (function.owner is not None and not function.instances):
            return None
        owner = f"{function.instances[0]}." if function.owner is not None else ""
        found = self.desk.backend.meaning(key.partition("::")[0], f"{owner}{function.name}")
        return found if isinstance(found, m.Callable) and found.key == key else None


def _is_open(one: m.Given) -> bool:
    """Whether a parameter doesn't say its type; a session needs none, but `load_from_db=True` is
    none."""
    plain = one.default in ("", "None") or "(" in one.default
    return not one.star and one.wire.kind == "any" and not (plain and is_called_so(one.name))


def _with_defaults(args: ast.arguments) -> Iterable[tuple[ast.arg, ast.expr | None]]:
    every = [*args.posonlyargs, *args.args]
    missing = [None] * (len(every) - len(args.defaults))
    yield from zip(every, [*missing, *args.defaults], strict=True)
    yield from zip(args.kwonlyargs, args.kw_defaults, strict=True)
