"""What an object is made with: `Model(a=…, **{…}, **other.model_dump(…))`, where what comes later
is taken instead of what was there before.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from port_lsp.patterns.translate.expressions.attributes import field, present, said
from port_lsp.patterns.translate.expressions.dumps import DUMPS, Dump, Entry, dump_of, entries
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import UntranslatedError, Val, option_of, waits
from port_lsp.types.schema import ModelSchema
from port_lsp.writing.ir import body as b


class Opened:
    """What dumps give to an object beside values that are there: `before` are the variables of what
    is dumped and isn't one, `some` what is only there if it isn't None or was given."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.before: list[b.Statement] = []
        self.some: dict[str, Entry] = {}


def given_to(
    scene: Scene, node: ast.Call, env: Env, model: ModelSchema, opened: Opened | None = None
) -> dict[str, Val]:
    """What an object is made with, by the names of its fields. A dataclass takes them in their
    order, too (Python's docs, `dataclasses`). Raises UntranslatedError."""
    if node.args and (model.kind != "dataclass" or len(node.args) > len(model.fields)):
        raise UntranslatedError("an object made without keywords")
    found = {
        field.name: scene.value(one, env)
        for field, one in zip(model.fields, node.args, strict=False)
    }

    def take(more: dict[str, Val]) -> None:
        found.update(more)
        for name in more.keys() & (opened.some if opened is not None else {}):
            assert opened is not None
            del opened.some[name]

    for word in node.keywords:
        if word.arg is not None:
            take({word.arg: scene.value(word.value, env)})
        elif isinstance(word.value, ast.Dict):
            for key, value in zip(word.value.keys, word.value.values, strict=True):
                if key is None:
                    take(_dumped(scene, value, env, model, found, opened))
                elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                    take({key.value: scene.value(value, env)})
                else:
                    raise UntranslatedError("`**` in a call")
        else:
            take(_dumped(scene, word.value, env, model, found, opened))
    return found


def _dumped(
    scene: Scene,
    node: ast.expr,
    env: Env,
    model: ModelSchema,
    before: Mapping[str, Val],
    opened: Opened | None,
) -> dict[str, Val]:
    """As `dumped`; also of what isn't a variable, or may be None, and of dumps that leave out what
    is None or wasn't given."""
    if opened is None:
        return dumped(scene, node, env, model)
    called = node.func if isinstance(node, ast.Call) else None
    dump = dump_of(scene, node, env) if not _is_whole(node) else None
    if dump is not None:
        found: dict[str, Val] = {}
        for one in entries(scene, dump):
            if one.key not in {each.name for each in model.fields}:
                if model.is_row or model.extra != "ignore":
                    raise UntranslatedError("an object with fields that aren't known")
            elif one.given is None:
                found[one.key] = one.value
            elif one.key in before:
                raise UntranslatedError("`**` in a call")
            else:
                opened.some[one.key] = one
        return found
    if not isinstance(called, ast.Attribute) or not isinstance(node, ast.Call):
        raise UntranslatedError("`**` in a call")
    of = scene.value(called.value, env)
    if of.place and option_of(of.type) is None:
        return dumped(scene, node, env, model)
    if any(waits(one.expr) for one in before.values()) or of.wrapped:
        raise UntranslatedError("`**` in a call")  # what was asked before would come behind it
    name = called.value.id if isinstance(called.value, ast.Name) else "dumped"
    held = present(scene, of, called.attr)
    rust = _unused(env.free(name), opened)
    opened.before.append(b.Let(b.Bind(rust), held.expr))
    return dumped(scene, node, env, model, Val(b.Name(rust), held.type, True, rust))


def _unused(name: str, opened: Opened) -> str:
    while any(isinstance(one, b.Let) and one.pattern == b.Bind(name) for one in opened.before):
        name += "_"
    return name


def _is_whole(node: ast.expr) -> bool:
    """Whether a dump leaves nothing out, or only what it names."""
    return isinstance(node, ast.Call) and all(one.arg == "exclude" for one in node.keywords)


def dumped(
    scene: Scene, node: ast.expr, env: Env, model: ModelSchema, of: Val | None = None
) -> dict[str, Val]:
    """The fields of `value.model_dump()` that a model has; others are left out where it ignores
    them. `of` is the value where it is known already."""
    is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    held = dump_of(scene, node, env) if not is_method else None
    if held is not None:
        return _whole(scene, held, model)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        raise UntranslatedError("`**` in a call")
    if node.args or node.func.attr not in DUMPS:
        raise UntranslatedError("`**` in a call")
    without = _excluded(node)
    of = of or scene.value(node.func.value, env)
    shape = scene.shapes.of(of.type)
    if shape is None or option_of(of.type) is not None or "Serialize" not in shape.traits:
        raise UntranslatedError("`**` in a call")
    if not of.place:  # asked for each of its fields
        raise UntranslatedError("`**` in a call")
    names = {rust: python for python, (rust, _) in scene.defaults(shape.key).items()}
    wanted = {one.name for one in model.fields}
    found: dict[str, Val] = {}
    for name, rust, _ in shape.fields:
        python = names.get(rust, name)
        if python in without:
            continue
        if python in wanted:
            found[python] = said(scene, of, field(scene, of, name), python)
        elif model.is_row or model.extra != "ignore":
            raise UntranslatedError("an object with fields that aren't known")
    return found


def _whole(scene: Scene, dump: Dump, model: ModelSchema) -> dict[str, Val]:
    """All keys of a dump that a variable holds, each of which is there, and a field of a model."""
    found = entries(scene, dump)
    wanted = {one.name for one in model.fields}
    if any(one.given is not None for one in found):
        raise UntranslatedError("`**` in a call")
    if (model.is_row or model.extra != "ignore") and any(one.key not in wanted for one in found):
        raise UntranslatedError("an object with fields that aren't known")
    return {one.key: one.value for one in found if one.key in wanted}


def _excluded(node: ast.Call) -> set[str]:
    """The fields that `model_dump(exclude={…})` leaves out."""
    found: set[str] = set()
    for word in node.keywords:
        if word.arg != "exclude" or not isinstance(word.value, (ast.Set, ast.List, ast.Tuple)):
            raise UntranslatedError("`**` in a call")
        for one in word.value.elts:
            if not isinstance(one, ast.Constant) or not isinstance(one.value, str):
                raise UntranslatedError("`**` in a call")
            found.add(one.value)
    return found
