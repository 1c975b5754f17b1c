"""Pydantic models, TypedDicts and dataclasses as serde structs (the guide's pattern 2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from port_lsp.patterns.models.computed import computed_items
from port_lsp.patterns.models.context import Context, Trait
from port_lsp.patterns.models.defaults import default_value, is_rusts_own
from port_lsp.patterns.models.generics import declared, of_parameters
from port_lsp.patterns.models.limits import has_limits, validations, validator_functions
from port_lsp.patterns.models.literals import SERDE
from port_lsp.patterns.models.types import VALUE, rust_type
from port_lsp.patterns.models.unions import nests, validation, wire_validates
from port_lsp.patterns.names import camel, distinct, lower_camel, snake, type_name
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, named, symbol
from port_lsp.writing.printer.literals import string

_VALIDATE = symbol("validator::Validate")
_TEXTS: dict[tuple[str, ...], str] = {
    ("strip_whitespace",): "stripped",
    ("to_lower",): "lower",
    ("to_upper",): "upper",
    ("strip_whitespace", "to_lower"): "stripped_lower",
    ("strip_whitespace", "to_upper"): "stripped_upper",
}


def struct_of(context: Context) -> list[i.Item]:
    """The items of a model: its struct, what stands before it and behind it."""
    schema = context.schema
    name = type_name(schema.name)
    if schema.root is not None:
        return _root(context, name)
    names: set[str] = set()
    rust_names = [distinct(snake(field.name), names) for field in schema.fields]
    case = _case(rust_names, schema.fields)
    fields = [
        field_of(
            context,
            field,
            rust_name,
            (field.read_as[0], field.written_as) if case is not None else (rust_name, rust_name),
        )
        for field, rust_name in zip(schema.fields, rust_names, strict=True)
    ]
    if schema.extra == "allow":
        fields.append(_extra(context, names))
    words = _container(context, case)
    attributes = [i.Attribute("serde", words)] if words else []
    if context.checks:
        attributes += _validators(context, name)
    computed = [one for one in schema.methods if one.kind == "computed"]
    validates = any(one.path == "validate" for field in fields for one in field.attributes)
    validates = validates or any(one.path == "validate" for one in attributes)
    derives = (
        *derived(context),
        *(SERDE[1:] if computed else SERDE),
        *((_VALIDATE,) if validates else ()),
    )
    if computed:
        context.behind += computed_items(context, name, rust_names, computed)
    struct = i.Struct(
        name,
        tuple(fields),
        generics=generics_of(context),
        derives=derives,
        attributes=tuple(attributes),
        docs=schema.docs,
        comments=() if context.checks else _checks(schema),
    )
    return [*context.before, struct, *context.behind]


def derived(context: Context) -> tuple[Symbol, ...]:
    """The traits of std's that a model derives, as its fields allow."""
    wanted: list[Trait] = ["Debug", "Clone", "PartialEq", "Eq"]
    if context.world.hashed(context.schema.key):
        wanted.append("Hash")
    if context.schema.fields:
        wanted.append("Default")
    found = [trait for trait in wanted if context.world.own(context.schema.key, trait)]
    return tuple(Symbol((name,)) for name in found)


def generics_of(context: Context) -> tuple[i.Generic, ...]:
    """A generic model's parameters."""
    return declared(context.parameters.values())


def _root(context: Context, name: str) -> list[i.Item]:
    """A RootModel: what it holds, in a tuple struct, which serde reads and writes as that."""
    schema = context.schema
    root = schema.root
    field = schema.fields[0] if schema.fields else None
    kind = rust_type(context, root, f"{name}Root", field) if root is not None else VALUE
    struct: i.Item = i.Struct(
        name,
        positional=(i.Positional(kind, "pub"),),
        derives=(*derived(context), *SERDE),
        generics=generics_of(context),
        docs=schema.docs,
    )
    if field is not None and has_limits(field):
        context.note("the limits of its root aren't checked")
    if root is not None and root.kind != "map" and nests(root) and wire_validates(context, root):
        inner = b.Method(b.Access(b.Name("self"), "0"), "validate", trait=_VALIDATE)
        own = of_parameters(name, context.parameters.values())
        context.behind.append(validation(own, inner, generics_of(context)))
    elif root is not None and wire_validates(context, root):
        context.note("the limits inside of its root aren't checked")
    return [*context.before, struct, *context.behind]


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
    rules: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("camelCase", lower_camel),
        ("PascalCase", _pascal),
        ("kebab-case", _kebab),
        ("SCREAMING_SNAKE_CASE", str.upper),
    )
    for word, rule in rules:
        if all(rule(name) == read == written for name, read, written in pairs):
            return word
    return None


def _is_text(wire: Wire) -> bool:
    """Whether a type is a String, or a list or a map of them: what `wire::text` can change."""
    if wire.kind in ("list", "map", "optional"):
        return _is_text(wire.args[-1])
    return wire.kind == "str" and not wire.name


def _kebab(name: str) -> str:
    return name.replace("_", "-")


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def field_of(context: Context, field: FieldSchema, name: str, own: tuple[str, str]) -> i.Field:
    """A model's field. `own` are the names that serde reads and writes by itself for this one."""
    bare = rust_type(context, field.wire, f"{context.schema.name}{camel(field.name)}", field)
    is_option = field.nullable and bare != VALUE
    kind: AnyType = named("Option", bare) if is_option else bare
    # A key that isn't there stays away from the answer, where Python tells it from null.
    told_apart = field.absent or (bool(context.schema.unset) and not field.required)
    words = _names(field, own)
    docs = list(field.description.splitlines())
    if told_apart:
        kind = named("Option", kind)
        context.support.add("given")
        words += [
            i.Meta("default"),
            i.Meta("deserialize_with", string("crate::wire::given::deserialize")),
            i.Meta("skip_serializing_if", string("Option::is_none")),
        ]
        if field.default.kind not in ("none", "value") or field.default.text not in ("", "null"):
            docs.append(f"`{' '.join(field.default.text.split())}` where it isn't given.")
    else:
        presence = _presence(context, field, name, bare, is_option)
        words += [*presence, *_text(context, field, is_option, presence)]
        if field.refuses_null and not any(one.name == "deserialize_with" for one in words):
            context.support.add("given")
            default = () if any(one.name == "default" for one in words) else (i.Meta("default"),)
            read = i.Meta("deserialize_with", string("crate::wire::given::deserialize"))
            words += [*default, read]
    if field.excluded:
        words.append(i.Meta("skip_serializing"))
    spoken = context.speaking(kind)
    if spoken and any(one.name == "deserialize_with" for one in words):
        # serde asks nothing of a parameter whose field a function reads (its docs, "Attributes").
        bounds = ", ".join(f"{one}: serde::Deserialize<'de>" for one in spoken)
        words.append(i.Meta("bound", args=(i.Meta("deserialize", string(bounds)),)))
    attributes = [i.Attribute("serde", tuple(words))] if words else []
    if checks := _validations(context, field, name, bare):
        attributes.append(i.Attribute("validate", checks))
    return i.Field(name, kind, tuple(attributes), docs=tuple(docs))


def _text(
    context: Context, field: FieldSchema, is_option: bool, presence: Sequence[i.Meta]
) -> list[i.Meta]:
    """By what function a value is read that serde would read otherwise than Pydantic."""
    every = (*field.limits, *(limit for one in field.inner for limit in one.limits))
    asked = {limit.name for limit in every if limit.value == "true"}
    steps = tuple(one for one in ("strip_whitespace", "to_lower", "to_upper") if one in asked)
    function = ""
    if field.wire.kind == "str" and field.wire.name == "email":
        context.support.add("text")
        function = context.function("email", "deserialize")
    elif steps in _TEXTS and _is_text(field.wire):
        function = context.function("text", _TEXTS[steps])
    if not function:
        return []
    found = [i.Meta("deserialize_with", string(function))]
    has_default = any(one.name == "default" for one in presence)
    return (
        [i.Meta("default"), *found]
        if is_option and not field.required and not has_default
        else found
    )


def _names(field: FieldSchema, own: tuple[str, str]) -> list[i.Meta]:
    """The names on the wire, where they aren't those that serde has by itself."""
    words: list[i.Meta] = []
    read, written = field.read_as[0], field.written_as
    if (read, written) != own:
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
        words = i.Meta("deserialize_with", string("Option::deserialize"))
        return [words] if is_option and not _text(context, field, is_option, ()) else []
    if is_rusts_own(field):
        return [] if is_option else [i.Meta("default")]
    value = default_value(context, field, bare)
    kind = named("Option", bare) if is_option else bare
    function = _function_name(context, name)
    if value is None:
        lines = tuple(f"{field.name} = {field.default.text}".splitlines())
        hole = b.Hole(lines, f"the default of {field.name}")
        body = b.Block((hole,))
        text = " ".join(field.default.text.split())
        context.note(f"{field.name}: only Python knows what `{text}` gives")
    else:
        body = b.Block((), value)
    generics = declared(context.speaking(kind))
    context.behind.append(i.Function(function, (), kind, body, generics=generics))
    return [i.Meta("default", string(function))]


def _function_name(context: Context, name: str) -> str:
    """`default_role`, as in the guide; with the model's name where another model of the file has
    such a field, so that a name doesn't depend on what else is written."""
    if name in context.common or f"default_{name}" in context.taken:
        return distinct(f"default_{snake(context.schema.name)}_{name}", context.taken)
    return distinct(f"default_{name}", context.taken)


def _validations(
    context: Context, field: FieldSchema, name: str, bare: AnyType
) -> tuple[i.Meta, ...]:
    if not context.checks:
        if has_limits(field):
            context.note(f"{field.name}: its limits aren't checked, {context.unchecked}")
        return ()
    found = validations(context, field, name, bare)
    if context.conventions.validator < (0, 17) and found and found[-1].name == "nested":
        return found[:-1]
    return found


def _validators(context: Context, name: str) -> list[i.Attribute]:
    """A model's validators, each as a function that holds its Python."""
    found: list[i.Attribute] = []
    for method in context.schema.methods:
        if method.kind != "validator":
            continue
        item, function = validator_functions(context, method, name)
        context.behind.append(item)
        named_as = i.Meta("function", string(function))
        found.append(i.Attribute("validate", (i.Meta("schema", args=(named_as,)),)))
    return found


def _checks(schema: ModelSchema) -> tuple[str, ...]:
    """The Python of a model's validators, where no function can hold it."""
    lines: list[str] = []
    for method in schema.methods:
        if method.kind == "validator":
            lines += ["Python checks besides:", *(f"    {line}" for line in method.source)]
    return tuple(lines)


def _extra(context: Context, names: set[str]) -> i.Field:
    """The keys that the model doesn't know."""
    context.need("serde_json", "1")
    kind = named("serde_json::Map", named("String"), VALUE)
    attribute = i.Attribute("serde", (i.Meta("flatten"),))
    return i.Field(distinct("extra", names), kind, (attribute,))
