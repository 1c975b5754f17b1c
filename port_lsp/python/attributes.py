"""`owner.name`: what an attribute of a module, a class, an object or a router is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.calling import call
from port_lsp.python.classes import class_member, is_decorated, start
from port_lsp.python.evaluate import Computes, evaluate, force, module_name
from port_lsp.python.folders import CONSTANTS, ModuleInfo, path_attribute
from port_lsp.python.values import (
    Alternatives,
    Arguments,
    Bound,
    Class,
    External,
    Function,
    Instance,
    Made,
    ModuleRef,
    Native,
    NativeMethod,
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def _attr(run: Interpreter, expr: ir.Attr, scope: Scope) -> Value:
    owner = evaluate(run, expr.value, scope)
    if isinstance(owner, ModuleRef):
        scope.module.take(owner.path, expr.name)
    value = attribute(run, owner, expr.name)
    if isinstance(value, Unknown) and isinstance(owner, Alternatives):
        return next(
            (
                found
                for _, choice in owner.choices
                if not isinstance(found := attribute(run, choice, expr.name), Unknown)
            ),
            value,
        )
    return value


def attribute(run: Interpreter, owner: Value, name: str) -> Value:
    """`owner.name`."""
    owner = force(run, owner)
    if isinstance(owner, ModuleRef):
        return module_name(run, owner.path, name)
    if isinstance(owner, External):
        whole = f"{owner.name}.{name}"
        return CONSTANTS[whole] if whole in CONSTANTS else External(whole)
    if isinstance(owner, Native):
        return native_attribute(run, owner, name)
    if isinstance(owner, Instance):
        return instance_attribute(run, owner, name)
    if isinstance(owner, Class):
        if name == "__name__":
            return owner.definition.name
        member = class_member(run, owner, name)
        if isinstance(member, Function) and is_decorated(member, "classmethod"):
            return Bound(member, owner)
        return member if member is not None else Unknown(f"{owner.definition.name} has no {name}")
    if isinstance(owner, Made):
        return external_attribute(owner, name)
    if isinstance(owner, ModuleInfo):
        return owner.named(name)
    if isinstance(owner, str) and name == "value":
        return owner  # a member of an Enum, which is read as its value
    if isinstance(owner, (str, dict, list, tuple)):
        return NativeMethod(owner, name)
    if isinstance(owner, Unknown):
        return owner
    return Unknown(f"attribute {name}")


def external_attribute(owner: Made, name: str) -> Value:
    """An attribute of something that a call of the outside gave."""
    if (known := path_attribute(owner, name)) is not None:
        return known
    return External(f"{owner.maker.name}().{name}")


def native_attribute(run: Interpreter, owner: Native, name: str) -> Value:
    """An attribute of an application or router: set by the backend, of its class, or a method."""
    known = run.framework.attribute(owner, name)
    if known is not None:
        return force(run, known)
    attributes: dict[str, Value] = getattr(owner, "attributes", {})
    if name in attributes:
        return force(run, attributes[name])
    cls: Class | None = getattr(owner, "cls", None)
    if cls is not None:
        member = class_member(run, cls, name)
        if isinstance(member, Function):
            return member if is_decorated(member, "staticmethod") else Bound(member, owner)
        if member is not None:
            return member
    return NativeMethod(owner, name)


def instance_attribute(run: Interpreter, owner: Instance, name: str) -> Value:
    """An attribute of an object: as its class has it, or as its `__init__` sets it."""
    if name in owner.attributes:
        return force(run, owner.attributes[name])
    member = class_member(run, owner.cls, name)
    if isinstance(member, Function):
        if any(ir.dotted(d.expr).endswith("property") for d in member.definition.decorators):
            return run.run_function(member, Arguments(), owner)
        if is_decorated(member, "classmethod"):
            return Bound(member, owner.cls)
        return member if is_decorated(member, "staticmethod") else Bound(member, owner)
    given = owner.args.keywords.get(name)
    if given is not None:
        return force(run, given)  # a dataclass or a model is made with its fields as keywords
    if member is not None:
        return _field_default(run, member)
    start(run, owner)
    if name in owner.attributes:
        return force(run, owner.attributes[name])
    return Unknown(f"{owner.cls.definition.name}.{name} has no literal default")


def _field_default(run: Interpreter, value: Value) -> Value:
    """What a field of a settings class, a model or a dataclass is when nothing sets it."""
    if isinstance(value, Made) and value.maker.name.rpartition(".")[2] in ("Field", "field"):
        default = value.args.get(0, "default")
        factory = value.args.keywords.get("default_factory")
        if default is None and factory is not None:
            return call(run, force(run, factory), Arguments(), value.place)
        return force(run, default)
    return value


COMPUTE: Computes = {
    ir.Attr: _attr,
}
"""What computes which expression."""
