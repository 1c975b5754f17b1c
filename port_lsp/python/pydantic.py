"""Fields of Pydantic models, and of what declares its fields the same way: TypedDicts,
dataclasses, Enums.

Rules: Pydantic's `_internal/_fields.py` (`collect_model_fields`): annotated names that are neither
private nor ClassVar, bases first; `Field`'s parts apart; aliases by generator where the field has
none of its own.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from port_lsp.facts.items import Constraint, Field
from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.annotations import peel
from port_lsp.python.calling import call
from port_lsp.python.classes import external_bases
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.fields import field_parts
from port_lsp.python.models import Declared, attributes, made_by, setting
from port_lsp.python.values import (
    Arguments,
    Class,
    External,
    Function,
    LambdaValue,
    Made,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_NO_FIELD = re.compile(r"^(?:\w+\.)*(?:ClassVar|InitVar|KW_ONLY)\b")
_ALIASES = ("alias", "validation_alias")
# FastAPI's parameters are Pydantic's FieldInfo: in a model they say what `Field` says.
_INFOS = {
    *("Field", "field", "FieldInfo"),
    *("Query", "Path", "Header", "Cookie", "Body", "Form", "File"),
}
_QUALIFIER = re.compile(r"^(?:\w+\.)*(Required|NotRequired)\[")
_OPTIONAL = re.compile(r"^(?:typing\.)?(?:Optional\b|Any$)|\|\s*None\b|\bNone\s*\|")


def pydantic_fields(run: Interpreter, cls: Class) -> tuple[Field, ...]:
    """The fields of a Pydantic model, inherited ones included."""
    outside = external_bases(run, cls)
    version_1 = any(name.startswith("pydantic.v1.") for name in outside)
    generator = _alias_generator(run, cls)
    renamed = _config_aliases(run, cls)
    out: list[Field] = []
    if any(name.endswith("RootModel") for name in outside) and "root" not in attributes(run, cls):
        out.append(_root(cls))
    for name, declared in attributes(run, cls).items():
        if name.startswith("_") or name == "model_config" or not _is_field(declared):
            continue
        field = _field(run, declared, generator, version_1)
        if field.alias is None and name in renamed:
            field = msgspec.structs.replace(field, alias=renamed[name])
        out.append(field)
    return tuple(out)


def _root(cls: Class) -> Field:
    """The one field of `RootModel[T]`."""
    for arg in cls.definition.bases:
        if isinstance(arg.value, ir.Index):
            inner = arg.text.partition("[")[2].rpartition("]")[0]
            return Field("root", inner, True, cls.place, cls.key)
    return Field("root", None, True, cls.place, cls.key)


def _config_aliases(run: Interpreter, cls: Class) -> dict[str, str]:
    """Pydantic 1's `class Config: fields = {"name": "alias"}`."""
    found = setting(run, cls, "fields")
    value = force(run, evaluate(run, *found)) if found is not None else None
    if not isinstance(value, dict):
        return {}
    known = {key: force(run, alias) for key, alias in value.items()}
    return {str(key): alias for key, alias in known.items() if isinstance(alias, str)}


def model_parameters(run: Interpreter, key: str) -> tuple[Field, ...]:
    """The fields of the model with this item key: what FastAPI takes a query model apart into."""
    cls = run.classes.get(key)
    return pydantic_fields(run, cls) if cls is not None else ()


def signature_fields(run: Interpreter, cls: Class) -> Iterator[tuple[Field, Declared]]:
    """The fields of a model as the signature that Pydantic gives its class has them: by their alias
    where that is an identifier (`_internal/_signature.py`, `_field_name_for_signature`)."""
    attributes_of = attributes(run, cls)
    for field in pydantic_fields(run, cls):
        declared = attributes_of.get(field.name)
        if declared is None:
            continue
        made = made_by(run, declared)
        names: list[Value] = [field.alias]
        if made is not None and not made.args.keywords.keys().isdisjoint(_ALIASES):
            names = [force(run, made.args.keywords.get(alias)) for alias in _ALIASES]
        name = next((n for n in names if isinstance(n, str) and _is_identifier(n)), field.name)
        yield msgspec.structs.replace(field, name=name, alias=None), declared


def _is_identifier(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def plain_fields(run: Interpreter, cls: Class) -> tuple[Field, ...]:
    """The fields of a TypedDict or a dataclass."""
    out: list[Field] = []
    for declared in attributes(run, cls).values():
        if _is_field(declared):
            field = _field(run, declared, None, version_1=False)
            out.append(msgspec.structs.replace(field, required=_demanded(declared, field)))
    return tuple(out)


def _demanded(declared: Declared, field: Field) -> bool:
    """A TypedDict's keys: `Required`, `NotRequired`, else by the class's `total`."""
    text = field.annotation or ""
    if match := _QUALIFIER.match(text):
        return match.group(1) == "Required"
    total = next((arg.text for arg in declared.cls.definition.bases if arg.name == "total"), "")
    return field.required and total != "False"


def enum_members(run: Interpreter, cls: Class) -> tuple[Field, ...]:
    """The members of an Enum; the default is the member's value as written, the alias the text that
    it is, where that isn't its name. Functions are methods (Python's enum HOWTO, "Supported
    __dunder__ names": descriptors don't become members)."""
    out: list[Field] = []
    for name, declared in attributes(run, cls).items():
        statement = declared.statement
        value = statement.value
        if name.startswith("_") or value is None or statement.annotation is not None:
            continue
        if isinstance(value.expr, ir.Lambda):
            continue
        text = value.expr.value if isinstance(value.expr, ir.Const) else None
        alias = text if isinstance(text, str) and text != name else None
        out.append(Field(name, None, False, _place(declared), declared.cls.key, value.text, alias))
    return tuple(out)


def _is_field(declared: Declared) -> bool:
    annotation = declared.statement.annotation
    return annotation is not None and not _NO_FIELD.match(annotation.text)


def _place(declared: Declared) -> Place:
    at = declared.cls.place
    return Place(at.file, at.chunk, declared.statement.span)


def _field(run: Interpreter, declared: Declared, generator: Value, version_1: bool) -> Field:
    statement = declared.statement
    annotation = statement.annotation
    text = annotation.text if annotation else None
    default = statement.value.text if statement.value is not None else None
    alias: str | None = None
    constraints: tuple[Constraint, ...] = ()
    made = made_by(run, declared)
    if made is not None and made.maker.name.rpartition(".")[2] in _INFOS:
        default, alias, constraints = field_parts(run, made)
    else:
        made = None
    if annotation is not None:
        _, _, metadata = peel(run, annotation.expr, declared.cls.scope)
        for item in metadata:
            if isinstance(item, Made) and item.maker.name.rpartition(".")[2] in _INFOS:
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


def _alias_generator(run: Interpreter, cls: Class) -> Value:
    """What makes the aliases of a model; None where nothing does."""
    found = setting(run, cls, "alias_generator")
    if found is None:
        return None
    value = force(run, evaluate(run, *found))
    if isinstance(value, Made) and value.maker.name.endswith("AliasGenerator"):
        given = value.args.get(None, "validation_alias") or value.args.get(0, "alias")
        value = force(run, given)
    return value


def _generated(run: Interpreter, generator: Value, name: str) -> str | None:
    words = name.split("_")
    spelled = ""
    if isinstance(generator, External):
        spelled = generator.name.rpartition(".")[2]
    elif isinstance(generator, (Function, LambdaValue)):
        value = force(run, call(run, generator, Arguments([name]), run.at))
        if isinstance(value, str):
            return value
        # Its body is more than is followed here; what it is called says what it does.
        spelled = generator.definition.name if isinstance(generator, Function) else ""
    spelled = spelled.lower().replace("_", "")
    if "pascal" in spelled or "uppercamel" in spelled:
        return "".join(word[:1].upper() + word[1:] for word in words)
    if "camel" in spelled:
        return words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:])
    if "kebab" in spelled or "hyphen" in spelled:
        return name.replace("_", "-")
    return None
