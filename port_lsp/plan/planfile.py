"""Steps from a plan file in TOML.

[[step]]
title = "Users"
files = ["models/users.py", "routers/users/"]
complexity = "simple"
effort = "2 days"
"""

from __future__ import annotations

from typing import cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from port_lsp.plan.steps import Named, PlannedFile, Step


class PlanFileError(ValueError):
    """A plan file can't be read; the message says why."""


def steps_of(text: str, named: Named) -> tuple[Step, ...]:
    """The steps of a plan file, in its order. Raises PlanFileError."""
    try:
        table = tomlkit.parse(text).unwrap()
    except TOMLKitError as error:
        raise PlanFileError(str(error)) from error
    steps = table.get("step", [])
    if not isinstance(steps, list):
        raise PlanFileError("`step` must be a list of tables: [[step]]")
    return tuple(_step(one, named) for one in cast("list[object]", steps))


def _step(table: object, named: Named) -> Step:
    if not isinstance(table, dict):
        raise PlanFileError("a step must be a table with `title` and `files`")
    given = cast("dict[str, object]", table)
    title, paths = given.get("title"), given.get("files", [])
    if not isinstance(title, str):
        raise PlanFileError("a step needs a `title` in quotes")
    if not isinstance(paths, list):
        raise PlanFileError(f"`files` of {title} must be a list of paths")
    said = (str(given.get("complexity", "")), str(given.get("effort", "")))
    files = (file for path in cast("list[object]", paths) for file in named.by_path(str(path)))
    return Step(title, tuple(PlannedFile(file, *said) for file in dict.fromkeys(files)))
