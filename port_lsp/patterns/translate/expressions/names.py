"""Literals, local names, and names that stand for constants of the backend."""

from __future__ import annotations

import ast
import json
import re
from http import HTTPStatus

from port_lsp.patterns.translate.enums import member
from port_lsp.patterns.translate.expressions.settings import setting
from port_lsp.patterns.translate.libraries.calling import library_value
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.values import Hidden, UntranslatedError, Val, known
from port_lsp.types import meanings as m

_STATUS = re.compile(r"(?:fastapi|starlette)\.status\.(?:HTTP|WS)_(\d{3,4})_\w+")
_OF_HTTP = re.compile(r"http\.HTTPStatus\.(\w+?)(?:\.value)?")


def constant(_: Scene, node: ast.Constant, __: Env) -> Val:
    """A literal."""
    if node.value is None or isinstance(node.value, (str, int, float)):
        return known(node.value)
    raise UntranslatedError(f"a literal of {type(node.value).__name__}")


def name(scene: Scene, node: ast.Name, env: Env) -> Val:
    """A name of the body, else what it means in its module."""
    found = env.names.get(node.id) if env.is_own(node.id) else None
    if isinstance(found, Hidden):
        raise UntranslatedError("a query that isn't run")
    return found if found is not None else meant(scene, node, env)


def meant(scene: Scene, node: ast.expr, env: Env) -> Val:
    """What a dotted name of the module stands for, where that is a constant."""
    meaning = scene.meaning(node, env)
    if isinstance(meaning, m.Constant):
        value = json.loads(meaning.json)
        if value is None or isinstance(value, (str, int, float)):
            return known(value)
    if isinstance(meaning, m.Member):
        return member(scene, meaning)
    if isinstance(meaning, m.Outside) and (match := _STATUS.fullmatch(meaning.name)) is not None:
        return known(int(match[1]))
    if isinstance(meaning, m.Outside) and (match := _OF_HTTP.fullmatch(meaning.name)) is not None:
        status = HTTPStatus.__members__.get(match[1])  # an `IntEnum`: it is its number
        if status is not None:
            return known(int(status))
    if isinstance(meaning, m.Outside):
        found = library_value(scene, meaning.name, None, env)
        if found is not None:
            return found
    if isinstance(meaning, m.Object):
        made = ast.parse(meaning.text, mode="eval").body
        return scene.elsewhere(meaning.file).value(made, Env({}, ()))
    if isinstance(meaning, m.Env):
        return setting(scene, meaning.env)
    raise UntranslatedError(f"the name {dotted(node).partition('.')[0]}")
