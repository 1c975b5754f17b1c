"""What an expression in a body stands for beyond its function: constants, functions, classes.

Who translates a body asks for each name or attribute that isn't the body's own. A value that is set
from outside is never taken for what the code says.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from port_lsp.facts.source import SourceFile
from port_lsp.python import syntax as ir
from port_lsp.python.classmeanings import (
    attribute_of,
    below,
    callable_of,
    class_of,
    inherited,
    method_of,
)
from port_lsp.python.enums import is_shown, members_of, mixin_of
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.fields import written
from port_lsp.python.gates.settingnames import SettingNames
from port_lsp.python.imports import import_names
from port_lsp.python.lower import lone_expression
from port_lsp.python.models import classify
from port_lsp.python.parsing import parsed, text_of
from port_lsp.python.routers import RouterObject
from port_lsp.python.socketio import SocketServer
from port_lsp.python.values import (
    Bound,
    Class,
    External,
    Function,
    Imported,
    Instance,
    LambdaValue,
    Made,
    ModuleRef,
    NativeMethod,
    Scope,
    Value,
)
from port_lsp.types import meanings as m

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


# FastAPI: what an application is called where nothing says it (its `FastAPI.__init__`).
_UNSAID = {"title": "FastAPI", "version": "0.1.0", "description": ""}


def _said_of(app: RouterObject, name: str) -> str | None:
    """What an application was given as its title, version or description, if the code says it."""
    if not app.application or name not in _UNSAID or name in app.attributes:
        return None
    given = app.options.keywords.get(name)
    if given is None:
        return _UNSAID[name]
    try:
        value = given if isinstance(given, str) else ast.literal_eval(written(given) or "")
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, str) else None


def _is_frozen(cls: Class) -> bool:
    """Whether objects of a class can't be changed (Python's docs, `dataclasses`, "Frozen
    instances")."""
    calls = [one.expr for one in cls.definition.decorators if isinstance(one.expr, ir.Call)]
    frozen = ir.Const(True)
    return any(arg.name == "frozen" and arg.value == frozen for one in calls for arg in one.args)


def _shown(decorator: ir.Expr) -> str:
    """A decorator for a person: `cached(…)`."""
    called = isinstance(decorator, ir.Call)
    name = ir.dotted(decorator.func if called else decorator)
    return f"{name}(…)" if called else name


_OF_METHODS = frozenset(("staticmethod", "classmethod"))


class Meanings:
    """Answers for one reading of a backend."""

    def __init__(
        self, run: Interpreter, files: Mapping[str, SourceFile], settings: SettingNames
    ) -> None:
        """Of a backend that was read."""
        self._run, self._files, self._settings = run, files, settings
        self._known: dict[tuple[str, str], m.Meaning | None] = {}
        self._classes: dict[str, m.Class | None] = {}
        self._below: dict[str, tuple[str, ...]] = {}
        self._methods: dict[tuple[str, str], m.Method | None] = {}

    def of(self, file: str, text: str) -> m.Meaning | None:
        """What a dotted name means in a module (relative path); None where it isn't known."""
        key = (file, text)
        if key not in self._known:
            self._known[key] = self._of(file, text)
        return self._known[key]

    def class_of(self, key: str) -> m.Class | None:
        """The class of an item key; None for what is none."""
        if key not in self._classes:
            self._classes[key] = class_of(self._run, key)
        return self._classes[key]

    def method(self, key: str, name: str) -> m.Method | None:
        """The function that a class (item key) has under a name, itself or from a base; None for
        what is none, or what a decorator makes another thing of."""
        if (key, name) not in self._methods:
            self._methods[key, name] = method_of(self._run, key, name)
        return self._methods[key, name]

    def below(self, name: str) -> tuple[str, ...]:
        """The names of the backend's classes that come from one (an item key, or the full name of
        one of Python's)."""
        if name not in self._below:
            self._below[name] = below(self._run, name)
        return self._below[name]

    def attribute(self, key: str, name: str) -> m.Kind | None:
        """The class that each object of a class (item key) holds under a name; None for what isn't
        one, or isn't known."""
        found = attribute_of(self._run, key, name)
        return m.Kind(found) if found is not None else None

    def imported(self, file: str, of: m.Import, text: str) -> m.Meaning | None:
        """What a dotted name means behind an import in a function of a module."""
        state = self._run.module(file)
        if state is None:
            return None
        scope = Scope(state, state.scope)
        names = ((of.name, of.alias or of.name),) if of.name else ()
        node = ir.Import(of.module, names, of.level, None if names else of.alias or None)
        import_names(self._run, node, scope)
        first, _, rest = text.partition(".")
        bound = scope.names.get(first)
        if isinstance(bound, Imported) and bound.place is not None and bound.name is not None:
            found = self._in(bound.place, f"{bound.name}.{rest}" if rest else bound.name)
            if found is not None:
                return found
        parts = text.split(".")
        for at in range(len(parts) - 1, 0, -1):
            left = lone_expression(".".join(parts[:at]))
            module = force(self._run, evaluate(self._run, left, scope))
            if isinstance(module, ModuleRef):
                return self._in(module.path, ".".join(parts[at:]))
        value = force(self._run, evaluate(self._run, lone_expression(text), scope))
        return self._held(value)

    def _in(self, place: str, text: str) -> m.Meaning | None:
        """What a name means in a file, or in the file of a package that a folder is; None for one
        that isn't bound there."""
        file = place if place.endswith(".py") else f"{place}/__init__.py"
        state = self._run.module(file) if file in self._files else None
        known = state is not None and text.partition(".")[0] in state.scope.names
        return self.of(file, text) if known else None

    def _of(self, file: str, text: str) -> m.Meaning | None:
        state = self._run.module(file)
        if state is None:
            return None
        expr = lone_expression(text)
        left, _, name = text.rpartition(".")
        setting = self._settings.attribute(left, name) if left else self._settings.named(text, file)
        if setting is not None:
            return m.Env(setting.env)
        of = force(self._run, evaluate(self._run, lone_expression(left), state.scope))
        of = of if left else None
        if isinstance(of, RouterObject) and (said := _said_of(of, name)) is not None:
            return m.Constant(json.dumps(said, ensure_ascii=False))
        if isinstance(of, Class) and (member := self._member_of(of, name)) is not None:
            return member
        if name in ("name", "value") and isinstance(member := self.of(file, left), m.Member):
            return m.Constant(member.value if name == "value" else json.dumps(member.name))
        value = force(self._run, evaluate(self._run, expr, state.scope))
        if isinstance(value, (str, int, float, bool)):
            if not self._is_fixed(of, left, name, file):
                return None
            return m.Constant(json.dumps(value, ensure_ascii=False))
        if isinstance(value, LambdaValue):
            return self._one_line(of, value, name, file)
        if isinstance(value, Instance) and not left and _is_frozen(value.cls):
            made = self._settings.assigned(name, file)
            return m.Object(ast.unparse(made[1]), made[0]) if made is not None else None
        return self._held(value)

    def _held(self, value: Value) -> m.Meaning | None:
        """What is the same whatever it is asked by: what comes from outside, classes, functions."""
        if isinstance(value, External):
            return m.Outside(value.name)
        if isinstance(value, Made):
            return m.Outside(f"{value.maker.name}()")
        if isinstance(value, NativeMethod) and isinstance(value.owner, SocketServer):
            return m.Outside(f"socketio.AsyncServer().{value.name}")
        if isinstance(value, Class):
            return m.Kind(value.key)
        return self._callable(value) if isinstance(value, (Function, Bound)) else None

    def _is_fixed(self, of: Value, left: str, name: str, file: str) -> bool:
        """Whether a constant is what the code says."""
        if not left:
            return self._settings.is_fixed(name, file)
        if isinstance(of, ModuleRef):
            return self._settings.is_fixed(name, of.path)
        if isinstance(of, Class):
            value = self._member(of, name)
            return value is not None and not any(isinstance(n, ast.Call) for n in ast.walk(value))
        return not isinstance(of, Instance)

    def _member_of(self, cls: Class, name: str) -> m.Member | None:
        """A member of an Enum, whose value the code says."""
        if classify(self._run, cls) != "enum":
            return None
        members = {one.name: one.value for one in members_of(self._run, cls)}
        value = members.get(name)
        written = self._member(cls, name)
        if value is None or written is None:
            return None
        called = [one for one in ast.walk(written) if isinstance(one, ast.Call)]
        if called and not (called == [written] and not called[0].args):  # but `auto()`
            return None
        own = next(each for each, one in members.items() if one == value)
        shown = is_shown(self._run, cls)
        return m.Member(cls.key, own, value, mixin_of(self._run, cls), shown)

    def _member(self, cls: Class, name: str) -> ast.expr | None:
        """What a class's body assigns to a name, once."""
        file = self._files.get(cls.place.file)
        chunk = file.by_id.get(cls.chunk) if file is not None else None
        if file is None or chunk is None:
            return None
        tree = parsed(text_of(file, chunk))
        if tree is None:
            return None
        found = [
            one.value
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and node.name == cls.definition.name
            for one in node.body
            if isinstance(one, (ast.Assign, ast.AnnAssign)) and one.value is not None
            for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
            if isinstance(target, ast.Name) and target.id == name
        ]
        return found[0] if len(found) == 1 else None

    def _one_line(self, of: Value, value: LambdaValue, name: str, file: str) -> m.OneLine | None:
        if not isinstance(of, Class):
            return None
        written = self._member(of, name)
        if not isinstance(written, ast.Lambda):
            return None
        return m.OneLine(ast.unparse(written), value.scope.module.path or file)

    def undecorated(self, file: str, text: str) -> tuple[m.Callable, tuple[str, ...]] | None:
        """The function that a name of a module stands for, without what its decorators make of it,
        and these; None for what is none."""
        state = self._run.module(file)
        if state is None:
            return None
        value = force(self._run, evaluate(self._run, lone_expression(text), state.scope))
        if not isinstance(value, (Function, Bound)):
            return None
        function = value.function if isinstance(value, Bound) else value
        written = [_shown(one.expr) for one in function.definition.decorators]
        found = self._callable(value, decorated=True)
        return (found, tuple(one for one in written if one not in _OF_METHODS)) if found else None

    def _callable(self, value: Function | Bound, *, decorated: bool = False) -> m.Callable | None:
        function = value.function if isinstance(value, Bound) else value
        decorators = {ir.dotted(one.expr) for one in function.definition.decorators}
        if decorators - _OF_METHODS and not decorated:
            return None  # what a decorator makes of it isn't known
        owner = value.owner if isinstance(value, Bound) else None
        if isinstance(owner, Instance) and function.owner is not owner.cls:
            return inherited(self._run, owner.cls, function)
        bound = function.owner is not None and "staticmethod" not in decorators
        if bound and not isinstance(value, Bound) and "classmethod" not in decorators:
            return None
        return callable_of(self._run, function, bound=bound)
