"""Pydantic models, TypedDicts and dataclasses as serde structs (the guide's pattern 2)."""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.patterns.models.context import Context
from port_lsp.patterns.models.defaults import default_value, is_rusts_own
from port_lsp.patterns.models.limits import validations
from port_lsp.patterns.models.literals import SERDE
from port_lsp.patterns.models.types import VALUE, rust_type
from port_lsp.patterns.names import camel, distinct, lower_camel, snake, type_name
from port_lsp.types.schema import FieldSchema, MethodSchema
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, Type, named, symbol
from port_lsp.writing.printer.literals import string

DERIVES = (Symbol(("Debug",)), Symbol(("Clone",)), *SERDE)
_VALIDATE = symbol("validator::Validate")


def struct_of(context: Context) -> list[i.Item]:
    """The items of a model: its struct, what stands before it and behind it."""
    schema = context.schema
    name = type_name(schema.name)
    if schema.root is not None:
        kind = rust_type(context, schema.root, f"{name}Root")
        attribute = i.Attribute("serde", (i.Meta("transparent"),))
        struct: i.Item = i.Struct(
            name,
            positional=(i.Positional(kind, "pub"),),
            derives=DERIVES,
            attributes=(attribute,),
            generics=_generics(context),
            docs=schema.docs,
        )
        return [*context.before, struct, *context.behind]
    names: set[str] = set()
    rust_names = [distinct(snake(field.name), names) for field in schema.fields]
    case = _case(rust_names, schema.fields)
    fields = [
        _field(context, field, rust_name, case)
        for field, rust_name in zip(schema.fields, rust_names, strict=True)
    ]
    fields += [_computed(context, one, names) for one in schema.methods if one.kind == "computed"]
    if schema.extra == "allow":
        fields.append(_extra(context, names))
    validates = any(one.path == "validate" for field in fields for one in field.attributes)
    attributes = [i.Attribute("serde", words)] if (words := _container(context, case)) else []
    derives = (*DERIVES, _VALIDATE) if validates else DERIVES
    struct = i.Struct(
        name,
        tuple(fields),
        generics=_generics(context),
        derives=derives,
        attributes=tuple(attributes),
        docs=schema.docs,
        comments=_checks(schema.methods),
    )
    return [*context.before, struct, *context.behind]


def _generics(context: Context) -> tuple[i.Generic, ...]:
    return tuple(i.Generic(name) for name in context.schema.parameters)


def _container(context: Context, case: str | None) -> tuple[i.Meta, ...]:
    words: list[i.Meta] = []
    if case is not None:
        words.append(i.Meta("rename_all", string(case)))
    if context.schema.extra == "forbid":
        words.append(i.Meta("deny_unknown_fields"))
    return tuple(words)


def _case(names: Sequence[str], fields: Sequence[FieldSchema]) -> str | None:
    """The rule that all names on the wire follow; None where there is none or none is needed."""
    both = zip(names, fields, strict=True)
    pairs = [(name, one.read_as[0], one.written_as) for name, one in both]
    if not any(name != read for name, read, _ in pairs):
        return None
    rules = (("camelCase", lower_camel), ("PascalCase", _pascal), ("kebab-case", _kebab))
    for word, rule in rules:
        if all(rule(name) == read == written for name, read, written in pairs):
            return word
    return None


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _kebab(name: str) -> str:
    return name.replace("_", "-")


def _field(context: Context, field: FieldSchema, name: str, case: str | None) -> i.Field:
    bare = rust_type(context, field.wire, f"{context.schema.name}{camel(field.name)}")
    is_option = field.nullable and bare != VALUE
    kind: AnyType = named("Option", bare) if is_option else bare
    words = [*_names(field, name, case), *_presence(context, field, name, bare, is_option)]
    attributes = [i.Attribute("serde", tuple(words))] if words else []
    if checks := _validations(context, field, name):
        attributes.append(i.Attribute("validate", checks))
    docs = tuple(field.description.splitlines()) if field.description else ()
    return i.Field(name, kind, tuple(attributes), docs=docs)


def _names(field: FieldSchema, name: str, case: str | None) -> list[i.Meta]:
    """The names on the wire, where they aren't what serde makes of the field's own."""
    words: list[i.Meta] = []
    read, written = field.read_as[0], field.written_as
    if case is None and (read != name or written != name):
        if read == written:
            words.append(i.Meta("rename", string(read)))
        else:
            both = (i.Meta("serialize", string(written)), i.Meta("deserialize", string(read)))
            words.append(i.Meta("rename", args=both))
    words += [i.Meta("alias", string(other)) for other in field.read_as[1:]]
    return words


def _presence(
    context: Context, field: FieldSchema, name: str, bare: AnyType, is_option: bool
) -> list[i.Meta]:
    """What happens where the key is missing: refused, null, or a default. `bare` is the type
    without its Option."""
    if field.required:
        # serde takes a missing Option for None unless it is told how to read it.
        words = i.Meta("deserialize_with", string("serde::Deserialize::deserialize"))
        return [words] if is_option else []
    if is_rusts_own(field):
        return [] if is_option else [i.Meta("default")]
    value = default_value(context, field, bare)
    kind = named("Option", bare) if is_option else bare
    function = _function_name(context, name)
    if value is None:
        hole = b.Hole((f"{field.name} = {field.default.text}",), f"the default of {field.name}")
        body = b.Block((hole,))
        context.note(f"{field.name}: only Python knows what `{field.default.text}` gives")
    else:
        body = b.Block((), value)
    context.behind.append(i.Function(function, (), kind, body))
    return [i.Meta("default", string(function))]


def _function_name(context: Context, name: str) -> str:
    """`default_role`, as in the guide; with the model's name where that is taken."""
    short = f"default_{name}"
    if short not in context.taken:
        context.taken.add(short)
        return short
    return distinct(f"default_{snake(context.schema.name)}_{name}", context.taken)


def _validations(context: Context, field: FieldSchema, name: str) -> tuple[i.Meta, ...]:
    if "validator" not in context.crates:
        if field.limits:
            context.note(f"{field.name}: its limits aren't checked, for lack of `validator`")
        return ()
    return validations(context, field, name)


def _computed(context: Context, method: MethodSchema, names: set[str]) -> i.Field:
    """A computed field: part of answers, never read."""
    name = distinct(snake(method.name), names)
    wire = method.returns
    kind = rust_type(context, wire, f"{context.schema.name}{camel(name)}") if wire else VALUE
    context.note(f"{method.name} is computed by Python: whoever answers has to fill it in")
    attribute = i.Attribute("serde", (i.Meta("skip_deserializing"),))
    option = kind if _is_option(kind) else named("Option", kind)
    return i.Field(name, option, (attribute,), comments=method.source)


def _is_option(kind: AnyType) -> bool:
    return isinstance(kind, Type) and kind.head.path == ("Option",)


def _extra(context: Context, names: set[str]) -> i.Field:
    """The keys that the model doesn't know."""
    context.need("serde_json", "1")
    kind = named("serde_json::Map", named("String"), VALUE)
    attribute = i.Attribute("serde", (i.Meta("flatten"),))
    return i.Field(distinct("extra", names), kind, (attribute,))


def _checks(methods: Sequence[MethodSchema]) -> tuple[str, ...]:
    """The Python of a model's validators, which nobody else holds."""
    lines: list[str] = []
    for method in methods:
        if method.kind == "validator":
            lines += ["Python checks besides:", *(f"    {line}" for line in method.source)]
    return tuple(lines)
