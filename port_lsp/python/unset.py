"""Where a backend tells a key that wasn't given from one that is null or has its default.

Rules: Pydantic's "Serialization" (`exclude_unset`) and `model_fields_set`; FastAPI's
`response_model_exclude_unset`. Bodies aren't part of the facts, so texts are searched for the few
words by which this is asked, and what stands before them is looked up.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from port_lsp.facts.source import SourceFile
from port_lsp.python.lower import lone_expression
from port_lsp.python.models import attributes
from port_lsp.python.typeparameters import stands_for
from port_lsp.python.values import Class
from port_lsp.python.wires import wire_of
from port_lsp.types.wire import Wire

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_WORDS = (b"exclude_unset", b"fields_set")
_DUMPED = re.compile(
    r"([A-Za-z_][\w.]*?)\s*\.\s*(?:model_dump|model_dump_json|dict|json)\s*"
    r"\([^()]*exclude_unset\s*=\s*True"
)
_FIELDS = re.compile(r"([A-Za-z_][\w.]*?)\s*\.\s*(?:model_fields_set|__fields_set__)\b")
_RESPONSE = re.compile(
    r"response_model\s*=\s*([\w.\[\]| ,]+?),\s*(?:[\w]+\s*=[^=]*?,\s*)*"
    r"response_model_exclude_unset\s*=\s*True"
)
_FUNCTION = re.compile(r"^([ \t]*)(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(", re.M)


class _Handed(NamedTuple):
    """A parameter without an annotation: its function, its place and its name."""

    function: str
    place: int
    name: str


class _Use(NamedTuple):
    """A place where unset keys are told apart, as the text of its file alone says it: of what (a
    name with its attributes, or a type where it is a response's), and what the name is annotated
    as or made of, or which class a method's own is, or which parameter it is."""

    line: int
    of: str
    is_response: bool = False
    annotation: str | None = None
    owner: str | None = None
    handed: _Handed | None = None


def told_apart(run: Interpreter, files: Mapping[str, SourceFile]) -> dict[str, tuple[str, ...]]:
    """By model (item key), the places (`file:line`) where unset keys are told apart, also through
    a model that holds it."""
    found: dict[str, dict[str, None]] = {}
    for path in sorted(files):
        data = files[path].text.data
        if not any(word in data for word in _WORDS):
            continue
        for use in _uses(data):
            for file, one in ((path, use), *_given(files, use)):
                for key in _models_of(run, file, one):
                    found.setdefault(key, {})[f"{path}:{use.line}"] = None
    waiting = list(found)
    while waiting:
        key = waiting.pop()
        for other in _held(run, key):
            if other not in found:
                found[other] = dict(found[key])
                waiting.append(other)
    return {key: tuple(places) for key, places in found.items()}


@functools.lru_cache(maxsize=128)
def _uses(data: bytes) -> tuple[_Use, ...]:
    """The uses of a file, in its text; kept, for searching takes longer than all else here."""
    text = data.decode("utf-8", "replace")
    found: list[_Use] = []
    for pattern in (_DUMPED, _FIELDS):
        for match in pattern.finditer(text):
            at, name = match.start(), match[1].partition(".")[0]
            annotation = _annotation(text, _function_at(text, at), at, name)
            owner = _class_at(text, at) if name in ("self", "cls") else None
            line = text.count("\n", 0, at) + 1
            handed = _handed(text, _function_at(text, at), at, name)
            handed = handed if annotation is None and owner is None else None
            found.append(_Use(line, match[1], annotation=annotation, owner=owner, handed=handed))
    for match in _RESPONSE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        found.append(_Use(line, match[1], is_response=True))
    return tuple(found)


def _given(files: Mapping[str, SourceFile], use: _Use) -> Iterator[tuple[str, _Use]]:
    """What calls hand over for a parameter without an annotation, as uses in the callers' files."""
    handed = use.handed
    if handed is None:
        return
    call = re.compile(rf"(?<!def )\b{handed.function}\s*\(([^()]*)\)")
    for path in sorted(files):
        data = files[path].text.data
        if handed.function.encode() not in data:
            continue
        text = data.decode("utf-8", "replace")
        for match in call.finditer(text):
            args = [one.strip() for one in match[1].split(",")]
            by_name = [one.partition("=")[2].strip() for one in args if one.startswith(
                f"{handed.name}="
            )]  # fmt: skip
            by_place = args[handed.place : handed.place + 1]
            name = (by_name or by_place or [""])[0]
            if name.isidentifier():
                function = _function_at(text, match.start())
                annotation = _annotation(text, function, match.start(), name)
                yield path, use._replace(annotation=annotation, handed=None)


def _models_of(run: Interpreter, path: str, use: _Use) -> Iterator[str]:
    """The models that are meant, by their item keys."""
    state = run.module(path)
    if state is None:
        return
    if use.is_response:
        yield from _refs(wire_of(run, lone_expression(use.of), state.scope))
        return
    if use.annotation is not None:
        wire = wire_of(run, lone_expression(use.annotation), state.scope)
        keys = [*_refs(wire), *(key for one in _parameters(run, wire) for key in _refs(one))]
    elif use.owner is not None:
        keys = [f"{path}::{use.owner}"]
    else:
        return
    for attribute in use.of.split(".")[1:]:
        keys = [other for key in keys for other in _held(run, key, attribute)]
    yield from (key for key in keys if key in run.classes)


def _parameters(run: Interpreter, wire: Wire) -> Iterator[Wire]:
    """What the type parameters in a type stand for, in whatever class."""
    if wire.kind == "ref" and "::" not in wire.name and "." not in wire.name:
        yield from stands_for(run, wire.name)
    for one in wire.args:
        yield from _parameters(run, one)


def _function_at(text: str, offset: int) -> int:
    """Where the function that an offset is in begins; -1 for none."""
    line = text.rfind("\n", 0, offset) + 1
    depth = len(text[line:offset]) - len(text[line:offset].lstrip())
    best = -1
    for match in _FUNCTION.finditer(text, 0, offset):
        if len(match[1]) < depth or (match.start() == line):
            best = match.start()
    return best


def _annotation(text: str, function: int, offset: int, name: str) -> str | None:
    """What a name is annotated as, by the parameter, or made of, by an assignment."""
    if function < 0:
        return None
    body = text[function:offset]
    made = re.findall(
        rf"^\s*{name}\s*(?::\s*([\w.\[\]| ]+?))?\s*=\s*(?:([A-Z][\w.]*)\()?", body, re.M
    )
    for annotated, maker in reversed(made):
        if annotated or maker:
            return annotated or maker
    head = _signature(body)
    if head is None:
        return None
    arguments = head.args
    for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if one.arg == name and one.annotation is not None:
            return ast.unparse(one.annotation)
    return None


def _handed(text: str, function: int, offset: int, name: str) -> _Handed | None:
    """The parameter without an annotation that a name is; None for another name."""
    head = _signature(text[function:offset]) if function >= 0 else None
    if head is None:
        return None
    places = [*head.args.posonlyargs, *head.args.args]
    for at, one in enumerate(places):
        if one.arg == name and one.annotation is None:
            return _Handed(head.name, at, name)
    return None


def _signature(body: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """A function's head, parsed alone."""
    lines = body.strip().splitlines()
    for count in range(1, min(len(lines), 60) + 1):
        head = "\n".join(lines[:count])
        if head.rstrip().endswith(":"):
            try:
                tree = ast.parse(f"{head} pass")
            except SyntaxError:
                continue
            first = tree.body[0] if tree.body else None
            if isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return first
    return None


def _class_at(text: str, offset: int) -> str | None:
    found = re.findall(r"^class\s+(\w+)", text[:offset], re.M)
    return found[-1] if found else None


def _refs(wire: Wire) -> Iterator[str]:
    if wire.kind == "ref" and "::" in wire.name:
        yield wire.name
    for arg in wire.args:
        yield from _refs(arg)


def _held(run: Interpreter, key: str, attribute: str | None = None) -> Iterator[str]:
    """The models in a model's fields, or in one of them."""
    cls = run.classes.get(key)
    if not isinstance(cls, Class):
        return
    for name, declared in attributes(run, cls).items():
        annotation = declared.statement.annotation
        if annotation is not None and attribute in (None, name):
            yield from _refs(wire_of(run, annotation.expr, declared.cls.scope))
