"""FastAPI endpoint → Rust handler, registered: the guide's first pattern.

What the request carries becomes extractors, what is answered a concrete type; the body is a hole
that keeps its Python. Several routes of one handler are one function, registered several times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from port_lsp.facts.items import Endpoint, GuardLevel
from port_lsp.facts.source import Place
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.checks import check_of
from port_lsp.patterns.endpoints.conventions import RANKS, Conventions, GuardWay
from port_lsp.patterns.endpoints.dependencies import others
from port_lsp.patterns.endpoints.filling import Taken, filled_in, guarded
from port_lsp.patterns.endpoints.needs import Needs, names_of
from port_lsp.patterns.endpoints.newrouters import NewRouters, Routed
from port_lsp.patterns.endpoints.overrides import Overrides
from port_lsp.patterns.endpoints.parameters import Parameters
from port_lsp.patterns.endpoints.places import symbol_in
from port_lsp.patterns.endpoints.pythontext import PythonHandler, python_handler
from port_lsp.patterns.endpoints.registration import Wanted
from port_lsp.patterns.endpoints.requests import path_names, request_of
from port_lsp.patterns.endpoints.responses import answer
from port_lsp.patterns.endpoints.routepaths import Segments, Shape, shape_of
from port_lsp.patterns.endpoints.survey import Survey, survey_of
from port_lsp.patterns.names import snake
from port_lsp.patterns.port import CannotPortError, Target
from port_lsp.patterns.refusals import Refusals
from port_lsp.patterns.translate.functions import Functions
from port_lsp.patterns.translate.objects.writing import finished
from port_lsp.writing.draft import Draft, Piece, Registration
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import named

replace = msgspec.structs.replace
_REASON = "not ported yet"


class EndpointPattern:
    """The pattern for endpoints."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """The handlers of these endpoints with their registrations, models and dependencies.

        Raises CannotPortError for all that can't be written.
        """
        return _Drafting(desk, survey_of(desk)).run([target.id for target in targets])

    def places(self, desk: Desk, target: Target) -> tuple[str, ...]:
        """The files that as many of its siblings are in; else the functions whose routers fit its
        route equally well."""
        return survey_of(desk).choice(target.id)


class _Drafting:
    def __init__(self, desk: Desk, survey: Survey) -> None:
        self._desk, self._survey = desk, survey
        self._routers = survey.routers
        self._names = desk.drafts(names_of)
        self._new = NewRouters(desk, self._routers, self._names)
        self._models: dict[str, None] = {}
        self._paths: dict[Shape, Segments] = {}
        self._functions = desk.drafts(Functions)

    def run(self, ids: Sequence[str]) -> Draft:
        backend = self._desk.snapshot.backend
        endpoints = backend.endpoints if backend is not None else ()
        by_id = {one.id: one for one in endpoints}
        # Python takes a second function of a name for another one: its place tells it apart.
        handlers: dict[tuple[str, Place], list[Endpoint]] = {}
        for ident in ids:
            if ident not in by_id:
                raise CannotPortError(f"{ident} is no endpoint of the backend")
            one = by_id[ident]
            handlers.setdefault((one.key, one.place), []).append(one)
        self._refuse_taken([by_id[ident] for ident in ids])
        unread = Overrides(self._desk).unread()
        notes = tuple(f"conventions.{name} of the configuration can't be read" for name in unread)
        made: list[Draft] = [Draft(notes=notes)]
        refused = Refusals()
        for (key, _), routes in handlers.items():
            with refused.about([one.id for one in routes]):
                made.append(self._handler(key, routes))
        refused.told()
        whole = finished(self._desk, self._functions, self._models, self._needs, made)
        # FastAPI and actix-web take the first route that matches: the order is the backend's.
        turns = {one.id: turn for turn, one in enumerate(endpoints)}
        ordered = sorted(whole.registrations, key=lambda one: turns.get(one.source, 0))
        whole = replace(whole, registrations=_by_path(ordered, axum=self._desk.framework == "axum"))
        return whole.with_(self._new.draft(turns))

    def _needs(self, file: str, backend: str) -> Needs:
        return Needs(self._desk, file, backend, self._names)

    def _refuse_taken(self, endpoints: Sequence[Endpoint]) -> None:
        """Raises CannotPortError for all whose method and path one before them has, with another
        handler: several applications in one backend have such, and a crate has one router."""
        first: dict[tuple[str, Shape], Endpoint] = {}
        reasons: dict[str, str] = {}
        for one in endpoints:
            shape = shape_of(self._routers.segments(one.path))
            method = "GET" if one.kind == "websocket" else one.method
            other = first.setdefault((method, shape), one)
            if (other.key, other.place) != (one.key, one.place):
                reasons[one.id] = f"{method} {other.path} is another handler's already: {other.key}"
        if reasons:
            raise CannotPortError("other handlers have their routes already", reasons=reasons)

    def _called_alike(self, wanted: Wanted) -> Wanted:
        """A route whose parameters are called as those of a route before it with the same path:
        axum panics at start where two paths only differ in names."""
        segments = self._paths.setdefault(shape_of(wanted.segments), wanted.segments)
        return replace(wanted, segments=segments)

    def _handler(self, key: str, endpoints: Sequence[Endpoint]) -> Draft:
        """One Python handler (item key) with those of its routes that are asked for."""
        backend_file = key.partition("::")[0]
        conventions = self._survey.conventions(backend_file)
        into = next((self._desk.into.get(one.id, "") for one in endpoints), "")
        file = self._file(backend_file, into)
        needs = Needs(self._desk, file, key, self._names)
        levels: list[GuardLevel] = [conventions.level(one.signature.guard) for one in endpoints]
        ways = [
            self._way(one, level, conventions, needs)
            for one, level in zip(endpoints, levels, strict=True)
        ]
        wanted = [
            self._called_alike(self._routers.wanted(one, level, way, conventions))
            for one, level, way in zip(endpoints, levels, ways, strict=True)
        ]
        strictest = max(range(len(levels)), key=lambda index: RANKS[levels[index]])
        name = self._names.claim(file, snake(endpoints[0].handler), "_handler")
        symbol = symbol_in(self._desk.workshop.scopes, file, name)
        router = into if "::" in into else ""
        registrations = tuple(
            self._routers.route(one, file, symbol, name, router)
            for endpoint, one in zip(endpoints, wanted, strict=True)
            if not self._new.takes(Routed(endpoint, one, file, symbol, name, conventions, router))
        )
        private = all(one.file == file for one in registrations)
        visibility = conventions.visibility() if private else "pub"
        called = _called(endpoints, wanted)
        items = self._items(
            name, endpoints, conventions, needs, ways[strictest], visibility, called
        )
        draft = Draft((Piece(file, items, key),), registrations)
        self._models |= dict.fromkeys(needs.models)
        return draft.with_(needs.own())

    def _file(self, backend_file: str, into: str) -> str:
        """Where handlers go: where the user says, or the file of the router that they say if that
        is one of those that fit."""
        files = self._survey.files(backend_file)
        file, _, function = into.partition("::")
        return file if file and (not function or file in files) else files[0]

    def _way(
        self, endpoint: Endpoint, level: GuardLevel, conventions: Conventions, needs: Needs
    ) -> GuardWay:
        """How the crate keeps out who may not call; said in a note where it doesn't know how."""
        guard = endpoint.signature.guard
        way = conventions.guard(level, guard.name, endpoint)
        if way is not None:
            return way
        if RANKS[level] == RANKS["role"]:
            user = conventions.guard("user", guard.name)
            needs.note(f"only {guard.name or 'some'} may call it; the crate has no guard for that")
            return user or GuardWay("nothing")
        needs.note(f"it is guarded by {guard.name or level}; the crate has no guard for that")
        return GuardWay("nothing")

    def _items(
        self,
        name: str,
        endpoints: Sequence[Endpoint],
        conventions: Conventions,
        needs: Needs,
        way: GuardWay,
        visibility: i.Visibility,
        called: Mapping[str, str],
    ) -> tuple[i.Item, ...]:
        """The function, behind the structs that it needs."""
        python = self._python(endpoints[0])
        guards = [one for one in (way.param, *way.more) if one is not None]
        more = others(self._desk, endpoints, python.body, guards)
        state = conventions.state()
        first = [*([state] if state is not None else []), *guards, *more.params]
        if any(one.kind == "websocket" for one in endpoints):
            first += _socket(conventions, needs)
        parameters = Parameters(conventions, needs, name, called)
        params = parameters.of(request_of(more.endpoints), first, python.raw)
        returns = answer(endpoints, conventions, needs, way)
        check = check_of(self._desk, way)
        function = i.Function(
            name,
            params,
            returns,
            is_async=True,
            visibility=visibility,
            docs=python.docs,
            generics=conventions.state_generics(),
        )
        before = (*check, *parameters.statements)
        given = dict(parameters.given)
        extracted = way.by == "extractor" and not way.more
        lets = guarded(self._desk, endpoints[0], way) if extracted else {}
        hole = b.Hole(python.body, _REASON, parameters.touched)
        request = more.endpoints[0].signature.parameters
        filled = filled_in(
            self._desk, needs, endpoints, conventions.returns(way), function, before, hole,
            Taken(given | lets, request, more.left, frozenset(lets), more.names), state,
            self._functions, conventions.json(),
        )  # fmt: skip
        return (*parameters.items, filled)

    def _python(self, endpoint: Endpoint) -> PythonHandler:
        file = self._desk.snapshot.backend_files.get(endpoint.place.file)
        return python_handler(file, endpoint.place) if file is not None else PythonHandler()


def _called(endpoints: Sequence[Endpoint], wanted: Sequence[Wanted]) -> dict[str, str]:
    """What the parameters of paths are called in the routes that are written, where that is
    otherwise than in Python, and the same in all of them."""
    found: dict[str, set[str]] = {}
    for endpoint, route in zip(endpoints, wanted, strict=True):
        theirs = path_names(endpoint.path)
        ours = [one.text for one in route.segments if one.kind in ("param", "rest")]
        if len(theirs) == len(ours):
            for name, new in zip(theirs, ours, strict=True):
                found.setdefault(name, set()).add(new)
    return {name: min(new) for name, new in found.items() if len(new) == 1 and name not in new}


def _by_path(ordered: Sequence[Registration], *, axum: bool) -> tuple[Registration, ...]:
    """Routes of one path in one call, where the framework has such calls."""
    found: dict[object, Registration] = {}
    for one in ordered:
        alone = one.join or not (axum or one.wraps)
        key = one if alone else (one.neighbour, one.router, one.before, one.full, one.wraps)
        known = found.get(key)
        if known is None:
            found[key] = one
        else:
            route = (one.method, one.handler, one.handler_key)
            # Twins with and without a slash are one where that is trimmed.
            if route not in ((known.method, known.handler, known.handler_key), *known.more):
                found[key] = replace(known, more=(*known.more, route))
    return tuple(found.values())


def _socket(conventions: Conventions, needs: Needs) -> list[i.Param]:
    """What upgrades a connection: axum's docs of `extract::ws`, actix_ws' of `handle`."""
    if conventions.axum:
        needs.depend("axum", "0.8", "ws")
        return [i.Param(b.Bind("upgrade"), named("axum::extract::ws::WebSocketUpgrade"))]
    needs.depend("actix-ws", "0.3")
    return [
        i.Param(b.Bind("request"), named("actix_web::HttpRequest")),
        i.Param(b.Bind("payload"), named("actix_web::web::Payload")),
    ]
