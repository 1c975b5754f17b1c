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
from port_lsp.patterns.translate.binding import dotted
from port_lsp.patterns.translate.expressions.owncalls import own_call
from port_lsp.patterns.translate.expressions.structs import made
from port_lsp.patterns.translate.ownership import owned
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Step
from port_lsp.patterns.translate.values import STR, UntranslatedError, Val
from port_lsp.types import meanings as m
from port_lsp.types.depended import Dependency
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT

# FastAPI's own (fastapi/security/oauth2.py): its attributes are fields of the form, but `scopes`.
_DEPENDS = frozenset(("Depends", "Security"))
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
    if any(names.count(one) != 1 or one not in env.names for one in taken):
        raise UntranslatedError("a dependency that takes what isn't known")
    node = functions_at(scene.desk).node(of.key)
    if node is not None and not depending(node).keys().isdisjoint(own):
        raise UntranslatedError("a dependency of what another one gives")
    words = [
        ast.keyword(one, ast.Name(name, ast.Load())) for one, name in zip(own, taken, strict=True)
    ]
    call = ast.Call(ast.Name(name, ast.Load()), [], words)
    if isinstance(meaning, m.Callable) and meaning.key == of.key:
        val = own_call(scene, meaning, call, env)
    elif isinstance(meaning, m.Kind) and meaning.key == of.key:
        val = made(scene, meaning.key, call, env)
    else:
        raise UntranslatedError("a dependency that isn't called")
    if val.type == STR:
        raise UntranslatedError("a dependency that isn't called")
    if val.type == UNIT:
        return Step((b.Do(val.expr),), env)
    rust = env.free(of.param or name.rpartition("::")[2])
    found = Val(b.Name(rust), val.type, place=True, root=rust)
    let = b.Let(b.Bind(rust), owned(scene, val))
    return Step((let,), env.bind(of.param, found, rust) if of.param else env)


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
