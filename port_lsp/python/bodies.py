"""What a body does, as far as links and guards need it: its answers and its checks.

Read from the text of the body alone, found by words and kept by the chunk's digest; a word inside
a string or a comment can't be told apart here, which is why a guard states its evidence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.facts.source import Chunk, SourceFile
from port_lsp.python.bodyfacts import BodyFacts
from port_lsp.python.checks import DENIED, checks, insists, lets_through
from port_lsp.python.outline import Shape
from port_lsp.python.values import Function

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

# Each pattern with words of which one is in whatever it finds: bodies may be long, and looking for
# a word costs next to nothing.
_KINDS = (
    (
        "streaming",
        (b"StreamingResponse", b"EventSourceResponse"),
        re.compile(rb"\b(?:StreamingResponse|EventSourceResponse)\s*\("),
    ),
    ("file", (b"FileResponse",), re.compile(rb"\bFileResponse\s*\(")),
    ("redirect", (b"RedirectResponse",), re.compile(rb"\bRedirectResponse\s*\(")),
    (
        "html",
        (b"HTMLResponse", b"TemplateResponse"),
        re.compile(rb"\b(?:HTMLResponse|TemplateResponse)\s*\("),
    ),
    (
        "background",
        (b"add_task", b"create_task", b"BackgroundTask"),
        re.compile(rb"\.add_task\s*\(|\basyncio\.create_task\s*\(|\bBackgroundTask\("),
    ),
)
_DENYING = (b"401", b"403", b"PermissionError", b"nauthori", b"orbidden")
_CREDENTIAL = re.compile(
    rb"[\"'](?:[Aa]uthorization|[Xx]-[Aa][Pp][Ii]-[Kk]ey)[\"']|\.cookies\b|\bdecode_token\b|"
    rb"\bjwt\.decode\b|\.session\b"
)
# `return UserOut(id=1)`, `return schemas.User.model_validate(row)`
_RETURNED = re.compile(
    rb"\breturn\s+((?:[A-Za-z_]\w*\.)*[A-Z]\w*)(?:\.(?:model_validate|from_orm|parse_obj))?\("
)
_LENIENT = b"auto_error=False"
_CREDENTIALS = (
    *(b"authorization", b"x-api-key", b".cookies", b"decode_token", b"jwt.decode", b".session"),
)


def body_facts(run: Interpreter, function: Function) -> BodyFacts:
    """The facts of a function's body, from its text."""
    file = run.files.get(function.place.file)
    chunk = file.by_id.get(function.place.chunk) if file else None
    if file is None or chunk is None:
        return BodyFacts()
    key = (chunk.digest, function.place.span.start)
    found = run.store.bodies.get(key)
    if found is None:
        found = run.store.bodies[key] = facts_of(_body_text(run, function, file, chunk))
    return found


def _body_text(run: Interpreter, function: Function, file: SourceFile, chunk: Chunk) -> bytes:
    """The text behind a function's header."""
    data = file.chunk_bytes(chunk)
    shape = run.store.shapes.get(chunk.digest)
    if shape is not None:
        found = _shape_at(shape, function.place.span.start)
        if found is not None:
            return data[found.colon : found.end]
    # A function inside another, or in a compound statement: up to the next line that is indented
    # no further than its own.
    start = data.rfind(b"\n", 0, function.place.span.start) + 1
    indent = len(data[start:]) - len(data[start:].lstrip(b" \t"))
    end = re.compile(rb"^[ \t]{0,%d}[^\s#)]" % indent, re.M).search(data, function.place.span.end)
    return data[function.place.span.end : end.start() if end else len(data)]


def facts_of(data: bytes) -> BodyFacts:
    """The facts of a body's text."""
    kinds = tuple(
        kind for kind, words, pattern in _KINDS if _has(data, words) and pattern.search(data)
    )
    denies = _has(data, _DENYING) and DENIED.search(data) is not None
    reads = _has(data.lower(), _CREDENTIALS) and _CREDENTIAL.search(data) is not None
    return BodyFacts(
        kinds,
        checks(data) if denies else (),
        denies,
        reads,
        _returned(data),
        lets_through(data),
        denies and insists(data),
        _LENIENT in data,
    )


def _returned(data: bytes) -> tuple[str, ...]:
    found = _RETURNED.findall(data) if b"return" in data else []
    return tuple(dict.fromkeys(name.decode("utf-8", "replace") for name in found))


def _has(data: bytes, words: tuple[bytes, ...]) -> bool:
    return any(word in data for word in words)


def _shape_at(shape: Shape, offset: int) -> Shape | None:
    if shape.kind == "function":
        return shape if shape.name_span.start == offset else None
    for member in shape.members:
        if found := _shape_at(member, offset):
            return found
    return None
