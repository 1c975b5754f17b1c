"""The text of a Python handler: its docstring, its body's lines, what it reads of the request."""

from __future__ import annotations

import ast
import re
import textwrap
from functools import lru_cache

from port_lsp.facts.source import Place, Record, SourceFile
from port_lsp.python.parsing import parsed, text_of

_READS_BODY = re.compile(r"\brequest\.(?:body|json|stream|form)\(")
_READS_HEADERS = re.compile(r"\brequest\.(?:headers|cookies)\b")


class PythonBody(Record, frozen=True):
    """A function's statements without its docstring, the lines that they are numbered by (from 1),
    the last of them, the parameters' names. `is_exact` is off where texts of several lines may have
    lost blanks."""

    nodes: tuple[ast.stmt, ...]
    lines: tuple[str, ...]
    end: int
    is_exact: bool = True
    params: frozenset[str] = frozenset()


def python_body(file: SourceFile, place: Place) -> PythonBody | None:
    """The body of the function whose name is at a place; None where Python's parser refuses it."""
    chunk = file.by_id.get(place.chunk)
    if chunk is None:
        return None
    written = file.chunk_bytes(chunk).decode("utf-8", "replace")
    text = text_of(file, chunk)
    node = python_function(file, place)
    if node is None:
        return None
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    end = node.end_lineno or node.lineno
    every = [one for one in ast.walk(node.args) if isinstance(one, ast.arg)]
    params = frozenset(one.arg for one in every)
    return PythonBody(tuple(body), tuple(text.splitlines()), end, text == written, params)


def python_function(
    file: SourceFile, place: Place
) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The function whose name is at a place, which nobody may change; None where Python's parser
    refuses it."""
    chunk = file.by_id.get(place.chunk)
    if chunk is None:
        return None
    text = text_of(file, chunk)
    return _functions(text).get(_line_of(file, place))


@lru_cache(maxsize=512)
def _functions(text: str) -> dict[int, ast.FunctionDef | ast.AsyncFunctionDef]:
    """A chunk's functions by the lines that their names are on, which nobody may change."""
    tree = parsed(text)
    found: dict[int, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.setdefault(node.lineno, node)
    return found


def _function(tree: ast.Module, line: int) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The function whose name is on a line."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.lineno == line:
            return node
    return None


def _line_of(file: SourceFile, place: Place) -> int:
    """The line of its chunk (from 1) that a place begins on."""
    before = file.chunk_bytes(file.by_id[place.chunk])[: place.span.start]
    return before.decode("utf-8", "replace").count("\n") + 1


class PythonHandler(Record, frozen=True):
    """A handler's docstring, without indentation, its other lines, and what it reads of the
    request itself: "body", "headers", both with a blank between, or nothing."""

    docs: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    raw: str = ""


def python_handler(file: SourceFile, place: Place) -> PythonHandler:
    """The handler whose name is at a place. Text that Python's parser refuses gives its lines
    behind the first one that ends in a colon."""
    chunk = file.by_id.get(place.chunk)
    if chunk is None:
        return PythonHandler()
    text = text_of(file, chunk)
    docs, lines = _parts(text, _line_of(file, place))
    code = "\n".join(lines)
    reads = (("body", _READS_BODY), ("headers", _READS_HEADERS))
    raw = " ".join(word for word, pattern in reads if pattern.search(code))
    return PythonHandler(docs, lines, raw)


def _parts(text: str, line: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The docstring and the body of the function whose name is on a line."""
    lines = text.splitlines()
    tree = parsed(text)
    if tree is None:
        first = next((at for at in range(line - 1, len(lines)) if lines[at].endswith(":")), line)
        return (), _dedented(lines[first + 1 :])
    node = _function(tree, line)
    if node is None:
        return (), ()
    docstring = ast.get_docstring(node)
    docs = tuple(one.rstrip() for one in (docstring or "").splitlines())
    if not (node.body[1:] if docstring is not None else node.body):
        return docs, ()
    begin = node.body[0].end_lineno if docstring is not None else _head_end(node, lines)
    return docs, _dedented(lines[begin or 0 : node.end_lineno])


def _head_end(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> int:
    """The number of lines up to the end of a function's head; comments below it are its body's."""
    first = node.body[0].lineno - 1
    args = node.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *args.defaults, node.returns]
    last = max((one.end_lineno or 0 for one in every if one is not None), default=0)
    last = max(last, node.lineno)
    at = last - 1
    while at < first and not lines[at].split("#")[0].rstrip().endswith(":"):
        at += 1
    return min(at + 1, first)


def _dedented(lines: list[str]) -> tuple[str, ...]:
    found = textwrap.dedent("\n".join(lines)).strip("\n").splitlines()
    return tuple(line.rstrip() for line in found)
