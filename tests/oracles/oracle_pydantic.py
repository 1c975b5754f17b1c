"""What Pydantic says of a model: of version 2's BaseModel, and of the namespace `pydantic.v1`."""

from __future__ import annotations

import inspect
import warnings
from pathlib import Path
from typing import Any

import oracle_source as source
from oracle_params import default_text
from oracle_render import annotation_text, value_text
from pydantic import BaseModel, RootModel

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says that it is old, on Python 3.14 that it is too old
    from pydantic.v1 import BaseModel as OldModel

Row = dict[str, Any]
_FRAMEWORK = ("pydantic.", "pydantic_settings.", "sqlmodel.")
_CONSTRAINTS = (
    *("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern", "strict"),
    *("max_digits", "decimal_places", "allow_inf_nan", "strip_whitespace", "to_lower", "to_upper"),
)


def is_model(cls: type) -> bool:
    """Whether a class is a Pydantic model; `Page[User]` is no class of its own."""
    if issubclass(cls, OldModel):
        return True
    if not issubclass(cls, BaseModel):
        return False
    generic: Row = getattr(cls, "__pydantic_generic_metadata__", {})
    return generic.get("origin") is None


def describe(root: Path, cls: Any) -> Row:
    """The fields, inherited ones of the project included; validators; configuration."""
    old = issubclass(cls, OldModel)
    owners = source.field_owners(root, cls)
    rows = _old_fields(cls) if old else _fields(cls)
    written = source.written_fields(root, cls)
    fields: list[Row] = []
    for row in rows:
        owner = owners.get(row["name"])
        if owner is None and not _is_dynamic(cls) and not _is_root(cls):
            continue  # a field of a base outside the tree
        annotation, default = written.get(row["name"], (None, None))
        fields.append(
            {
                **row,
                "annotation_text": annotation,
                "default_text": default,
                "owner": source.class_name(owner[0]) if owner else None,
                "line": owner[1] if owner else None,
            }
        )
    return {
        "kind": "pydantic",
        "version": 1 if old else 2,
        "fields": fields,
        "bases_outside_tree": _bases_outside(root, cls),
        **(_old_extras(cls) if old else _extras(cls)),
        "class_vars": sorted(set(cls.__class_vars__) & set(owners)),
    }


def _is_dynamic(cls: type) -> bool:
    return source.class_node(cls)[0] is None


def _is_root(cls: type) -> bool:
    return issubclass(cls, RootModel)


def _bases_outside(root: Path, cls: type) -> list[str]:
    """The nearest bases that are neither of the project nor the framework's own."""
    found: dict[str, None] = {}
    for base in cls.__bases__:
        if source.is_project_class(root, base):
            found.update(dict.fromkeys(_bases_outside(root, base)))
        elif not f"{base.__module__}.".startswith((*_FRAMEWORK, "builtins.", "typing.", "enum.")):
            found[f"{base.__module__}.{base.__qualname__}"] = None
    return list(found)


def _fields(cls: Any) -> list[Row]:
    return [
        {
            "name": name,
            "annotation": annotation_text(info.annotation),
            "required": info.is_required(),
            "default": default_text(info),
            "alias": info.alias,
            "validation_alias": _alias_text(info.validation_alias),
            "serialization_alias": info.serialization_alias,
            "constraints": _constraints(info.metadata),
            "discriminator": info.discriminator if isinstance(info.discriminator, str) else None,
            "exclude": bool(info.exclude),
        }
        for name, info in cls.model_fields.items()
    ]


def _alias_text(alias: Any) -> str | None:
    return alias if alias is None or isinstance(alias, str) else repr(alias)


def _constraints(metadata: list[Any]) -> Row:
    """What the parts of `Annotated` and `Field` bound a value to, by name."""
    found: Row = {}
    for part in metadata:
        for name in _CONSTRAINTS:
            value = getattr(part, name, None)
            if value is not None and not inspect.ismethod(value):
                found[name] = value if isinstance(value, (int, float, str)) else str(value)
    return found


def _extras(cls: Any) -> Row:
    decorators = cls.__pydantic_decorators__
    validators: list[Row] = [
        {"name": name, "fields": list(found.info.fields), "mode": found.info.mode}
        for name, found in decorators.field_validators.items()
    ]
    validators += [
        {"name": name, "fields": list(found.info.fields), "mode": "v1"}
        for name, found in decorators.validators.items()
    ]
    validators += [
        {"name": name, "fields": None, "mode": found.info.mode}
        for name, found in {**decorators.model_validators, **decorators.root_validators}.items()
    ]
    computed = [
        {"name": name, "annotation": annotation_text(field.return_type), "alias": field.alias}
        for name, field in cls.model_computed_fields.items()
    ]
    return {
        "validators": validators,
        "computed": computed,
        "private": sorted(cls.__private_attributes__),
        "config": _config(cls),
    }


def _config(cls: Any) -> Row:
    """The configuration that the project sets: BaseSettings and the like bring their own."""
    given: Row = {}
    for base in reversed(cls.__mro__):
        if f"{base.__module__}.".startswith(_FRAMEWORK) and issubclass(base, BaseModel):
            given |= base.model_config
    return {
        key: value if isinstance(value, (bool, int, str)) else value_text(value)
        for key, value in sorted(cls.model_config.items())
        if key not in given or given[key] != value
    }


def _old_fields(cls: Any) -> list[Row]:
    rows: list[Row] = []
    for name, field in cls.__fields__.items():
        factory = field.default_factory
        default = f"{value_text(factory)}()" if factory else value_text(field.default)
        annotation, constraints = _old_type(field.outer_type_)
        optional = field.allow_none and "None" not in annotation
        rows.append(
            {
                "name": name,
                "annotation": annotation + (" | None" if optional else ""),
                "required": bool(field.required),
                "default": None if field.required else default,
                "alias": field.alias if field.has_alias else None,
                "constraints": {**constraints, **_old_constraints(field.field_info)},
            }
        )
    return rows


def _old_type(annotation: Any) -> tuple[str, Row]:
    """A type and what bounds it: version 1 makes a class of `constr(...)` and `Field(gt=0)`."""
    made = inspect.isclass(annotation) and annotation.__module__.startswith("pydantic.v1")
    if made and annotation.__name__.startswith("Constrained"):
        builtin = next(base for base in annotation.__mro__ if base.__module__ == "builtins")
        return builtin.__name__, _old_constraints(annotation)
    return annotation_text(annotation), {}


def _old_constraints(source_of: Any) -> Row:
    names = ("gt", "ge", "lt", "le", "min_length", "max_length", "regex")
    found: Row = {name: getattr(source_of, name, None) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _old_extras(cls: Any) -> Row:
    by_name: dict[str, list[str]] = {}
    for field, validators in cls.__validators__.items():
        for validator in validators:
            by_name.setdefault(validator.func.__name__, []).append(field)
    roots: list[Any] = [*cls.__pre_root_validators__, *(f for _, f in cls.__post_root_validators__)]
    own_config: Row = {}
    bases: list[Any] = [
        b for b in cls.__config__.__mro__ if not b.__module__.startswith("pydantic")
    ]
    for base in reversed(bases):
        given: Row = {**vars(base)}
        own_config |= {key: value for key, value in given.items() if not key.startswith("__")}
    return {
        "validators": [
            *({"name": name, "fields": fields} for name, fields in by_name.items()),
            *({"name": function.__name__, "fields": None} for function in roots),
        ],
        "private": sorted(cls.__private_attributes__),
        "config": {key: value_text(value) for key, value in sorted(own_config.items())},
    }
