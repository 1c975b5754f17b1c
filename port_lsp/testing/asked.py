"""What is asked of an endpoint in its tests, and what must be answered: as the backend says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode

from msgspec.structs import replace

from port_lsp.facts.items import Endpoint, Side
from port_lsp.facts.source import Record, SourceFile
from port_lsp.parity.asking import Question
from port_lsp.parity.cases import Asking, Case, Kind, Taken, UnaskableError
from port_lsp.python.reader import BackendReader
from port_lsp.testing.ways import Way, Ways
from port_lsp.testing.world import Schema, World
from port_lsp.types import auth as t
from port_lsp.types.schema import ModelSchema

_PARAM = re.compile(r"\{[^{}/]*(?:\{[^{}]*\}[^{}/]*)*\}|:\w+|\*\w+")
_IN_PATH = re.compile(r"\{(\w+)(?::\w+)?\}")
_OPEN = ("redirect", "file", "streaming", "html")
_HANDLED = re.compile(r"(?:HTTPException|RequestValidationError|\bException|^\d{3})\b")
_SETS_STATUS = re.compile(r"status_code\s*=(?!=)")

Shape: TypeAlias = "tuple[str, ...] | str | None"


class Checked(Record, frozen=True):
    """One request, what it is there for, and where FastAPI finds fault with it."""

    question: Question
    wrong: tuple[str, ...] = ()
    kind: Kind = "success"


class Asked(Record, frozen=True):
    """One test: requests that are all answered with this status. `name` are words; `way` says what
    else must be so, `detail` is JSON, `shape` what a good answer is: "list", or the keys that it
    has. `in_handler` is whether the handler must be ported for it."""

    name: str
    requests: tuple[Checked, ...]
    status: int
    way: Way | None = None
    detail: str | None = None
    shape: Shape = None
    in_handler: bool = False


class Known(Record, frozen=True):
    """What is asked of one endpoint, a line for each thing that isn't, with the reason, and how
    somebody gets through to the handler: past these gates."""

    tests: tuple[Asked, ...]
    left_out: tuple[str, ...] = ()
    passes: Way | None = None
    gates: tuple[str, ...] = ()


class Backend:
    """What tests rest on of a backend. State: its trees, read once."""

    def __init__(self, reader: BackendReader, side: Side, files: Mapping[str, SourceFile]) -> None:
        """Of the reader's last reading."""
        self._reader, self._files = reader, files
        self._models = {one.key: one for one in side.models}
        self._schemas: dict[str, ModelSchema | None] = {}
        auth = reader.auth()
        self.gates = {one.key: one for one in (auth.gates if auth is not None else ())}
        self._before = dict(auth.endpoints) if auth is not None else {}
        self.secrets = frozenset(_secrets(self.gates.values()))
        self.settings = {one.env: one for one in reader.settings()}
        self._handled = tuple(
            one.name for one in side.parts
            if one.kind == "exception-handler" and _HANDLED.search(one.name)
        )  # fmt: skip

    def schema(self, key: str) -> ModelSchema | None:
        """What is known of a model, by its item key."""
        if key not in self._schemas:
            model = self._models.get(key)
            self._schemas[key] = self._reader.schema(model) if model is not None else None
        return self._schemas[key]

    def tables(self) -> Iterator[ModelSchema]:
        """The models that are tables."""
        for key, model in self._models.items():
            if model.kind in ("sqlalchemy", "peewee"):
                found = self.schema(key)
                if found is not None:
                    yield found

    def known(self, endpoint: Endpoint, path: str) -> Known:
        """What is asked of an endpoint, under its path in the crate."""
        if endpoint.kind != "route":
            return Known((), (f"it is a {endpoint.kind}, and no request like others",))
        if self._handled:
            return Known((), (f"the backend answers {self._handled[0]} in its own way",))
        return _Of(self, self._reader, endpoint, _with_path(endpoint, path)).known()

    def keys_before(self, endpoint: Endpoint) -> tuple[str, ...]:
        """The gates that stand before an endpoint."""
        return self._before.get(endpoint.id, ())

    def text(self, endpoint: Endpoint) -> str:
        """A handler's body, with its head but without what decorates it."""
        file = self._files.get(endpoint.place.file)
        if file is None:
            return ""
        chunk = file.by_id.get(endpoint.place.chunk)
        if chunk is None:
            return ""
        text = file.chunk_bytes(chunk)[endpoint.place.span.start :].decode("utf-8", "replace")
        return re.split(r"\n\s*@|\n(?:async )?def ", text)[0]


class _Of:
    """What is asked of one endpoint."""

    def __init__(
        self, backend: Backend, reader: BackendReader, original: Endpoint, endpoint: Endpoint
    ) -> None:
        self._backend, self._original, self._endpoint = backend, original, endpoint
        self._schema: Schema = backend.schema
        file = original.place.file
        self._taken = [
            Taken(one, reader.parameter(file, one)) for one in original.signature.parameters
        ]
        self._before = backend.keys_before(original)
        self._ways = Ways(backend.gates)
        self._tree = reader.answers([original.id]).get(original.id)
        self._left: list[str] = []
        self._passes: Way | None = None
        self._managed = frozenset(self._sources())

    def known(self) -> Known:
        try:
            self._cases({})
        except UnaskableError as error:
            return Known((), (str(error),))
        if self._endpoint.signature.guard.level != "public" and not self._before:
            return Known((), ("who may call it isn't known",))
        self._passes = self._passing()
        found = [*self._guarded(), *self._checked(), *self._handled()]
        names = tuple(self._backend.gates[key].name for key in self._before)
        return Known(tuple(found), tuple(self._left), self._passes, names)

    def _world(self) -> World:
        return World(self._schema, self._backend.settings)

    def _guarded(self) -> Iterator[Asked]:
        """Whoever isn't let in is refused."""
        level = self._endpoint.signature.guard.level
        if (
            level in ("user", "role", "scope", "unknown")
            and not self._before
            and level != "unknown"
        ):
            self._left.append("who may call it isn't read from the backend")
        seen: set[tuple[int, str]] = set()
        for way in self._ways.through(self._before, None, self._world()):
            if not isinstance(way.answer, t.Refuse) or way.answer.status >= 500:
                continue
            said = (way.answer.status, way.answer.detail)
            made = self._meant(way)
            if said not in seen and made is not None:
                seen.add(said)
                yield Asked(way.why, (made,), way.answer.status, way, way.answer.detail)

    def _checked(self) -> Iterator[Asked]:
        """What isn't as it should be is refused, if whoever sends it is let in."""
        way = self._passes
        if way is None:
            return
        wrong = [
            Checked(question, one.wrong, one.kind)
            for one in self._cases({})
            if one.wrong and (question := self._asked(one, way)) is not None
        ]
        if wrong:
            yield Asked("validates", tuple(wrong), 422, way)

    def _passing(self) -> Way | None:
        """How somebody gets through to the handler."""
        for way in self._ways.through(self._before, None, self._world()):
            if isinstance(way.answer, t.Pass):
                return way
        if self._before:
            names = ", ".join(self._backend.gates[key].name for key in self._before)
            self._left.append(f"how somebody passes {names} isn't known")
        return None

    def _handled(self) -> Iterator[Asked]:
        """What the handler answers."""
        if self._tree is None:
            return
        meant = False
        for way in self._ways.through(self._before, self._tree, self._world()):
            made = self._meant(way)
            if not way.in_handler or made is None:
                continue
            if isinstance(way.answer, t.Refuse):
                if way.answer.status < 500:
                    status, detail = way.answer.status, way.answer.detail
                    yield Asked(way.why, (made,), status, way, detail, in_handler=True)
            elif not meant and (status := self._status()):
                meant = True
                yield Asked("answers", (made,), status, way, shape=self._shape(), in_handler=True)

    def _status(self) -> int:
        """The status of a good answer; 0 where it isn't known."""
        signature = self._endpoint.signature
        if any(kind in ("redirect", "file") for kind in signature.kinds):
            return 0
        if _SETS_STATUS.search(self._backend.text(self._original)):
            return 0
        return signature.status_code or 200

    def _shape(self) -> Shape:
        signature = self._endpoint.signature
        written = re.sub(r"\s", "", signature.response_model or "")
        if any(kind in _OPEN for kind in signature.kinds) or signature.status_code == 204:
            return None
        if re.match(r"(?:typing\.)?[Ll]ist\[", written) and written.endswith("]"):
            return "list"
        key = next(iter(signature.response_models), "")
        schema = self._schema(key)
        if schema is None or key.rpartition("::")[2] != written or schema.root is not None:
            return None
        if schema.unset or schema.members:
            return None
        return tuple(one.written_as or one.name for one in schema.fields if not one.excluded)

    # Requests

    def _cases(self, values: Mapping[str, str]) -> list[Case]:
        return Asking(self._schema, values).cases(self._endpoint, self._taken)

    def _meant(self, way: Way) -> Checked | None:
        values = {
            source.name: content
            for source, content in way.carried
            if source.place == "path" and isinstance(content, str)
        }
        question = self._asked(self._cases(values)[0], way)
        return Checked(question) if question is not None else None

    def _asked(self, case: Case, way: Way) -> Question | None:
        """A case's request without what gates look at; None where a way's credential can't be sent
        with it."""
        question = case.question
        headers = tuple(
            one for one in question.headers
            if one[0] == "content-type" or ("header", one[0].lower()) not in self._managed
        )  # fmt: skip
        if any(name == "cookie" for name, _ in headers) and any(
            source.place == "cookie" for source, _ in way.carried
        ):
            return None
        path, _, query = question.path.partition("?")
        pairs = [
            one
            for one in parse_qsl(query, keep_blank_values=True)
            if ("query", one[0]) not in self._managed
        ]
        for source, content in way.carried:
            if source.place == "query":
                if not isinstance(content, str):
                    return None
                pairs.append((source.name, content))
        whole = f"{path}?{urlencode(pairs)}" if pairs else path
        return replace(question, path=whole, headers=headers)

    def _sources(self) -> Iterator[tuple[str, str]]:
        """What gates look at in the request: place and name."""
        trees = [self._backend.gates[key].tree for key in self._gates_below()]
        for tree in trees:
            for value in t.values_in(tree):
                if isinstance(value, t.Carried):
                    for source in value.sources:
                        yield source.place, source.name.lower() or "authorization"

    def _gates_below(self) -> Iterable[str]:
        found: dict[str, None] = {}
        waiting = list(self._before)
        while waiting:
            key = waiting.pop()
            if key not in found and key in self._backend.gates:
                found[key] = None
                waiting += _through(self._backend.gates[key].tree)
        return found


def _through(tree: t.Tree) -> Iterator[str]:
    if isinstance(tree, t.Through):
        yield tree.gate
        yield from _through(tree.then)
    elif isinstance(tree, t.Branch):
        yield from _through(tree.then)
        yield from _through(tree.other)


def _secrets(gates: Iterable[t.Gate]) -> Iterator[str]:
    """The variables of the settings that gates compare with, or check tokens by."""
    for gate in gates:
        for value in t.values_in(gate.tree):
            if isinstance(value, t.Setting):
                yield value.env


def _with_path(endpoint: Endpoint, path: str) -> Endpoint:
    """An endpoint under its path in the crate, whose parameters are called as the backend calls
    them: by their order."""
    names = iter(_IN_PATH.findall(endpoint.path))

    def named(match: re.Match[str]) -> str:
        name = next(names, "")
        rest = match[0].startswith(("*", "{*")) or match[0].endswith(":.*}")
        return f"{{{name}:path}}" if rest else f"{{{name}}}"

    return replace(endpoint, path=_PARAM.sub(named, path))
