"""A function of the backend, or a method of a data-access class → a function of the crate: what a
handler that calls it would bring along, by itself.

It takes the application's state and gives what the crate's handlers give that may fail, or what
its neighbours do where the crate keeps those of its class (`translate/homes.py`); its body is
translated as theirs are (`translate/functions.py`, `translate/functionbodies.py`). What doesn't say
its type, and doesn't show it, is JSON of any kind (`translate/unsaid.py`): whoever asks for the
function by itself sees it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from port_lsp.facts.items import Function
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs, names_of
from port_lsp.patterns.endpoints.says import GuardWay
from port_lsp.patterns.endpoints.survey import survey_of
from port_lsp.patterns.places import Siblings
from port_lsp.patterns.port import CannotPortError, Target
from port_lsp.patterns.translate.calls import result_of, state_of
from port_lsp.patterns.translate.errors import error_type
from port_lsp.patterns.translate.functions import Functions
from port_lsp.patterns.translate.homes import Spot
from port_lsp.patterns.translate.objects.classes import objects_at
from port_lsp.patterns.translate.objects.writing import finished
from port_lsp.patterns.translate.shapes import shapes_of
from port_lsp.patterns.translate.unsaid import as_shown, loosened
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.types import meanings as m
from port_lsp.writing.draft import Draft


class FunctionPattern:
    """The pattern for functions."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """These functions, with those that they call, models and dependencies.

        Raises CannotPortError for all that can't be written.
        """
        return _Drafting(desk).run({target.id: target.spare for target in targets})

    def places(self, desk: Desk, target: Target) -> tuple[str, ...]:
        """Where those of its class are, or beside the models of its file: there is no choice."""
        return ()


class _Drafting:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._names = desk.drafts(names_of)
        self._functions = desk.drafts(Functions)
        snapshot = desk.snapshot
        self._siblings = Siblings(snapshot.links.models, snapshot.crate_files, desk.source)

    def run(self, keys: Mapping[str, bool]) -> Draft:
        backend = self._desk.snapshot.backend
        by_key = {one.key: one for one in (backend.functions if backend is not None else ())}
        made: list[Draft] = []
        models: dict[str, None] = {}
        reasons: dict[str, str] = {}
        for key, spare in keys.items():
            try:
                needs = self._one(key, by_key, asked=not spare)
            except CannotPortError as error:
                reasons[key] = str(error)
                continue
            models |= dict.fromkeys(needs.models)
            made.append(needs.own())
        if reasons:
            raise CannotPortError("some functions can't be written", reasons=reasons)
        return finished(self._desk, self._functions, models, self._needs, made)

    def _needs(self, file: str, backend: str) -> Needs:
        return Needs(self._desk, file, backend, self._names)

    def _one(self, key: str, by_key: Mapping[str, Function], *, asked: bool) -> Needs:
        """Has a function written, unless it is among those already; what its types need. Only who
        asked for it gets it also where these don't show."""
        function = by_key.get(key)
        if function is None:
            raise CannotPortError(f"{key} is no function of the backend")
        backend_file = function.place.file
        conventions = survey_of(self._desk).conventions(backend_file)
        returns = conventions.returns(GuardWay("nothing"))
        state, result = state_of(conventions.state()), result_of(returns)
        if state is None or result is None:
            reason = "the crate's handlers take no state, or can't fail: a function has neither"
            raise CannotPortError(reason)
        needs = self._needs(self._siblings.file_of(backend_file), function.key)
        errors = error_type(self._desk, returns)
        spot = Spot(self._desk, needs, shapes_of(self._desk), state, result, errors)
        declared, decorators = self._meaning(function)
        shown = as_shown(self._desk, declared)
        meaning, notes = loosened(self._desk, declared) if asked else (shown, ())
        if function.key in self._functions.pieces:  # with the types of a call
            notes = ()
        notes += tuple(
            f"`@{one}` isn't ported: it is the function without it" for one in decorators
        )
        try:
            self._functions.called(meaning, spot)
        except UntranslatedError as error:
            reason = error.construct.replace("a call of a function that ", "it ")
            raise CannotPortError(f"it can't be written: {reason}") from error
        if function.key not in self._functions.pieces:
            raise CannotPortError("the crate has it already")
        for one in notes:
            needs.note(one)
        return needs

    def _meaning(self, function: Function) -> tuple[m.Callable, tuple[str, ...]]:
        """What the backend means by the function's name, and the decorators that make something
        else of it, which nobody but who calls it sees. Raises CannotPortError."""
        if function.owner is not None and not function.instances:
            objects = objects_at(self._desk)
            cls = objects.owner(function)
            method = objects.method(cls, function.name) if cls is not None else None
            if cls is None or method is None or method.callable.key != function.key:
                owner = function.owner.rpartition("::")[2]
                raise CannotPortError(f"{owner} has no instance in its module")
            return method.callable, ()
        owner = f"{function.instances[0]}." if function.owner is not None else ""
        file, name = function.key.partition("::")[0], f"{owner}{function.name}"
        found = self._desk.backend.meaning(file, name)
        if isinstance(found, m.Callable) and found.key == function.key:
            return found, ()
        backend = self._desk.snapshot.backend
        handlers = (*backend.endpoints, *backend.events) if backend is not None else ()
        if any(one.key == function.key for one in handlers):
            raise CannotPortError("it is a handler: its route or event is ported")
        bare = self._desk.backend.undecorated(file, name)
        if bare is None or bare[0].key != function.key:
            raise CannotPortError("its name stands for something else in its module")
        return bare
