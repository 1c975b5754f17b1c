"""What is asked of a value's class (Python's docs, "Built-in Functions"): `isinstance`, `hasattr`,
`getattr`; and of the environment (`os`).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from port_lsp.patterns.translate.expressions.attributes import field
from port_lsp.patterns.translate.expressions.gathered import NodeRule
from port_lsp.patterns.translate.ownership import as_str, fitting
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    OBJECT,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    is_none,
    is_text,
    known,
    option_of,
    waits,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, named, symbol

# What JSON is of which class.
_KINDS: dict[str, tuple[str, ...]] = {
    "builtins.str": ("is_string",), "builtins.dict": ("is_object",), "builtins.list": ("is_array",),
    "builtins.bool": ("is_boolean",), "builtins.int": ("is_i64", "is_u64", "is_boolean"),
    "builtins.float": ("is_f64",),
}  # fmt: skip
_TYPES: dict[str, tuple[AnyType, ...]] = {
    "builtins.str": (STRING, named("str")), "builtins.dict": (OBJECT,),
    "builtins.bool": (BOOL,), "builtins.int": (I64, BOOL), "builtins.float": (F64,),
}  # fmt: skip


def _isinstance(scene: Scene, node: ast.Call, env: Env) -> Val:
    val, classes = scene.value(node.args[0], env), node.args[1]
    nodes = classes.elts if isinstance(classes, ast.Tuple) else [classes]
    names: list[str] = []
    for one in nodes:
        meaning = scene.meaning(one, env)
        if not isinstance(meaning, m.Outside) or meaning.name not in _KINDS:
            raise UntranslatedError("a call of builtins.isinstance")
        names.append(meaning.name)
    kind = without_reference(val.type)
    inner = option_of(kind)
    if inner is not None and val.place:
        held = without_reference(inner)
        if held == VALUE:
            raise UntranslatedError("a call of builtins.isinstance")
        if not _is_one(held, names):
            return known(False)
        return Val(b.Method(val.expr, "is_some"), BOOL)
    if kind != VALUE:
        return known(_is_one(kind, names))
    tests = dict.fromkeys(each for name in names for each in _KINDS[name])
    if waits(val.expr) and len(tests) > 1:
        raise UntranslatedError("a call of builtins.isinstance")
    first, *rest = (b.Method(val.expr, each) for each in tests)
    made: b.Expr = first
    for one in rest:
        made = b.Binary(made, "||", one)
    return Val(made, BOOL)


def _is_one(kind: AnyType, names: list[str]) -> bool:
    """Whether a type is of one of these classes. Raises UntranslatedError where it isn't known."""
    every = [one for kinds in _TYPES.values() for one in kinds]
    listed = inside(kind, "Vec") is not None
    if kind not in every and not listed:
        raise UntranslatedError("a call of builtins.isinstance")
    if listed:
        return "builtins.list" in names
    return any(kind in _TYPES[name] for name in names if name in _TYPES)


def _getattr(scene: Scene, node: ast.Call, env: Env) -> Val:
    """A field that the class has in any case."""
    return field(scene, _owner(scene, node, env), _name(node))


def _hasattr(scene: Scene, node: ast.Call, env: Env) -> Val:
    field(scene, _owner(scene, node, env), _name(node))
    return known(True)


def _owner(scene: Scene, node: ast.Call, env: Env) -> Val:
    val = scene.value(node.args[0], env)
    if option_of(val.type) is not None:
        raise UntranslatedError("an attribute of what may be None")
    return val


def _name(node: ast.Call) -> str:
    word = node.args[1]
    if not isinstance(word, ast.Constant) or not isinstance(word.value, str):
        raise UntranslatedError("an attribute whose name isn't known")
    return word.value


def _getenv(scene: Scene, node: ast.Call, env: Env) -> Val:
    """A variable of the environment; unset, None or a default."""
    name = scene.value(node.args[0], env)
    if not is_text(name):
        raise UntranslatedError("a variable of the environment without a name")
    found = b.Call(b.Path(symbol("std::env"), ("var",)), (as_str(name),))
    default = scene.value(node.args[1], env) if len(node.args) > 1 else known(None)
    if is_none(default):
        return Val(b.Method(found, "ok"), named("Option", STRING))
    made = fitting(scene, default, STRING)
    if waits(made):
        raise UntranslatedError("a default that may fail")
    return Val(b.Method(found, "unwrap_or_else", (b.Closure((b.Wild(),), made),)), STRING)


def _of(rule: NodeRule, least: int, most: int) -> NodeRule:
    def checked(scene: Scene, node: ast.Call, env: Env) -> Val:
        if not least <= len(node.args) <= most or node.keywords:
            raise UntranslatedError("a builtin with other arguments")
        return rule(scene, node, env)

    return checked


ASKING: Mapping[str, NodeRule] = {
    "builtins.isinstance": _of(_isinstance, 2, 2),
    "builtins.getattr": _of(_getattr, 2, 3),
    "builtins.hasattr": _of(_hasattr, 2, 2),
    "os.environ.get": _of(_getenv, 1, 2),
    "os.getenv": _of(_getenv, 1, 2),
}
"""By their dotted names; they take their arguments untranslated."""
