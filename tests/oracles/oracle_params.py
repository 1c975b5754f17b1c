"""What FastAPI made of an endpoint's signature: its dependencies and the client's parameters."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import oracle_source as source
from fastapi import params
from fastapi.security.base import SecurityBase
from oracle_render import annotation_text, models_in, value_text
from pydantic import BaseModel

Row = dict[str, Any]


def walk(dependant: Any) -> Iterator[Any]:
    """The dependencies below a dependant, in FastAPI's order, each before its own."""
    for sub in dependant.dependencies:
        yield sub
        yield from walk(sub)


def dependency_name(root: Path, call: Any) -> str:
    """The name a reader knows a dependency by.

    The function's or class's own name; for an instance or a closure the module-level name it
    was assigned to (`oauth2_scheme`), else what was called to make it (`require`, `Checker`).
    """
    while isinstance(call, functools.partial):
        call = call.func
    bound = None if inspect.isclass(call) else source.assigned_name(root, call)
    if inspect.isclass(call) or inspect.ismethod(call):
        return call.__name__
    if not inspect.isroutine(call):
        return bound or type(call).__name__
    outer, _, _ = call.__qualname__.rpartition(".<locals>.")
    if outer and _is_returned(call):
        return bound or outer.rpartition(".")[2]
    return call.__name__


def _is_returned(function: Any) -> bool:
    """Whether an inner function is what its outer function returns (a factory of it)."""
    found = source.definition(function)
    if found is None or found[1] is None:
        return True  # a lambda is an expression: nobody can name it
    path, node, _ = found
    for outer in source.functions(path):
        if node in outer.body:
            return any(
                isinstance(statement, ast.Return)
                and isinstance(statement.value, ast.Name)
                and statement.value.id == node.name
                for statement in ast.walk(outer)
            )
    return False


def scopes(dependant: Any) -> list[str]:
    """The OAuth scopes asked for on the way down, in order, without repeats."""
    found: dict[str, None] = {}
    for sub in walk(dependant):
        own = getattr(sub, "own_oauth_scopes", None) or getattr(sub, "security_scopes", None)
        found.update(dict.fromkeys(own or []))
    return list(found)


def credentials(dependant: Any) -> list[str]:
    """The security schemes (class names) that a chain of dependencies reaches."""
    found: dict[str, None] = {}
    for sub in [dependant, *walk(dependant)]:
        requirements: list[Any] = getattr(sub, "security_requirements", None) or []
        for requirement in requirements:
            found[type(requirement.security_scheme).__name__] = None
        call = source.unwrap(sub.call)
        if isinstance(call, SecurityBase):
            found[type(call).__name__] = None
    return list(found)


def parameters(root: Path, dependant: Any) -> list[Row]:
    """What the client may send, flattened over all sub-dependencies.

    Path, query, header and cookie parameters in this order, then the parts of the body. Models
    of query, header, cookie and form parameters are taken apart, as FastAPI does. One row per
    place and alias: the last, but a required one wins (as in the OpenAPI document).
    """
    dependants = _distinct([dependant, *walk(dependant)])
    rows: dict[tuple[str, str], Row] = {}
    for kind in ("path_params", "query_params", "header_params", "cookie_params", "body_params"):
        for owner in dependants:
            via = None if owner is dependant else dependency_name(root, owner.call)
            written = source.written_parameters(root, owner.call)
            for field in getattr(owner, kind):
                for row in _rows(root, field, written):
                    key = (row["in"], row["alias"])
                    if key not in rows or row["required"] or not rows[key]["required"]:
                        rows[key] = {**row, "via": via}
    return list(rows.values())


def _distinct(dependants: list[Any]) -> list[Any]:
    """Without the repeats of one callable: their parameters are the same."""
    seen: dict[Any, Any] = {}
    for dependant in dependants:
        seen.setdefault(id(dependant.call), dependant)
    return list(seen.values())


def _rows(root: Path, field: Any, written: source.Written) -> list[Row]:
    info = field.field_info
    place = _place(info)
    model = _model(info)
    if model is None or place in ("path", "body", "file"):
        return [_row(field.name, _alias(info, field.alias), info, place, None, written)]
    fields = source.written_fields(root, model)
    rows: list[Row] = []
    for name, member in model.model_fields.items():
        alias = _alias(member, name)
        if place == "header" and alias == name and getattr(info, "convert_underscores", True):
            alias = alias.replace("_", "-")
        rows.append(_row(name, alias, member, place, model.__qualname__, fields))
    return rows


def _alias(info: Any, name: str) -> str:
    """The name on the wire: FastAPI reads by the validation alias, where there is one."""
    return info.validation_alias if isinstance(info.validation_alias, str) else info.alias or name


def _place(info: Any) -> str:
    if isinstance(info, params.File):
        return "file"
    if isinstance(info, params.Form):
        return "form"
    if isinstance(info, params.Body):
        return "body"
    return info.in_.value


def _model(info: Any) -> type[BaseModel] | None:
    """The model that a parameter is, also as `Model | None`."""
    choices = getattr(info.annotation, "__args__", None) or (info.annotation,)
    rest = [choice for choice in choices if choice is not type(None)]
    model = rest[0] if len(rest) == 1 else None
    if info.annotation is not model and type(None) not in choices:
        return None
    return model if inspect.isclass(model) and issubclass(model, BaseModel) else None


def _row(
    name: str, alias: str, info: Any, place: str, model: str | None, written: source.Written
) -> Row:
    annotation, default = written.get(name, (None, None))
    return {
        "name": name,
        "in": place,
        "alias": alias,
        "required": info.is_required(),
        "default": default_text(info),
        "annotation": annotation_text(info.annotation),
        "annotation_text": annotation,
        "default_text": default,
        "model": model,
    }


def default_text(info: Any) -> str | None:
    """The default of a field as text; a factory as a call of it; None if it is required."""
    if info.is_required():
        return None
    if info.default_factory is not None:
        return f"{value_text(info.default_factory)}()"
    return value_text(info.default)


def body_models(dependant: Any) -> list[str]:
    """The models in the body's parameters, with their modules, without repeats."""
    found: dict[str, None] = {}
    for owner in [dependant, *walk(dependant)]:
        for field in owner.body_params:
            found.update(dict.fromkeys(models_in(field.field_info.annotation)))
    return list(found)


def uses(root: Path, dependant: Any) -> list[str]:
    """What of the connection the endpoint or a dependency of the project is given: request,
    response, ... (FastAPI's own security schemes take a request or a connection by version)."""
    kinds = ("request", "websocket", "http_connection", "response", "background_tasks")
    chain = [d for d in [dependant, *walk(dependant)] if source.is_below(root, d.call)]
    return [k for k in kinds if any(getattr(d, f"{k}_param_name") for d in chain)]
