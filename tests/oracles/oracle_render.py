"""Types and values as text, in one form whatever the source wrote: `Optional[int]` and
`int | None` are both `int | None`, `List[str]` is `list[str]`, `Annotated[T, ...]` is `T`."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import types
from enum import Enum
from typing import Annotated, Any, ForwardRef, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from typing_extensions import is_typeddict

_CONTAINERS: tuple[type[Any], ...] = (list, tuple, set, frozenset)


def annotation_text(annotation: Any) -> str:
    """A type as text: names without their modules, unions as `A | B`."""
    if annotation is None or annotation is type(None):
        return "None"
    if annotation is Ellipsis:
        return "..."
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, ForwardRef):
        return annotation.__forward_arg__
    if isinstance(annotation, list):  # the parameters of a Callable
        return f"[{', '.join(map(annotation_text, cast(list[Any], annotation)))}]"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return annotation_text(arguments[0])
    if origin is Literal:
        return f"Literal[{', '.join(map(value_text, arguments))}]"
    if origin in (Union, types.UnionType):
        return " | ".join(map(annotation_text, arguments))
    if origin is not None and arguments:
        return f"{_name(origin)}[{', '.join(map(annotation_text, arguments))}]"
    return _name(origin or annotation)


def _name(annotation: Any) -> str:
    if hasattr(annotation, "__value__"):  # type X = ...
        return annotation_text(annotation.__value__)
    if inspect.isclass(annotation):
        return annotation.__qualname__.split("<locals>.")[-1]
    return getattr(annotation, "__name__", None) or str(annotation).removeprefix("typing.")


def value_text(value: Any) -> str:
    """A default as text: enum members, classes and functions by name, the rest by `repr`."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if inspect.isclass(value) or inspect.isroutine(value):
        name = value.__qualname__.split("<locals>.")[-1]
        return "<lambda>" if name.endswith("<lambda>") else name
    if isinstance(value, functools.partial):
        return value_text(cast(Any, value).func)
    if isinstance(value, _CONTAINERS) and value:
        return _container(value)
    text = repr(value)
    return f"{type(value).__name__}()" if " at 0x" in text else text


def _container(value: Any) -> str:
    inner = [value_text(item) for item in value]
    shape = repr(type(value)([0, 0] if len(inner) > 1 else [0]))
    ordered = inner if isinstance(value, (list, tuple)) else sorted(inner)
    return shape.replace("0, 0", "0").replace("0", ", ".join(ordered))


def models_in(annotation: Any) -> list[str]:
    """The models (Pydantic, dataclass, TypedDict) that a type is made of, with their modules."""
    generic = getattr(annotation, "__pydantic_generic_metadata__", None)
    if generic and generic["origin"] is not None:  # Page[Item]: of Page and of Item
        parts = [generic["origin"], *generic["args"]]
        return list(dict.fromkeys(name for part in parts for name in models_in(part)))
    if inspect.isclass(annotation):
        named = f"{annotation.__module__}.{annotation.__qualname__}"
        if (
            issubclass(annotation, BaseModel)
            or dataclasses.is_dataclass(annotation)
            or is_typeddict(annotation)
        ):
            return [named]
    found: list[str] = []
    for argument in get_args(annotation):
        found.extend(name for name in models_in(argument) if name not in found)
    return found
