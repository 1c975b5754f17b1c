"""Exceptions of the backend's own that are FastAPI's HTTPException: what they hand on to it.

`class NotFound(HTTPException)` with an `__init__` that calls `super().__init__(status_code=…)`, on
its way through classes in between, each of which may say something of it: by its parameters and
their defaults, and by attributes of the class. Python's docs: "Classes", "Inheritance".
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Sequence
from functools import partial

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.binding import dotted
from port_lsp.patterns.translate.ownclasses import OwnClass, member, own_class
from port_lsp.patterns.translate.raising import raised_with_text
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UntranslatedError, Val, is_text, known
from port_lsp.types import meanings as m

HTTP_EXCEPTIONS = frozenset(
    f"{name}.HTTPException"
    for name in ("fastapi", "fastapi.exceptions", "starlette.exceptions", "starlette")
)
_DEEPEST = 6  # classes below HTTPException
_TAKEN = ("status_code", "detail", "headers")


class Said(Record, frozen=True):
    """An argument as it is written, and where its names are understood."""

    node: ast.expr
    scene: Scene
    env: Env

    def value(self) -> Val:
        """What it is. Raises UntranslatedError."""
        return self.scene.value(self.node, self.env)


def http_arguments(scene: Scene, key: str, call: ast.Call, env: Env) -> dict[str, Said]:
    """What HTTPException gets where a class of the backend's (its item key) is made, by its
    parameters. Raises UntranslatedError where the class is none of its, or does more."""
    chain, _ = _chain(scene, key)
    if any(isinstance(one, ast.Starred) for one in call.args):
        raise UntranslatedError("an exception of several values")
    args = [Said(one, scene, env) for one in call.args]
    words = {one.arg or "**": Said(one.value, scene, env) for one in call.keywords}
    if "**" in words or _is_handled(scene.desk, [one.node.name for one in chain]):
        raise UntranslatedError("an exception that is answered in its own way")
    for at, one in enumerate(chain):
        init = member(one, "__init__")
        if isinstance(init, ast.FunctionDef):
            args, words = _through(scene, chain, at, init, args, words)
    given = {**dict(zip(_TAKEN, args, strict=False)), **words}
    if len(args) > len(_TAKEN) or not set(given) <= set(_TAKEN):
        raise UntranslatedError("an HTTPException with more than status and detail")
    return given


def own_raised(scene: Scene, key: str, call: ast.Call, env: Env) -> tuple[str, Val]:
    """The name of a class of the backend's (its item key) that is one of Python's exceptions, and
    the text that one of it is made with. Raises UntranslatedError where the class does more, or the
    application has an answer of its own for it."""
    chain, base = _chain(scene, key, _is_plain)
    name = key.rpartition("::")[2]
    if any(isinstance(one, ast.Starred) for one in call.args) or "." in name:
        raise UntranslatedError("an exception of several values")
    args = [Said(one, scene, env) for one in call.args]
    words = {one.arg or "**": Said(one.value, scene, env) for one in call.keywords}
    above = getattr(builtins, base).__mro__
    answered = [*(one.node.name for one in chain), *(one.__name__ for one in above), "500", ""]
    if "**" in words or _is_handled(scene.desk, answered):
        raise UntranslatedError("an exception that is answered in its own way")
    if any(member(one, "__str__") is not None for one in chain):
        raise UntranslatedError("an exception with a text of its own")
    if scene.desk.backend.below(f"builtins.{base}").count(name) != 1:
        raise UntranslatedError("an exception of a name that several have")
    for at, one in enumerate(chain):
        init = member(one, "__init__")
        if isinstance(init, ast.FunctionDef):
            args, words = _through(scene, chain, at, init, args, words)
    if words or len(args) > 1:
        raise UntranslatedError("an exception of several values")
    text = args[0].value() if args else known("")
    if not is_text(text):
        raise UntranslatedError("an exception of what is no text")
    return name, text


def _is_plain(name: str) -> str:
    """The class that one from outside is, where it is one of Python's that holds one text."""
    return raised_with_text(name) or raised_with_text(f"builtins.{name}")


def _is_http(name: str) -> str:
    return name if name in HTTP_EXCEPTIONS else ""


def _chain(
    scene: Scene, key: str, ends: Callable[[str], str] = _is_http
) -> tuple[list[OwnClass], str]:
    """A class and those above it, up to one from outside that `ends` names: HTTPException."""
    found: list[OwnClass] = []
    raised = key.rpartition("::")[2]
    while len(found) < _DEEPEST:
        file, _, name = key.partition("::")
        own = own_class(scene.desk, file, name)
        bases = own.node.bases if own is not None else []
        if own is None or len(bases) != 1 or own.node.keywords or own.node.decorator_list:
            break
        found.append(own)
        meaning = scene.desk.backend.meaning(file, dotted(bases[0]))
        if isinstance(meaning, m.Outside) and (base := ends(meaning.name)):
            return found, base
        if not isinstance(meaning, m.Kind):
            break
        key = meaning.key
    raise UntranslatedError(f"raise of {raised}")


def _is_handled(desk: Desk, names: Sequence[str]) -> bool:
    """Whether the application answers one of these classes by a handler of its own."""
    backend = desk.snapshot.backend
    parts = backend.parts if backend is not None else ()
    said = [one for one in parts if one.kind == "exception-handler"]
    return any(text.rpartition(".")[2] in names for one in said for text in (one.name, one.detail))


def _through(
    scene: Scene,
    chain: Sequence[OwnClass],
    at: int,
    init: ast.FunctionDef,
    args: Sequence[Said],
    words: dict[str, Said],
) -> tuple[list[Said], dict[str, Said]]:
    """What a class hands on to the next above it of what it is given."""
    here = scene.elsewhere(chain[at].file)
    names = _named(init, here, list(args), dict(words))
    handed = _handing(init)
    resolved = partial(_said, scene, chain, here, names)
    if any(isinstance(one, ast.Starred) for one in handed.args):
        raise UntranslatedError("an exception of several values")
    up = [resolved(one) for one in handed.args]
    above: dict[str, Said] = {}
    for one in handed.keywords:
        if one.arg is not None:
            above[one.arg] = resolved(one.value)
        elif init.args.kwarg is None or dotted(one.value) != init.args.kwarg.arg:
            raise UntranslatedError("an exception of several values")
        else:  # `**kwargs`: what none of the parameters is
            known = {each.arg for each in (*init.args.args, *init.args.kwonlyargs)}
            above |= {name: said for name, said in words.items() if name not in known}
    return up, above


def _named(
    init: ast.FunctionDef, here: Scene, args: list[Said], words: dict[str, Said]
) -> dict[str, Said]:
    """The parameters of an `__init__` with what they are given, or their defaults."""
    spec = init.args
    if spec.vararg is not None or spec.posonlyargs:
        raise UntranslatedError("an exception of several values")
    params = spec.args[1:]
    defaults = dict(zip(reversed([one.arg for one in spec.args]), reversed(spec.defaults)))  # noqa: B905 - from the end
    defaults |= {
        one.arg: value
        for one, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
        if value is not None
    }
    found: dict[str, Said] = {}
    for one in (*params, *spec.kwonlyargs):
        if args and one in params:
            found[one.arg] = args.pop(0)
        elif one.arg in words:
            found[one.arg] = words.pop(one.arg)
        elif one.arg in defaults:
            found[one.arg] = Said(defaults[one.arg], here, Env({}, ()))
        else:
            raise UntranslatedError("a call without one of its arguments")
    if args or (words and spec.kwarg is None):
        raise UntranslatedError("an exception of several values")
    return found


def _handing(init: ast.FunctionDef) -> ast.Call:
    """The call of the class above, which must be all that an `__init__` does but for noting on
    itself what it was given. Raises UntranslatedError."""
    found: list[ast.Call] = []
    for node in init.body:
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Call) and _is_above(value.func):
            found.append(value)
        elif isinstance(node, ast.Assign):
            own = all(dotted(one).startswith("self.") for one in node.targets)
            if not own or not isinstance(node.value, (ast.Name, ast.Constant)):
                raise UntranslatedError("an exception that does more than to hand on")
            if any(dotted(one).partition(".")[2] in _TAKEN for one in node.targets):
                raise UntranslatedError("an exception that does more than to hand on")
        elif not isinstance(value, ast.Constant) and not isinstance(node, ast.Pass):
            raise UntranslatedError("an exception that does more than to hand on")
    if len(found) != 1:
        raise UntranslatedError("an exception that does more than to hand on")
    return found[0]


def _is_above(func: ast.expr) -> bool:
    """`super().__init__`."""
    return (
        isinstance(func, ast.Attribute)
        and func.attr == "__init__"
        and isinstance(func.value, ast.Call)
        and dotted(func.value.func) == "super"
        and not func.value.args
    )


def _said(
    scene: Scene, chain: Sequence[OwnClass], here: Scene, names: dict[str, Said], node: ast.expr
) -> Said:
    """What an `__init__` hands on: a parameter, an attribute of the class, or what is made of
    them."""
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if (of_class := _of_class(scene, chain, node)) is not None:
        return of_class
    env = Env({}, ())
    for one in ast.walk(node):
        whole = dotted(one) if isinstance(one, ast.expr) else ""
        if isinstance(one, ast.Name) and one.id in names:
            said: Said | None = names[one.id]
        else:
            said = _of_class(scene, chain, one) if isinstance(one, ast.expr) else None
        if said is None or whole in env.names:
            continue
        val = said.value()
        if val.known is None and not val.place:
            raise UntranslatedError("an exception of what is computed")
        env = env.knowing(whole, val)
    return Said(node, here, env)


def _of_class(scene: Scene, chain: Sequence[OwnClass], node: ast.expr) -> Said | None:
    """`self.NAME`, by the first of the classes that says it; those of an instance are none."""
    whole = dotted(node)
    first, _, name = whole.partition(".")
    if first != "self" or not name or "." in name:
        return None
    if any(_assigns(one, name) for one in chain):
        raise UntranslatedError("an exception that does more than to hand on")
    for one in chain:
        value = member(one, name)
        if isinstance(value, ast.expr):
            return Said(value, scene.elsewhere(one.file), Env({}, ()))
    raise UntranslatedError("an exception that does more than to hand on")


def _assigns(own: OwnClass, name: str) -> bool:
    """Whether an object gets an attribute of its own of this name, which the class's isn't then."""
    return any(
        isinstance(one, ast.Attribute) and one.attr == name and isinstance(one.ctx, ast.Store)
        for one in ast.walk(own.node)
    )
