"""Which functions of the backend are plain ones in Rust: no state, no Result, not async.

Only what surely needs none of them: no exception, no setting, no session, nothing awaited, and no
calls but of what Rust does without fail, or of another such function. What doesn't read all that it
is given is there for others' sake, and will do more one day. Whatever else is said makes it one
that takes the state and may fail.
"""

from __future__ import annotations

import ast

from port_lsp.facts.items import Function
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.appstate.uses import uses_at
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import dotted, walked
from port_lsp.patterns.translate.libraries.table import table_of
from port_lsp.patterns.translate.objects.attributes import own_name
from port_lsp.patterns.translate.objects.bases import is_super
from port_lsp.patterns.translate.objects.classes import INIT, ObjectClass, objects_at
from port_lsp.patterns.translate.objects.making import holds_nothing
from port_lsp.types import meanings as m

_STATEMENTS = (ast.Return, ast.Assign, ast.AnnAssign, ast.If, ast.Expr, ast.Pass)
_EXPRESSIONS = (
    ast.Name, ast.Constant, ast.BinOp, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.IfExp, ast.Call,
    ast.Attribute, ast.Tuple, ast.JoinedStr, ast.FormattedValue,
)  # fmt: skip
_OPERATORS = (ast.Add, ast.Sub, ast.Mult)
_CALLS = frozenset(("builtins.str", "builtins.len", "builtins.bool"))
_TEXTS = frozenset(("lower", "upper", "startswith", "endswith", "replace", "strip"))
_DEEP = 8  # functions that call each other


class Plain:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend."""
        self._desk = desk
        self._functions = functions_at(desk)
        self._known: dict[str, bool] = {}

    def is_plain(self, key: str, deep: int = 0) -> bool:
        """Whether a function (item key) is one."""
        if key not in self._known:
            self._known[key] = False  # while it is looked at: a function that calls itself
            function = self._functions.get(key)
            self._known[key] = function is not None and deep < _DEEP and self._of(function, deep)
        return self._known[key]

    def _of(self, function: Function, deep: int) -> bool:
        file = function.place.file
        node = self._functions.node(function.key)
        cls = objects_at(self._desk).owner(function)
        if not isinstance(node, ast.FunctionDef) or (function.owner is not None and cls is None):
            return False
        params = {one.arg for one in walked(node.args) if isinstance(one, ast.arg)}
        names = [one for one in walked(*node.body) if isinstance(one, ast.Name)]
        if params - {one.id for one in names}:
            return False
        own = params | {one.id for one in names if isinstance(one.ctx, ast.Store)}
        every = walked(*(one for one in node.body if not is_super(one)))
        if cls is not None and any(
            isinstance(one, ast.Attribute) and one.attr in cls.sessions for one in every
        ):
            return function.name == INIT
        return all(
            self._fits(one, file, own, deep)
            or (cls is not None and self._fits_objects(one, cls, own_name(node), deep))
            for one in every
        )

    def _fits_objects(self, node: ast.AST, cls: ObjectClass, own: str, deep: int) -> bool:
        """What methods may do beside it: change their object, call another plain one."""
        if isinstance(node, (ast.List, ast.Dict)):
            return not getattr(node, "elts", getattr(node, "keys", ()))
        if isinstance(node, ast.AugAssign):
            return isinstance(node.op, _OPERATORS)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return False
        of = node.func.value
        if node.func.attr == "append" and isinstance(of, ast.Attribute):
            return isinstance(of.value, ast.Name) and of.value.id == own
        if not isinstance(of, ast.Name) or of.id != own:
            return False
        method = objects_at(self._desk).method(cls, node.func.attr)
        return method is not None and self.is_plain(method.callable.key, deep + 1)

    def _fits(self, node: ast.AST, file: str, own: set[str], deep: int) -> bool:
        if isinstance(node, ast.stmt):
            return isinstance(node, _STATEMENTS)
        if isinstance(node, ast.Call):
            return self._calls(node, file, own, deep)
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, _OPERATORS)
        if isinstance(node, (ast.Name, ast.Attribute)):
            name = dotted(node)
            if ".state." in name and uses_at(self._desk).places:
                return False
            if not name or name.partition(".")[0] in own:
                return True
            return not isinstance(self._desk.backend.meaning(file, name), m.Env)
        return not isinstance(node, ast.expr) or isinstance(node, _EXPRESSIONS)

    def _calls(self, node: ast.Call, file: str, own: set[str], deep: int) -> bool:
        name = dotted(node.func)
        if not name or name.partition(".")[0] in own:
            return isinstance(node.func, ast.Attribute) and node.func.attr in _TEXTS
        meaning = self._desk.backend.meaning(file, name)
        if meaning == m.Outside("builtins.int"):  # of a float it may fail
            inner = node.args[0] if len(node.args) == 1 else None
            named = dotted(inner.func) if isinstance(inner, ast.Call) else ""
            return self._desk.backend.meaning(file, named) == m.Outside("time.time")
        if isinstance(meaning, m.Outside):
            return meaning.name in _CALLS or table_of(self._desk).is_plain(meaning.name)
        if isinstance(meaning, m.Callable):
            return self.is_plain(meaning.key, deep + 1)
        return isinstance(meaning, m.Kind) and self._makes(meaning.key, deep)

    def _makes(self, key: str, deep: int) -> bool:
        """Whether an object of a class is made plainly."""
        cls = objects_at(self._desk).of(key)
        method = objects_at(self._desk).method(cls, INIT) if cls is not None else None
        if cls is None or method is None or holds_nothing(self._desk, cls):
            return True
        return self.is_plain(method.callable.key, deep + 1)
