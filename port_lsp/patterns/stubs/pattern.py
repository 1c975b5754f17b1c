"""A linked handler that is a stub → its body: Python's, translated with the names and types of the
signature that is there, which stays as it is.

What the signature lacks, the body knows nothing of: it is a gap. Nothing is filled in that would
answer callers whom Python refuses.
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.facts.items import Endpoint
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.checks import check_of
from port_lsp.patterns.endpoints.clashes import parted
from port_lsp.patterns.endpoints.conventions import RANKS, Conventions
from port_lsp.patterns.endpoints.dependencies import others
from port_lsp.patterns.endpoints.filling import Spans, Taken, filled_in
from port_lsp.patterns.endpoints.handlers import Handler
from port_lsp.patterns.endpoints.keepers import keepers
from port_lsp.patterns.endpoints.needs import Needs, names_of
from port_lsp.patterns.endpoints.pythontext import PythonHandler, python_handler
from port_lsp.patterns.endpoints.requests import request_of
from port_lsp.patterns.endpoints.survey import survey_of
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.patterns.port import CannotPortError, Target
from port_lsp.patterns.refusals import Refusals
from port_lsp.patterns.stubs.signature import Signature
from port_lsp.patterns.stubs.standing import text_of
from port_lsp.patterns.translate.functions import Functions
from port_lsp.patterns.translate.objects.writing import finished
from port_lsp.patterns.translate.reading import mentions
from port_lsp.rust.stubs import says_unfinished
from port_lsp.writing.draft import Draft, NewBody
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound

_REASON = "not ported yet"


class StubPattern:
    """The pattern for stubs; a target is the endpoint of the backend."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """The bodies of these endpoints' handlers with the models, functions and dependencies that
        they need.

        Raises CannotPortError for all that can't be filled.
        """
        return _Drafting(desk).run([target.id for target in targets])

    def places(self, desk: Desk, target: Target) -> tuple[str, ...]:
        """Where it is: there is no choice."""
        return ()


class _Drafting:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._survey = desk, survey_of(desk)
        self._names = desk.drafts(names_of)
        self._functions = desk.drafts(Functions)
        self._models: dict[str, None] = {}

    def run(self, ids: Sequence[str]) -> Draft:
        handlers: dict[str, list[str]] = {}
        for ident in ids:
            handlers.setdefault(self._handler_key(ident), []).append(ident)
        made: list[Draft] = []
        refused = Refusals()
        for key, idents in handlers.items():
            with refused.about(idents):
                made.append(self._filled(key))
        refused.told()
        return finished(self._desk, self._functions, self._models, self._needs, made)

    def _needs(self, file: str, backend: str) -> Needs:
        return Needs(self._desk, file, backend, self._names)

    def _handler_key(self, ident: str) -> str:
        """The crate's handler (item key) that a link leads to."""
        links = self._desk.snapshot.links.endpoints
        link = next((one for one in links if one.backend == ident), None)
        if link is None or link.presence != "stub" or link.crate is None:
            raise CannotPortError(f"{ident} has no stub in the crate", (ident,))
        crate = self._desk.snapshot.crate
        every = crate.endpoints if crate is not None else ()
        return next(one.key for one in every if one.id == link.crate)

    def _linked(self, handler: Handler) -> list[Endpoint]:
        """The endpoints of the backend that a handler stands for, which are one handler's there.
        Raises CannotPortError."""
        own = {one.id for one in handler.endpoints}
        backend = self._desk.snapshot.backend
        ids = {one.backend for one in self._desk.snapshot.links.endpoints if one.crate in own}
        every = backend.endpoints if backend is not None else ()
        found = [one for one in every if one.id in ids]
        if len({(one.key, one.place) for one in found}) != 1:
            raise CannotPortError("its stub stands for several handlers of the backend")
        return found

    def _filled(self, key: str) -> Draft:
        handler = next((one for one in self._survey.neighbours.all if one.key == key), None)
        snapshot = self._desk.snapshot
        stub = text_of(snapshot, handler.endpoints[0].place) if handler is not None else None
        if handler is None or stub is None:
            raise CannotPortError(
                f"its handler is there, as a stub that isn't filled: {key} does more than a stub, "
                "may be meant as it is, or is in a module within its file"
            )
        endpoints = self._linked(handler)
        python_key = endpoints[0].key
        conventions = self._survey.conventions(python_key.partition("::")[0])
        needs = self._needs(handler.file, python_key)
        returns = conventions.says.returns_of(handler)
        written = type_of(self._desk.workshop.scopes, handler.file, handler.item.returns or "()")
        if returns is None or written is None:
            said = handler.item.returns or "nothing"
            raise CannotPortError(f"its stub gives {said}, which says nothing of its answer")
        python = self._python(endpoints[0])
        signature = Signature(self._desk, handler, conventions, needs)
        depended = keepers(self._desk).depended
        each = [parted(self._desk, one, depended.get(one.id, ())).endpoint for one in endpoints]
        signature.read(request_of(each), endpoints)
        before = (*self._guard(handler, endpoints, conventions, signature), *signature.statements)
        more = others(self._desk, endpoints, python.body, signature.params)
        request = more.endpoints[0].signature.parameters
        own = {one.type for one in signature.params}
        for param in more.params:
            if param.type not in own:
                needs.note(f"its signature doesn't take {param.type}, which Python depends on")
        touched = tuple(plain for plain, name in signature.called.items() if plain == name)
        free = tuple(one for one in touched if not one.startswith("_"))
        hole = b.Hole(python.body, _REASON, free)
        function = i.Function(
            handler.item.name, tuple(signature.params), written, is_async=handler.item.is_async
        )
        filled = filled_in(
            self._desk, needs, endpoints, returns, function, before, hole,
            Taken(signature.given, request, more.left, names=more.names), signature.state,
            self._functions, conventions.json(),
        )  # fmt: skip
        if filled.returns != written:
            raise CannotPortError("Python answers with something else than its stub says")
        self._is_any(python_key, filled, b.Block((*before, hole)))
        assert filled.body is not None
        self._models |= dict.fromkeys(needs.models)
        names = tuple(
            (name, plain)
            for plain, name in signature.called.items()
            if plain != name and mentions(plain, filled.body)
        )
        body = NewBody(
            handler.file, handler.endpoints[0].place, key, filled.body, names,
            _kept(stub.comments, python),
        )  # fmt: skip
        return Draft(bodies=(body,)).with_(needs.own())

    def _is_any(self, key: str, filled: i.Function, nothing: b.Block) -> None:
        """Raises CannotPortError where nothing of a body is translated."""
        made = self._desk.shares(Spans).by_handler.get(key)
        done = made is not None and any(not one.left for one in made.spans)
        if not done or filled.body in (nothing, None):
            raise CannotPortError("nothing of its body can be translated yet")

    def _guard(
        self,
        handler: Handler,
        endpoints: Sequence[Endpoint],
        conventions: Conventions,
        signature: Signature,
    ) -> tuple[b.Statement, ...]:
        """The check of who may call, where the crate makes it in bodies. Raises CannotPortError
        where the handler would let in whom Python refuses."""
        strictest = max(endpoints, key=lambda one: RANKS[conventions.level(one.signature.guard)])
        guard = strictest.signature.guard
        level = conventions.level(guard)
        if all(RANKS[one.signature.guard.level] >= RANKS[level] for one in handler.endpoints):
            return ()
        way = conventions.guard(level, guard.name, strictest)
        check = check_of(self._desk, way) if way is not None else ()
        taken = {(name, one.type) for one in signature.params for name in bound(one.pattern)}
        if way is not None and way.param is not None and all(
            (name, way.param.type) in taken for name in bound(way.param.pattern)
        ) and check:  # fmt: skip
            return check
        raise CannotPortError(
            f"in Python it is guarded by {guard.name or level}, "
            "in Rust by nothing that is as strict"
        )

    def _python(self, endpoint: Endpoint) -> PythonHandler:
        file = self._desk.snapshot.backend_files.get(endpoint.place.file)
        return python_handler(file, endpoint.place) if file is not None else PythonHandler()


def _kept(comments: Sequence[str], python: PythonHandler) -> tuple[str, ...]:
    """The comments of a stub that stay: not what says that it is one, nor the Python of a hole of
    ours."""
    lines = {one.strip() for one in python.body}
    return tuple(
        one
        for one in comments
        if not says_unfinished(one) and one.removeprefix("//").strip() not in lines
    )
