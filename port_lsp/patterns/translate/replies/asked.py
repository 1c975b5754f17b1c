"""Whether a handler makes answers of its own, or sets something on the one that FastAPI makes."""

from __future__ import annotations

import ast

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.pythontext import PythonBody
from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.replies.kinds import response_class
from port_lsp.patterns.translate.scene import dotted
from port_lsp.types import meanings as m

_TASKS = frozenset((
    "fastapi.BackgroundTasks", "fastapi.background.BackgroundTasks",
    "starlette.background.BackgroundTasks",
))  # fmt: skip


class Asked(Record, frozen=True):
    """`param` is the parameter that FastAPI hands to a handler for headers, where the body speaks
    of it; `makes` says that it makes answers itself, `background` which is handed to it for
    tasks."""

    param: str = ""
    makes: bool = False
    background: str = ""


def asked(desk: Desk, file: str, body: PythonBody, args: ast.arguments) -> Asked:
    """What a handler of a file of the backend does with answers."""
    nodes = walked(*body.nodes)
    said = {one.id for one in nodes if isinstance(one, ast.Name)}
    given = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    params = [
        one.arg for one in given
        if one.annotation is not None and one.arg in said and _class(desk, file, one.annotation)
    ]  # fmt: skip
    local = body.params | {name for one in body.nodes for name in stored(one)}
    makes = any(
        isinstance(one, ast.Call)
        and dotted(one.func).partition(".")[0] not in local
        and _class(desk, file, one.func)
        for one in nodes
    )
    later = [one.arg for one in given if one.annotation and _is_tasks(desk, file, one.annotation)]
    return Asked(params[0] if len(params) == 1 else "", makes, later[0] if len(later) == 1 else "")


def _is_tasks(desk: Desk, file: str, node: ast.expr) -> bool:
    name = dotted(node)
    meaning = desk.backend.meaning(file, name) if name else None
    return isinstance(meaning, m.Outside) and meaning.name in _TASKS


def _class(desk: Desk, file: str, node: ast.expr) -> bool:
    name = dotted(node)
    return bool(name) and bool(response_class(desk.backend.meaning(file, name)))
