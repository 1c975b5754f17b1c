"""`Field`, `Query`, `Path` and their like taken apart: default, alias and constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.items import Constraint
from port_lsp.python.evaluate import force
from port_lsp.python.values import Late, Made, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_APART = {
    *("default", "default_factory", "alias"),
    *("convert_underscores", "media_type"),
}
_NO_DEFAULT = ("...", "Ellipsis", "PydanticUndefined", "Undefined")


def field_parts(
    run: Interpreter, made: Made
) -> tuple[str | None, str | None, tuple[Constraint, ...]]:
    """Default (as written; a factory as its call), alias and constraints of a Field or its like."""
    default = written(made.args.get(0, "default"))
    if default in _NO_DEFAULT:
        default = None
    factory = made.args.keywords.get("default_factory")
    if factory is not None:
        default = f"{written(factory)}()"
    alias = None
    for name in ("alias", "validation_alias"):
        if (given := made.args.keywords.get(name)) is not None:
            alias = _wire_name(run, force(run, given)) or alias
    constraints = tuple(
        Constraint(name, written(value) or "")
        for name, value in made.args.keywords.items()
        if name not in _APART
    )
    return default, alias, constraints


def written(value: Value) -> str | None:
    """An argument as written; None where there is none."""
    if value is None:
        return None
    if isinstance(value, Late):
        return value.text
    return repr(value) if isinstance(value, (str, int, float)) else "…"


def _wire_name(run: Interpreter, value: Value) -> str | None:
    """An alias; of several (`AliasChoices`) the first, which is how clients are told to write."""
    if isinstance(value, Made) and value.args.positional:
        return _wire_name(run, force(run, value.args.positional[0]))
    return value if isinstance(value, str) else None
