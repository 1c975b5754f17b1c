"""Whether a function can live where the crate keeps those of its class: a service that has only the
database comes to no settings, and to no function that wants the whole state; where functions fail
as sqlx does, nothing else may be raised.

Told of Python's text and the crate's signatures alone, as `plain.py` does, so that it is known at
the call, and the same whenever it is asked.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from port_lsp.facts.items import Function
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import dotted, walked
from port_lsp.patterns.translate.calls import SELF, Home, Signature, docs_of
from port_lsp.patterns.translate.errors import DATABASE, ErrorType
from port_lsp.patterns.translate.existing import method_in, there_in
from port_lsp.patterns.translate.homes import Homes, Spot
from port_lsp.patterns.translate.ownfunctions import own_function
from port_lsp.patterns.translate.plain import Plain
from port_lsp.patterns.translate.queries.reaching import Stands, takes_errors
from port_lsp.patterns.translate.receivers import SQLX, part_of, receiver
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.types import meanings as m
from port_lsp.writing.imports import symbols_in
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference, Type

Signatures = Callable[[m.Callable, Needs], Signature]
_RAISES = (ast.Raise, ast.Try, ast.Assert)


def reached(scene: Stands, home: Home) -> b.Expr | None:
    """What a function of a home is called of, or given of the state; None where a body comes to
    neither, or can't fail as that does."""
    errors = scene.errors
    alike = errors is not None and home.error == Type(errors.symbol)
    if not alike and not (home.error == SQLX and takes_errors(scene)):
        return None
    if home.is_method:
        return receiver(scene, home.owner)
    return part_of(scene, Reference(home.state.type))


class Living:
    """Answers for one draft."""

    def __init__(self, desk: Desk, signatures: Signatures, file_of: Callable[[str], str]) -> None:
        """At a desk. `signatures` says what one of the backend's functions takes and gives,
        `file_of` where those of a file of the backend go that have no home."""
        self._desk, self._signatures, self._file_of = desk, signatures, file_of
        self._homes, self._functions = desk.shares(Homes), functions_at(desk)
        self._known: dict[str, bool] = {}

    def home(
        self, function: Function, said: Signature, scene: Stands, errors: ErrorType | None
    ) -> Home | None:
        """The home of a function that a body calls; None where it is one of its own. `errors` are
        those of the crate's handlers."""
        home = self._homes.of(function)
        if home is None or reached(scene, home) is None or not self._may_say(home, said):
            return None
        return home if self._lives(function, home, errors) else None

    def _may_say(self, home: Home, said: Signature) -> bool:
        """Whether the file of a home may name all types of a signature."""
        scopes = self._desk.workshop.scopes
        kinds = (said.gives, *(one.type for one in said.params))
        return all(scopes.can_name(home.owner.file, one.path) for one in symbols_in(kinds))

    def _lives(self, function: Function, home: Home, errors: ErrorType | None) -> bool:
        key = function.key
        if key not in self._known:
            self._known[key] = False  # while it is looked at: a function that calls itself
            self._known[key] = self._fits(function, home, errors)
        return self._known[key]

    def _fits(self, function: Function, home: Home, errors: ErrorType | None) -> bool:
        files, docs = self._desk.snapshot.crate_files, docs_of(function.key)
        if there_in(files, self._file_of(function.place.file), docs) is not None:
            return False
        node = self._functions.node(function.key)
        if node is None or method_in(files, home, docs) is not None:
            return node is not None
        spot = self._homes.spot(home, function.key, errors)
        parts = list(walked(*node.body))
        if spot.errors == DATABASE and any(isinstance(one, _RAISES) for one in parts):
            return False
        own = {
            one.id for one in parts if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
        }
        own |= {one.arg for one in walked(node.args) if isinstance(one, ast.arg)}
        return all(self._reaches(one, function, spot, own, errors) for one in parts)

    def _reaches(
        self, node: ast.AST, function: Function, spot: Spot, own: set[str], errors: ErrorType | None
    ) -> bool:
        """Whether a body that stands there comes to what a part of it means."""
        name = dotted(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
        first, _, rest = name.partition(".")
        if first == SELF and rest:
            name = f"{function.instances[0]}.{rest}"
        elif ".app.state" in name:
            return False
        elif not name or first in own:
            return True
        meaning = self._desk.backend.meaning(function.place.file, name)
        if isinstance(meaning, m.Env):
            return False
        return not isinstance(meaning, m.Callable) or self._calls(meaning, spot, errors)

    def _calls(self, meaning: m.Callable, spot: Spot, errors: ErrorType | None) -> bool:
        """Whether a body that stands there can call a function."""
        function = self._functions.get(meaning.key)
        if function is None or self._desk.shares(Plain).is_plain(meaning.key):
            return function is not None
        try:
            said = self._signatures(meaning, spot.needs)
        except UntranslatedError:
            return False
        if own_function(spot, meaning, said) is not None:
            return True
        return self.home(function, said, spot, errors) is not None
