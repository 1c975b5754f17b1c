"""The text of functions, parsed when somebody asks: bodies are no part of the facts."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from port_lsp.python.parsing import parsed, text_of
from port_lsp.python.values import Function

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


class Code:
    """Finds what Python's parser makes of a function."""

    def __init__(self, run: Interpreter) -> None:
        """Of a backend that was read."""
        self._run = run
        self._chunks: dict[tuple[str, str], tuple[list[str], ast.Module] | None] = {}

    def of(self, function: Function) -> tuple[AnyFunction, tuple[str, ...]] | None:
        """A function and its chunk's lines, by which nodes are numbered; None where it can't be
        parsed."""
        place = function.place
        key = (place.file, place.chunk)
        if key not in self._chunks:
            self._chunks[key] = self._parsed(*key)
        found = self._chunks[key]
        file = self._run.files.get(place.file)
        chunk = file.by_id.get(place.chunk) if file is not None else None
        if found is None or file is None or chunk is None:
            return None
        line = file.chunk_bytes(chunk)[: place.span.start].count(b"\n") + 1
        for node in ast.walk(found[1]):
            if isinstance(node, AnyFunction) and node.name == function.definition.name:
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                if first <= line <= node.body[0].lineno:
                    return node, tuple(found[0])
        return None

    def _parsed(self, path: str, name: str) -> tuple[list[str], ast.Module] | None:
        file = self._run.files.get(path)
        chunk = file.by_id.get(name) if file is not None else None
        if file is None or chunk is None:
            return None
        text = text_of(file, chunk)
        tree = parsed(text)
        return (text.splitlines(), tree) if tree is not None else None


def body_of(node: AnyFunction) -> list[ast.stmt]:
    """A function's statements without its docstring."""
    body = list(node.body)
    return body[1:] if ast.get_docstring(node) is not None else body


def rest_of(lines: tuple[str, ...], node: ast.stmt, end: int | None) -> tuple[str, ...]:
    """The lines from a statement to the end of its block, without their indentation; `end` is the
    function's last line."""
    found: list[str] = []
    indent = node.col_offset
    for at in range(node.lineno - 1, end or node.end_lineno or node.lineno):
        line = lines[at]
        outside = len(line) - len(line.lstrip()) < indent and line.strip() != ""
        if outside and at >= (node.end_lineno or node.lineno):
            break
        found.append(line[indent:].rstrip())
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def decides(nodes: list[ast.stmt]) -> bool:
    """Whether statements may end the function."""
    return any(isinstance(one, (ast.Raise, ast.Return)) for node in nodes for one in ast.walk(node))


def assigned(nodes: list[ast.stmt]) -> set[str]:
    """The names that statements bind."""
    return {
        one.id
        for node in nodes
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
