"""Calls: of builtins, of texts' methods, of the backend's lambdas, which are put in their place."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.clients.requesting import fetched
from port_lsp.patterns.translate.expressions.asking import ASKING
from port_lsp.patterns.translate.expressions.attributes import present
from port_lsp.patterns.translate.expressions.builtins import BUILTINS, seconds_now
from port_lsp.patterns.translate.expressions.decoding import claims
from port_lsp.patterns.translate.expressions.gathered import GATHERED
from port_lsp.patterns.translate.expressions.methods import method
from port_lsp.patterns.translate.expressions.modeldicts import dumped_dict
from port_lsp.patterns.translate.expressions.modeljson import dumped_json
from port_lsp.patterns.translate.expressions.objectcalls import (
    is_of_a_base,
    object_made,
    object_method,
)
from port_lsp.patterns.translate.expressions.owncalls import own_call
from port_lsp.patterns.translate.expressions.passwords import password
from port_lsp.patterns.translate.expressions.requestheaders import header_asked
from port_lsp.patterns.translate.expressions.structs import made
from port_lsp.patterns.translate.expressions.times import timed
from port_lsp.patterns.translate.expressions.tokens import token
from port_lsp.patterns.translate.expressions.validated import validated
from port_lsp.patterns.translate.libraries.calling import library_call
from port_lsp.patterns.translate.queries.peewee.selects import model_asked
from port_lsp.patterns.translate.queries.peewee.writes import model_written
from port_lsp.patterns.translate.queries.results import iterated, queried
from port_lsp.patterns.translate.queries.sqlmodel import with_scalars
from port_lsp.patterns.translate.replies.calls import replied
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.values import UntranslatedError, Val
from port_lsp.patterns.translate.websockets.talking import talked
from port_lsp.types import meanings as m


def call(scene: Scene, node: ast.Call, env: Env) -> Val:
    """A call of something that is known."""
    if any(isinstance(one, ast.Starred) for one in node.args):
        raise UntranslatedError("`*` in a call")
    if _is_now(scene, node, env):
        return seconds_now(scene)
    found = library_call(scene, node, env) or fetched(scene, node, env)
    if found is not None:
        return found
    if (header := header_asked(scene, node, env)) is not None:
        return header
    found = model_asked(scene, node, env) or model_written(scene, node, env)
    found = found or queried(scene, with_scalars(scene, node, env), env)
    found = found or validated(scene, node, env) or password(scene, node, env)
    found = found or token(scene, node, env) or claims(scene, node, env)
    found = found or dumped_json(scene, node, env) or dumped_dict(scene, node, env)
    if found is not None:
        return found
    meaning = scene.meaning(node.func, env)
    answer = replied(scene, node, env)
    if answer is not None:
        return answer
    if isinstance(meaning, m.Kind):
        own = object_made(scene, meaning.key, node, env)
        return own if own is not None else made(scene, meaning.key, node, env)
    if any(one.arg is None for one in node.keywords):
        raise UntranslatedError("`**` in a call")
    if meaning == m.Outside("builtins.list") and len(node.args) == 1 and not node.keywords:
        rows = iterated(scene, node.args[0], env)
        if rows is not None:
            return rows
    if isinstance(meaning, m.Outside):
        if (time := timed(scene, meaning, node, env)) is not None:
            return time
        by_node = GATHERED.get(meaning.name) or ASKING.get(meaning.name)
        if by_node is not None:
            return by_node(scene, node, env)
        rule = BUILTINS.get(meaning.name)
        if rule is not None and not node.keywords:
            return rule(scene, [scene.value(one, env) for one in node.args])
        raise UntranslatedError(f"a call of {meaning.name}")
    if isinstance(meaning, m.OneLine):
        return _put_in(scene, meaning, node, env)
    if isinstance(meaning, m.Callable):
        if is_of_a_base(scene, meaning, node, env):
            raise UntranslatedError("a method of the class that a base has")
        return own_call(scene, meaning, node, env)
    root = dotted(node.func).partition(".")[0]
    if isinstance(node.func, ast.Attribute) and (not root or root in env.names):
        of = scene.value(node.func.value, env)
        own = object_method(scene, present(scene, of, node.func.attr), node, env)
        return own if own is not None else method(scene, of, node, env)
    raise UntranslatedError(f"a call of {dotted(node.func).rpartition('.')[2] or 'a value'}")


def _is_now(scene: Scene, node: ast.Call, env: Env) -> bool:
    """`int(time.time())`."""
    inner = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if not isinstance(inner, ast.Call) or inner.args or dotted(node.func) != "int":
        return False
    is_int = scene.meaning(node.func, env) == m.Outside("builtins.int")
    return is_int and scene.meaning(inner.func, env) == m.Outside("time.time")


def _put_in(scene: Scene, lambda_: m.OneLine, node: ast.Call, env: Env) -> Val:
    """A lambda's value for arguments: its body with these put in."""
    written = ast.parse(lambda_.text, mode="eval").body
    assert isinstance(written, ast.Lambda)
    given = {word.arg: word.value for word in node.keywords if word.arg is not None}
    params = [one.arg for one in written.args.args]
    if written.args.vararg or written.args.kwarg or written.args.kwonlyargs:
        raise UntranslatedError("a lambda")
    defaults = written.args.defaults
    inside = scene.elsewhere(lambda_.file)
    names: dict[str, Val] = {}
    for at, param in enumerate(params):
        if at < len(node.args):
            names[param] = scene.value(node.args[at], env)
        elif param in given:
            names[param] = scene.value(given[param], env)
        elif at >= len(params) - len(defaults):
            default = defaults[at - len(params) + len(defaults)]
            names[param] = inside.value(default, Env({}, ()))
        else:
            raise UntranslatedError("a lambda")
    return inside.value(written.body, Env(names, ()))


def awaited(scene: Scene, node: ast.Await, env: Env) -> Val:
    """`await value`."""
    if isinstance(node.value, ast.Call):
        if (said := talked(scene, node.value, env)) is not None:
            return said
        found = library_call(scene, node.value, env, is_awaited=True)
        found = found or fetched(scene, node.value, env, is_awaited=True)
        if found is not None:
            return found
        return call(scene, node.value, env)
    raise UntranslatedError("await")
