"""JSON as it comes: looked at without trusting it."""

from typing import Any, TypeAlias, cast

_MOST = 2**31 - 1  # LSP's uinteger

Table: TypeAlias = "dict[str, Any]"


def table(value: object) -> Table:
    """An object's members; none where the value is something else."""
    return cast(Table, value) if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """A list's items; none where the value is something else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def clamped(value: Any) -> Any:
    """The same with every line and column that LSP doesn't allow as the nearest that it does."""
    if isinstance(value, list):
        return [clamped(item) for item in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    members = cast(Table, value)
    return {
        key: _number(member) if key in ("line", "character") else clamped(member)
        for key, member in members.items()
    }


def _number(value: Any) -> Any:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return min(max(value, 0), _MOST) if is_number else value


def inside(value: object, *keys: str) -> Any:
    """What is at the end of a chain of keys; None where the chain breaks."""
    for key in keys:
        value = table(value).get(key)
    return value
