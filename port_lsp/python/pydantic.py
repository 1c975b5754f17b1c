"""Fields of Pydantic models, and of what declares its fields the same way: TypedDicts,
dataclasses, Enums.

Rules: Pydantic's `_internal/_fields.py` (`collect_model_fields`): annotated names that are neither
private nor ClassVar, bases first; `Field`'s parts apart; aliases by generator where the field has
none of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.facts.items import Constraint, Field
from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.annotations import peel
from port_lsp.python.fields import field_parts
from port_lsp.python.evaluate import call, evaluate, external_bases, force
from port_lsp.python.models import Declared, attributes, made_by, settings
from port_lsp.python.values import Arguments, Class, External, Function, Made

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_CLASS_VAR = re.compile(r"^(?:typing\.)?ClassVar\b")
_OPTIONAL = re.compile(r"^(?:typing\.)?(?:Optional\b|Any$)|\|\s*None\b|\bNone\s*\|")


def pydantic_fields(run: Interpreter, cls: Class) -> tuple[Field, ...]:
    """The fields of a Pydantic model, inherited ones included."""
    version_1 = any(name.startswith("pydantic.v1.") for name in external_bases(run, cls))
    generator = _alias_generator(run, cls)
    out: list[Field] = []
    for name, declared in attributes(run, cls).items():
        if name.startswith("_") or name == "model_config" or not _is_field(declared):
            continue
        out.append(_field(run, declared, generator, version_1))
    return tuple(out)


def model_parameters(run: Interpreter, key: str) -> tuple[Field, ...]:
    """The fields of the model with this item key: what FastAPI takes a query model apart into."""
    cls = run.classes.get(key)
    return pydantic_fields(run, cls) if cls is not None else ()


def plain_fields(run: Interpreter, cls: Class) -> tuple[Field, ...]:
    """The fields of a TypedDict or a dataclass."""
    return tuple(
        _field(run, declared, None, version_1=False)
        for declared in attributes(run, cls).values()
        if _is_field(declared)
    )


def enum_members(run: Interpreter, cls: Class) -> tuple[Field, ...]:
    """The members of an Enum; the default is the member's value as written."""
    out: list[Field] = []
    for name, declared in attributes(run, cls).items():
        statement = declared.statement
        if name.startswith("_") or statement.value is None or statement.annotation is not None:
            continue
        place = _place(declared)
        default = statement.value.text
        out.append(Field(name, None, False, place, declared.cls.key, default))
    return tuple(out)


def _is_field(declared: Declared) -> bool:
    annotation = declared.statement.annotation
    return annotation is not None and not _CLASS_VAR.match(annotation.text)


def _place(declared: Declared) -> Place:
    at = declared.cls.place
    return Place(at.file, at.chunk, declared.statement.span)


def _field(
    run: Interpreter, declared: Declared, generator: str | Function | None, version_1: bool
) -> Field:
    statement = declared.statement
    annotation = statement.annotation
    text = annotation.text if annotation else None
    default = statement.value.text if statement.value is not None else None
    alias: str | None = None
    constraints: tuple[Constraint, ...] = ()
    made = made_by(run, declared)
    if made is not None and made.maker.name.rpartition(".")[2] in ("Field", "field", "FieldInfo"):
        default, alias, constraints = field_parts(run, made)
    else:
        made = None
    if annotation is not None:
        _, _, metadata = peel(run, annotation.expr, declared.cls.scope)
        for item in metadata:
            if isinstance(item, Made) and item.maker.name.rpartition(".")[2] == "Field":
                inner, other, more = field_parts(run, item)
                default = default if default is not None else inner
                alias, constraints = alias or other, (*more, *constraints)
    if default == "...":
        default = None
    if alias is None and generator is not None:
        alias = _generated(run, generator, declared.name)
    required = default is None
    if version_1 and text and _OPTIONAL.search(text):
        explicit = made is not None and bool(made.args.positional)
        required = required and explicit
    alias = alias if alias != declared.name else None
    return Field(
        declared.name,
        text,
        required,
        _place(declared),
        declared.cls.key,
        default,
        alias,
        constraints=constraints,
    )


def _alias_generator(run: Interpreter, cls: Class) -> str | Function | None:
    """What makes the aliases of a model: a name of Pydantic's, or a function of the backend."""
    named = {constraint.name: constraint.value for constraint in settings(run, cls)}
    text = named.get("alias_generator")
    if text is None:
        return None
    for name in ("to_camel", "to_pascal", "to_snake"):
        if text.rpartition(".")[2].startswith((name, f"alias_generators.{name}")):
            value = evaluate(run, _name_expr(text), cls.scope)
            return value if isinstance(value, Function) else name
    value = evaluate(run, _name_expr(text), cls.scope)
    if isinstance(value, Function):
        return value
    return value.name.rpartition(".")[2] if isinstance(value, External) else text


def _name_expr(text: str) -> ir.Expr:
    first, *rest = text.split(".")
    expr: ir.Expr = ir.Name(first)
    for name in rest:
        expr = ir.Attr(expr, name)
    return expr


def _generated(run: Interpreter, generator: str | Function, name: str) -> str | None:
    if isinstance(generator, Function):
        value = force(run, call(run, generator, Arguments([name]), generator.place))
        if isinstance(value, str):
            return value
        # Its body is more than is followed here; what it is called says what it does.
        generator = generator.definition.name
    lowered = generator.lower()
    words = name.split("_")
    if "camel" in lowered and "upper" not in lowered:
        return words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:])
    if "pascal" in lowered or "upper_camel" in lowered:
        return "".join(word[:1].upper() + word[1:] for word in words)
    if "kebab" in lowered or "hyphen" in lowered:
        return name.replace("_", "-")
    return None
