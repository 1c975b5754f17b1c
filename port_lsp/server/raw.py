"""JSON as it comes: looked at without trusting it."""

from typing import Any, TypeAlias, cast

Table: TypeAlias = "dict[str, Any]"


def table(value: object) -> Table:
    """An object's members; none where the value is something else."""
    return cast(Table, value) if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """A list's items; none where the value is something else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def inside(value: object, *keys: str) -> Any:
    """What is at the end of a chain of keys; None where the chain breaks."""
    for key in keys:
        value = table(value).get(key)
    return value
