"""`value.name`: a field of a struct whose fields are known."""

from __future__ import annotations

import ast

from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.appstate.reads import is_part, shared_read
from port_lsp.patterns.translate.clients.answers import answer_attribute
from port_lsp.patterns.translate.enums import holds_otherwise, is_owned_text, schema_of
from port_lsp.patterns.translate.expressions.appstate import state_read
from port_lsp.patterns.translate.expressions.names import meant
from port_lsp.patterns.translate.expressions.objectcalls import object_property
from port_lsp.patterns.translate.expressions.told import is_told_apart, told
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.libraries.calling import library_value
from port_lsp.patterns.translate.objects.classes import objects_at
from port_lsp.patterns.translate.objects.sharing import shown
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.values import I64, UntranslatedError, Val, is_none, option_of
from port_lsp.patterns.translate.widening import widened
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference, named


def attribute(scene: Scene, node: ast.Attribute, env: Env) -> Val:
    """A field, or a constant of the backend."""
    whole = dotted(node)
    if whole in env.names:  # of which a test has said something
        return env.names[whole]
    if (shared := shared_read(scene, whole, env)) is not None:
        return shared
    if is_part(scene, whole, env):
        return part(scene, node, env)
    if (read := state_read(scene, whole, env)) is not None:
        return read
    root = whole.partition(".")[0]
    if root and not env.is_own(root) and (root in env.names or root not in scene.local):
        return meant(scene, node, env)
    return part(scene, node, env)


def part(scene: Scene, node: ast.Attribute, env: Env) -> Val:
    """An attribute of a value."""
    of = present(scene, scene.value(node.value, env), node.attr)
    found = object_property(scene, of, node.attr, env) or answer_attribute(of, node.attr)
    found = found or library_value(scene, node.attr, of, env)
    if found is not None:
        return found
    made = said(scene, of, field(scene, of, node.attr), node.attr)
    cls = objects_at(scene.desk).of_type(of.type)
    return shown(scene, cls, of, node.attr, made) if cls is not None else made


def said(scene: Scene, of: Val, raw: Val, name: str) -> Val:
    """A field's value, also of a model that says which of its fields were given."""
    shape = scene.shapes.of(of.type)
    if shape is None or not shape.key or "FromRow" in shape.traits:
        return raw
    model = schema_of(scene, shape.key)
    one = next((each for each in model.fields if each.name == name), None)
    return told(scene, raw, one) if one is not None and is_told_apart(model, one) else raw


def present(scene: Scene, of: Val, attribute: str) -> Val:
    """What an Option holds whose attribute is asked for: None has none (AttributeError)."""
    inner = option_of(of.type)
    if inner is None:
        return of
    if is_none(of) or of.wrapped:
        raise UntranslatedError("an attribute of what may be None")
    copied = scene.shapes.has(inner, "Copy") or isinstance(inner, Reference)
    borrowed = of.place and not copied
    held = b.Method(of.expr, "as_ref") if borrowed else of.expr
    if attribute == "__getitem__":
        made = or_broken(scene, held, "TypeError", "'NoneType' object is not subscriptable")
    else:
        text = f"'NoneType' object has no attribute '{attribute}'"
        made = or_broken(scene, held, "AttributeError", text)
    return Val(made, Reference(inner) if borrowed else inner, place=of.place, root=of.root)


def field(scene: Scene, of: Val, name: str) -> Val:
    """A field of a value, by Python's name for it."""
    if option_of(of.type) is not None:
        raise UntranslatedError("an attribute of what may be None")
    shape = scene.shapes.of(of.type)
    found = (shape.field(name) or shape.field(snake(name))) if shape is not None else None
    if found is None or shape is None:
        raise UntranslatedError("an attribute")
    if "FromRow" in shape.traits and shape.key and is_owned_text(found[1]):
        columns = schema_of(scene, shape.key).fields
        column = next((one for one in columns if one.name == name), None)
        if column is not None and holds_otherwise(scene, column, found[1]):
            raise UntranslatedError("a column that holds an Enum in its own way")
    # of a value by itself a part may be moved
    place = of.place or not isinstance(of.expr, b.Try) or isinstance(of.type, Reference)
    made = b.Access(of.expr, found[0])
    if (wide := widened(made, found[1])) is not None:  # an integer is one of Python's everywhere
        kind = I64 if option_of(found[1]) is None else named("Option", I64)
        return Val(wide, kind, place=place, root=of.root)
    return Val(made, found[1], place=place, root=of.root)
