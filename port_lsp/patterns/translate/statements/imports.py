"""`import` and `from … import` inside of a function: nothing in Rust, where all modules are there.

A module is made when it is imported first, which is when the application starts for all that ports
are made of; so only what the names mean matters. A package that may be missing is nothing that a
`try` could ask for in Rust.
"""

from __future__ import annotations

import ast
import sys

from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import QUERY, ImportedName, UntranslatedError
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b


def imported(blocks: Blocks, node: ast.Import | ast.ImportFrom, env: Env, _: bool) -> Step:
    """The names that it binds."""
    for one in _bound(node):
        name = one.alias or one.name or one.module.partition(".")[0]
        if name in blocks.blocked or name == "*":
            raise UntranslatedError(type(node).__name__)
        meaning = blocks.scene.desk.backend.imported(blocks.scene.backend_file, one, name)
        outside = isinstance(meaning, m.Outside) and not _is_pythons(meaning.name)
        if blocks.scene.is_trying and outside:
            raise UntranslatedError("an import that may fail")
        env = env.knowing(name, ImportedName(b.TupleOf(), QUERY, of=one))
    return Step((), env)


def _bound(node: ast.Import | ast.ImportFrom) -> list[m.Import]:
    """What each of its names is bound to."""
    if isinstance(node, ast.ImportFrom):
        module, level = node.module or "", node.level
        return [m.Import(module, one.name, one.asname or "", level) for one in node.names]
    return [m.Import(one.name, alias=one.asname or "") for one in node.names]


def _is_pythons(name: str) -> bool:
    """Whether something is of the standard library."""
    return name.partition(".")[0] in sys.stdlib_module_names
