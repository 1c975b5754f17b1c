"""What a path comes to as a value: a variable, a const, a function, a name of a framework."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.rust import expressions as ir
from port_lsp.rust.declared import ConstItem, FnItem, TypeItem, UseItem
from port_lsp.rust.frames import Frame, TypeArgument
from port_lsp.rust.module import External, Found, Member, Module
from port_lsp.rust.values import NOTHING, UNKNOWN, Function, Name, Struct, Value

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter

_TYPE_HEAD = re.compile(r"[&'\s]*(?:'\w+\s+)?(?:mut\s+|dyn\s+|impl\s+)*([\w:]+)")
_HOLDERS = re.compile(r"\b(?:Arc|Rc|Box|Option|Result|Data|Extension|State|Mutex|RwLock)\s*<\s*")


def value_of_path(run: Interpreter, expr: ir.Path, frame: Frame) -> Value:
    """The value that a path names; UNKNOWN where it names none that we follow."""
    segments = expr.segments
    first = segments[0]
    if len(segments) == 1:
        local = frame.lookup(first)
        if local is not None:
            return local
        if first == "None":
            return NOTHING
        if first == "Self" and frame.type_name:
            return struct_named(run, frame.type_name, frame.module)
    declared = frame.declared(first)
    if isinstance(declared, UseItem):
        segments = (*declared.path, *segments[1:])
    elif declared is not None and len(segments) == 1:
        found = frame.found(declared)
        if found is not None:
            return Function(found, frame, expr.generics)
        if isinstance(declared, ConstItem) and declared.value is not None:
            return run.evaluate(declared.value, frame)
    if first == "Self" and frame.type_name and len(segments) == 2:
        return member_value(run, None, frame.type_name, segments[1], frame, expr.generics)
    module = frame.module
    if first in frame.generics and len(segments) == 2:
        argument = frame.generics[first]
        segments = (*head_of_type(argument.text), segments[1])
        module = argument.module
    return meaning_value(run, module, segments, frame, expr.generics)


def meaning_value(
    run: Interpreter,
    module: Module,
    segments: tuple[str, ...],
    frame: Frame,
    generics: tuple[str, ...] = (),
) -> Value:
    """The value of a path in a module."""
    meaning = run.modules.meaning(module, segments, value=True)
    if isinstance(meaning, External):
        return Name(meaning.path)
    if isinstance(meaning, Member):
        owner = meaning.owner
        return member_value(run, owner, owner.item.name, meaning.name, frame, generics)
    if not isinstance(meaning, Found):
        return UNKNOWN
    item = meaning.item
    run.looks_at(meaning)
    if isinstance(item, FnItem):
        return Function(meaning, frame, generics)
    if isinstance(item, ConstItem):
        return run.const(meaning, item.value, None) if item.value is not None else UNKNOWN
    if isinstance(item, TypeItem):
        return Struct(item.name, meaning, {})
    return UNKNOWN


def member_value(
    run: Interpreter,
    owner: Found | None,
    type_name: str,
    name: str,
    frame: Frame,
    generics: tuple[str, ...] = (),
) -> Value:
    """`Type::name`: a function, a const or a variant of a type of the tree."""
    found = run.local_members.get((type_name, name))
    found = found or run.modules.member(owner, name, type_name)
    if found is None:
        item = owner.item if owner is not None else None
        if isinstance(item, TypeItem) and item.kind == "enum":
            return Struct(type_name, owner, {}, name)
        return UNKNOWN
    run.looks_at(found)
    if isinstance(found.item, ConstItem):
        return run.const(found, found.item.value, type_name) if found.item.value else UNKNOWN
    return Function(found, frame, generics, type_name)


def struct_named(run: Interpreter, type_name: str, module: Module) -> Struct:
    """A value of a type of the tree of which nothing else is known."""
    found = run.modules.meaning(module, (type_name,), value=False)
    return Struct(type_name, found if isinstance(found, Found) else None, {})


def head_of_type(text: str) -> tuple[str, ...]:
    """The path of a type as written, without references, holders and arguments."""
    text = _HOLDERS.sub("", text)
    match = _TYPE_HEAD.match(text)
    return tuple(match[1].split("::")) if match else ("",)


def type_arguments(
    item: FnItem, generics: tuple[str, ...], caller: Frame
) -> dict[str, TypeArgument]:
    """The type parameters of a function and what a call gives for them."""
    found: dict[str, TypeArgument] = {}
    for name, text in zip(item.generics, generics, strict=False):
        passed = caller.generics.get(text)
        found[name] = passed if passed is not None else TypeArgument(text, caller.module)
    return found
