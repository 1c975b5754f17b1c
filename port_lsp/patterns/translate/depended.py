"""What FastAPI gives a handler's parameter by calling a dependency: `Depends(function)` and
`Depends(Class)`, called at the handler's beginning with the same values of the request.

FastAPI: its docs, "Dependencies" and "Classes as Dependencies". Each is called once, before the
handler, in the order of the parameters, and what it raises is the answer.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from port_lsp.facts.items import Parameter
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import dotted, is_generator
from port_lsp.patterns.translate.expressions.objectcalls import object_made
from port_lsp.patterns.translate.expressions.owncalls import own_call
from port_lsp.patterns.translate.expressions.structs import made
from port_lsp.patterns.translate.objects.classes import INIT, objects_at
from port_lsp.patterns.translate.ownership import owned
from port_lsp.patterns.translate.plain import Plain
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Step
from port_lsp.patterns.translate.values import STR, UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.types.depended import Dependency
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT

# FastAPI's own (fastapi/security/oauth2.py): its attributes are fields of the form, but `scopes`.
_DEPENDS = frozenset(("Depends", "Security"))
_DEPTH = 4  # dependencies of dependencies that are followed
_FORMS = ("OAuth2PasswordRequestForm", "OAuth2PasswordRequestFormStrict")


def depended(
    scene: Scene,
    of: Dependency,
    request: Sequence[Parameter],
    called: Mapping[str, str],
    env: Env,
) -> Step:
    """The call of a dependency, bound to the parameter that gets its value. `request` is all that
    the handler reads of the request, `called` by which names the dependency's own are there where
    those are others, `env` what that is in Rust. Raises UntranslatedError where the
    dependency isn't the backend's, or takes what isn't of the request."""
    if not of.key and of.name in _FORMS:
        return _form(of, called, env)
    file, _, name = of.key.partition("::")
    meaning = scene.desk.backend.meaning(file, name.replace("::", ".")) if of.key else None
    names = [one.name for one in request]
    own = [one.name for one in of.parameters]
    taken = [called.get(one, one) for one in own]
    if len(set(own)) != len(own):  # those of several, which may have defaults of their own
        raise UntranslatedError("a dependency whose parameters are called alike")
    if any(names.count(one) != 1 or one not in env.names for one in taken):
        raise UntranslatedError("a dependency that takes what isn't known")
    if not isinstance(meaning, (m.Callable, m.Kind)) or meaning.key != of.key:
        raise UntranslatedError("a dependency that isn't called")
    by_name = dict(zip(own, taken, strict=True))
    step, val = _given(scene, meaning, by_name, env, _DEPTH)
    if val.type == STR:
        raise UntranslatedError("a dependency that isn't called")
    if val.type == UNIT:
        return Step((*step.statements, b.Do(val.expr)), env)
    rust = env.free(of.param or name.rpartition("::")[2])
    found = Val(b.Name(rust), val.type, place=True, root=rust)
    let = b.Let(b.Bind(rust), owned(scene, val))
    after = env.bind(of.param, found, rust) if of.param else env
    return Step((*step.statements, let), after)


def _given(
    scene: Scene, meaning: m.Callable | m.Kind, taken: Mapping[str, str], env: Env, depth: int
) -> tuple[Step, Val]:
    """What a dependency gives, behind what its own dependencies do; `taken` are the parameters of
    the request that it may take, with the names that these have in the handler. Raises
    UntranslatedError."""
    called = _called(scene, meaning)
    _once(scene, meaning, called)
    node = functions_at(scene.desk).node(called.key) if called is not None else None
    if called is None or node is None or not depth:
        if called is not None:
            raise UntranslatedError("a dependency that isn't called")
        called = m.Callable(meaning.key, ())
    inner = depending(node) if node is not None else {}
    dropped: set[str] = set()
    if inner and scene.functions is not None:
        dropped = {name for _, name in scene.functions.signature(called, scene.needs).dropped}
    own = [one.name for one in called.params] if called.params else list(taken)
    words: list[ast.keyword] = []
    before: list[b.Statement] = []
    once: set[str] = set()
    for name in own:
        if name in inner and name not in dropped:
            step, val = _inner(scene, called, name, inner[name], taken, env, depth)
            rust = env.free(name)
            kept = f"depended.{name}"
            before += (*step.statements, b.Let(b.Bind(rust), owned(scene, val)))
            env = env.bind(kept, Val(b.Name(rust), val.type, place=True, root=rust), rust)
            once.add(kept)
            words.append(ast.keyword(name, ast.Name(kept, ast.Load())))
        elif name in taken:
            words.append(ast.keyword(name, ast.Name(taken[name], ast.Load())))
    call = ast.Call(ast.Name(meaning.key.rpartition("::")[2], ast.Load()), [], words)
    outer, scene.once = scene.once, frozenset(once)
    try:
        if isinstance(meaning, m.Callable):
            return Step(tuple(before), env), own_call(scene, meaning, call, env)
        val = object_made(scene, meaning.key, call, env)
        val = val if val is not None else made(scene, meaning.key, call, env)
        return Step(tuple(before), env), val
    finally:
        scene.once = outer


def _once(scene: Scene, of: m.Callable | m.Kind, called: m.Callable | None) -> None:
    """Notes a dependency that is asked for. FastAPI does so once in a request and hands the same
    value to all (its docs, "Sub-dependencies"): a second call must surely give the same. Raises
    UntranslatedError."""
    if of.key in scene.asked:
        cls = objects_at(scene.desk).of(of.key)
        node = functions_at(scene.desk).node(called.key) if called is not None else None
        is_alike = called is None or scene.desk.shares(Plain).is_plain(called.key)
        is_alike = is_alike or (node is not None and all(map(_gives, ast.walk(node))))
        if not is_alike or (cls is not None and cls.changes):
            raise UntranslatedError("a dependency that is asked for once")
    scene.asked.add(of.key)


def _called(scene: Scene, meaning: m.Callable | m.Kind) -> m.Callable | None:
    """The function that a dependency calls: that of a class is `__init__`; None where a class has
    none."""
    if isinstance(meaning, m.Callable):
        return meaning
    objects = objects_at(scene.desk)
    cls = objects.of(meaning.key)
    method = objects.method(cls, INIT) if cls is not None else None
    return method.callable if method is not None else None


def _inner(
    scene: Scene,
    of: m.Callable,
    param: str,
    name: str,
    taken: Mapping[str, str],
    env: Env,
    depth: int,
) -> tuple[Step, Val]:
    """What fills a parameter of a dependency that has one itself, where it only makes something:
    FastAPI asks for it once in a request, whoever depends on it."""
    file = functions_at(scene.desk).file(of.key)
    meaning = scene.desk.backend.meaning(file, name) if name else None
    if not name:
        wires = [one.wire for one in objects_at(scene.desk).typed(of).params if one.name == param]
        key = wires[0].name if wires and wires[0].kind == "ref" else ""
        meaning = m.Kind(key) if "::" in key else None
    if not isinstance(meaning, (m.Callable, m.Kind)):
        raise UntranslatedError("a dependency of what isn't known")
    called = _called(scene, meaning)
    node = functions_at(scene.desk).node(called.key) if called is not None else None
    if node is None or is_generator(node) or any(map(is_act, ast.walk(node))):
        raise UntranslatedError("a dependency of what another one gives")
    return _given(scene, meaning, taken, env, depth - 1)


def is_act(node: ast.AST) -> bool:
    """Whether a part of a dependency does something else than giving a value."""
    called = isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Await))
    return called or isinstance(node, ast.Raise)


def _gives(node: ast.AST) -> bool:
    """Whether a part of a dependency is the same each time: it makes objects at most."""
    if isinstance(node, ast.Call):
        last = dotted(node.func).rpartition(".")[2]
        return last[:1].isupper() or last in _DEPENDS
    return not isinstance(node, (ast.Await, ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom))


def depending(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, str]:
    """The parameters of a function that a dependency fills, each with the dotted name of that; ""
    for what is none."""
    args = function.args
    every = [*args.posonlyargs, *args.args]
    pairs = [*zip(reversed(every), reversed(args.defaults), strict=False)]
    defaults = {
        one.arg: value
        for one, value in (*pairs, *zip(args.kwonlyargs, args.kw_defaults, strict=True))
    }
    found: dict[str, str] = {}
    for one in (*every, *args.kwonlyargs):
        said = [part for part in (one.annotation, defaults.get(one.arg)) if part is not None]
        for call in (inner for part in said for inner in ast.walk(part)):
            if isinstance(call, ast.Call) and dotted(call.func).rpartition(".")[2] in _DEPENDS:
                found[one.arg] = dotted(call.args[0]) if call.args else ""
    return found


def _form(of: Dependency, called: Mapping[str, str], env: Env) -> Step:
    """The parameter that gets FastAPI's own form, known by its attributes alone."""
    for one in of.parameters:
        known = env.names.get(called.get(one.name, one.name))
        if known is not None and one.name != "scope":
            env = env.knowing(f"{of.param}.{one.name}", known)
    return Step((), env)
