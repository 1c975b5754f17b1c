"""What a handler takes and gives: its parameters by extractor, its answer by type and body."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeAlias

from port_lsp.facts.items import Model, Parameter, ParameterIn, Signature
from port_lsp.rust.declared import FnItem
from port_lsp.rust.extracted import Extracted, extracted, tuple_types
from port_lsp.rust.module import Found
from port_lsp.rust.statuses import statuses
from port_lsp.rust.typetable import arguments, head

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{\*?(?P<brace>[\w-]+)[^{}]*\}|(?<=/)[:*](?P<colon>\w+)")
_GIVEN = re.compile(
    rb"(?:\.\s*json\s*\(|\bJson\s*\()\s*&?\s*(?:(?P<type>[A-Z]\w*(?:::[A-Z]\w*)*)\s*(?:\{|::|\()"
    rb"|(?P<name>[a-z_]\w*)\s*\))"
)
_LET = re.compile(
    rb"\blet\s+(?:mut\s+)?(?P<name>\w+)\s*"
    rb"(?::\s*(?P<type>[^=;]+?)\s*=|=\s*(?P<made>[A-Z]\w*)\s*(?:\{|::\w+\())"
)
_TYPE = re.compile(r"[A-Za-z_][\w:]*")
_RESPONDERS = frozenset({"HttpResponse", "Response", "impl", "Responder", "IntoResponse", "Vec"})
# By which words in its header or body a handler's answer is something special.
_WORDS = {
    "streaming": ".streaming( Sse< Sse:: from_stream( StreamBody Streaming",
    "file": "NamedFile ServeFile",
    "redirect": "Redirect HttpResponse::Found HttpResponse::SeeOther StatusCode::FOUND"
    " StatusCode::SEE_OTHER TEMPORARY_REDIRECT MOVED_PERMANENTLY MovedPermanently",
    "websocket": "WebSocketUpgrade actix_ws::handle ws::start( WsResponseBuilder",
    "background": "tokio::spawn( rt::spawn( spawn_blocking(",
    "html": "Html< Html( text/html",
}
_KINDS = {kind: tuple(words.encode().split()) for kind, words in _WORDS.items()}


KeyOf: TypeAlias = Callable[[str, str, str], "str | None"]
"""(file, scope inside it, path as written) → item key of the type."""


class Signatures:
    """Reads signatures against the crate's types and models."""

    def __init__(self, key_of: KeyOf, model: Callable[[str], Model | None]) -> None:
        """`model` gives the model with an item key."""
        self._key_of = key_of
        self._model_of = model

    def read(self, found: Found, body: bytes, names: tuple[str, ...]) -> Signature:
        """A handler's signature without its guard.

        `body` is the text of its block, `names` are the placeholders of the path under which it
        is registered.
        """
        item = found.item
        if not isinstance(item, FnItem):
            return Signature()
        parameters: list[Parameter] = []
        dependencies: list[str] = []
        models: list[str] = []
        for pattern, kind in item.params:
            taken = extracted(pattern, kind)
            if taken is None:
                continue
            if taken.takes == "own":
                dependencies.append(taken.extractor)
                continue
            parameters += self._parameters(taken, found, names)
            if taken.takes in ("body", "form") and (key := self._model(taken.type, found)):
                models.append(key)
        response, given = self._given(item, found, body)
        return Signature(
            parameters=tuple(parameters),
            dependencies=tuple(dependencies),
            body_models=tuple(models),
            response_model=response,
            response_models=given,
            status_code=_success(body),
            kinds=tuple(_kinds(item, body)),
        )

    # Parameters

    def _parameters(
        self, taken: Extracted, found: Found, names: tuple[str, ...]
    ) -> Iterator[Parameter]:
        takes = taken.takes
        if takes == "path":
            yield from self._of_path(taken, found, names)
        elif takes in ("query", "form", "header", "cookie"):
            yield from self._fields(taken, found, takes)
        elif takes in ("body", "file"):
            location: ParameterIn = takes
            yield Parameter(_name(taken), location, taken.type, not taken.optional)
        elif takes == "raw":
            yield Parameter(_name(taken), "body", taken.extractor, not taken.optional)

    def _of_path(
        self, taken: Extracted, found: Found, names: tuple[str, ...]
    ) -> Iterator[Parameter]:
        """The placeholders of the path, each with the type that stands for it."""
        kinds = tuple_types(taken.type)
        key = self._model(taken.type, found)
        model = self._model_of(key) if key else None
        if model is not None:
            by_name = {field.alias or field.name: field.annotation for field in model.fields}
            for name in names or by_name:
                yield Parameter(name, "path", by_name.get(name))
            return
        # A scope's own placeholders come first; a single type is that of the last one.
        for name, kind in zip(names[-len(kinds) :], kinds, strict=False):
            yield Parameter(name, "path", kind)

    def _fields(self, taken: Extracted, found: Found, location: ParameterIn) -> Iterator[Parameter]:
        key = self._model(taken.type, found)
        model = self._model_of(key) if key else None
        if model is None or model.kind not in ("struct", "alias"):
            yield Parameter(_name(taken), location, taken.type, not taken.optional)
            return
        for field in model.fields:
            required = field.required and not taken.optional
            upload = bool(field.annotation) and "TempFile" in (field.annotation or "")
            where: ParameterIn = "file" if upload else location
            yield Parameter(
                field.name,
                where,
                field.annotation,
                required,
                field.default,
                field.alias,
                field.constraints,
            )

    def _model(self, kind: str, found: Found) -> str | None:
        """The item key of the model in a type, through lists and holders."""
        text = kind.strip()
        for _ in range(4):
            key = self._key_of(found.module.file, _scope(found), head(text))
            if key is not None:
                return key
            inner = arguments(text)
            if not inner:
                return None
            text = inner[-1]
        return None

    # Answers

    def _given(self, item: FnItem, found: Found, body: bytes) -> tuple[str | None, tuple[str, ...]]:
        """The type of the JSON that is given back as written, and the models in it."""
        response = _json_type(item.returns or "")
        if response is not None:
            return response, self._models_in(response, found)
        keys: dict[str, None] = {}
        for match in _GIVEN.finditer(body):
            written = match["type"].decode() if match["type"] else None
            if written is None:
                written = _bound_type(body[: match.start()], match["name"])
            for key in self._models_in(written, found) if written else ():
                keys[key] = None
        return None, tuple(keys)

    def _models_in(self, kind: str, found: Found) -> tuple[str, ...]:
        keys: dict[str, None] = {}
        for name in _TYPE.findall(kind):
            if name in _RESPONDERS or not name[:1].isalpha():
                continue
            key = self._key_of(found.module.file, _scope(found), name)
            if key is None and "::" in name:
                key = self._key_of(found.module.file, _scope(found), name.rpartition("::")[0])
            if key is not None:
                keys[key] = None
        return tuple(keys)


@lru_cache(maxsize=4096)
def placeholders(path: str) -> tuple[str, ...]:
    """The names of a path's parameters, in order: `{id}`, `{path:.*}`, `:id`, `*rest`."""
    names = (match["brace"] or match["colon"] for match in _PLACEHOLDER.finditer(path))
    return tuple(name for name in names if name)


def _scope(found: Found) -> str:
    return "".join(f"{part}::" for part in found.item.module)


def _name(taken: Extracted) -> str:
    return taken.names[0] if taken.names else taken.extractor.lower()


def _json_type(returns: str) -> str | None:
    """`Result<Json<Vec<User>>, AppError>` gives `Vec<User>`."""
    at = returns.find("Json<")
    if at < 0 or (at > 0 and (returns[at - 1].isalnum() or returns[at - 1] == "_")):
        return None
    depth, start = 0, at + len("Json<")
    for index in range(at, len(returns)):
        depth += (returns[index] == "<") - (returns[index] == ">" and returns[index - 1] != "-")
        if depth == 0 and index > start:
            return returns[start:index].strip()
    return None


def _bound_type(before: bytes, name: bytes) -> str | None:
    """The type of a variable as its last `let` before says it."""
    if b"let" not in before:
        return None
    found = [match for match in _LET.finditer(before) if match["name"] == name]
    if not found:
        return None
    return (found[-1]["type"] or found[-1]["made"]).decode("utf-8", "replace")


def _success(body: bytes) -> int | None:
    """The one status of success that a body names; None where it names none or several."""
    found = {code for code in statuses(body) if 200 <= code < 300}
    return found.pop() if len(found) == 1 else None


def _kinds(item: FnItem, body: bytes) -> Iterator[str]:
    header = " ".join((item.returns or "", *(kind for _, kind in item.params))).encode()
    for kind, words in _KINDS.items():
        if any(word in body or word in header for word in words):
            yield kind
