"""What Python's parameters are in a handler that is there: read of its signature as it stands.

A parameter is only taken for Python's where it has the very type that it would get if the handler
were written now; of every other one the body knows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.facts.items import Endpoint, Parameter
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.conventions import Conventions
from port_lsp.patterns.endpoints.extractors import VALIDATING, fused
from port_lsp.patterns.endpoints.filling import guarded
from port_lsp.patterns.endpoints.handlers import Handler
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.parts import UNCHECKED, Values
from port_lsp.patterns.endpoints.requests import Request
from port_lsp.patterns.endpoints.says import GuardWay
from port_lsp.patterns.endpoints.written import symbol_of, type_of
from port_lsp.patterns.translate.calls import state_of
from port_lsp.patterns.translate.shapes import shapes_of
from port_lsp.patterns.translate.values import Val
from port_lsp.rust.extracted import Extracted, extracted, tuple_types
from port_lsp.rust.typetable import head
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, named
from port_lsp.writing.printer.names import identifier

_STATES = frozenset(("State", "Data", "Extension"))


class Signature:
    """The parameters of one handler: `params` as they would be written elsewhere, `given` what
    Python's are in Rust, `state` the one that takes the state, `statements` what the body has to
    begin with. A name that begins with an underscore counts without it; `called` says what it is
    called in the text."""

    def __init__(
        self, desk: Desk, handler: Handler, conventions: Conventions, needs: Needs
    ) -> None:
        """`needs` are those of the handler's file."""
        self._desk, self._handler = desk, handler
        self._conventions, self._needs = conventions, needs
        self._values = Values(needs, handler.item.name)
        self.params: list[i.Param] = []
        self.given: dict[str, Val] = {}
        self.state: i.Param | None = None
        self.statements: list[b.Statement] = []
        self.called: dict[str, str] = {}

    def read(self, request: Request, endpoints: Sequence[Endpoint]) -> None:
        """Goes through the parameters; `request` is what Python takes of a request by the routes
        of `endpoints`."""
        every = [
            (pattern, kind, taken)
            for pattern, kind in self._handler.item.params
            if (taken := extracted(pattern, kind)) is not None
        ]
        self._call([name for _, _, taken in every for name in taken.names])
        for pattern, kind, taken in every:
            written = type_of(self._desk.workshop.scopes, self._handler.file, kind)
            if written is None:
                continue
            param = self._param(pattern, kind, written, taken)
            if param is None:
                continue
            self.params.append(param)
            if taken.extractor in _STATES:
                self._state(param)
            elif taken.takes == "own":
                self.given |= guarded(self._desk, endpoints[0], GuardWay("extractor", param))
            elif not taken.optional:
                self._of_request(request, pattern, kind, taken)

    def _call(self, names: Sequence[str]) -> None:
        """Says what each name counts as: without its underscore where that is free."""
        for name in names:
            plain = name.lstrip("_")
            free = plain and identifier(plain) == plain and names.count(plain) == 0
            alone = sum(one.lstrip("_") == plain for one in names) == 1
            self.called[plain if free and alone else name] = name

    def _name(self, written: str) -> str:
        return next(plain for plain, name in self.called.items() if name == written)

    def _param(self, pattern: str, kind: str, written: AnyType, taken: Extracted) -> i.Param | None:
        """A parameter with one name, or several of a path; None where it binds nothing."""
        names = [self._name(one) for one in taken.names if one != "_"]
        if len(names) != len(taken.names) or not names:
            return None
        if pattern.strip().removeprefix("mut ").isidentifier():
            return i.Param(b.Bind(names[0]), written)
        of = symbol_of(self._desk.workshop.scopes, self._handler.file, pattern.partition("(")[0])
        inner: b.Pattern = b.Bind(names[0])
        if len(names) > 1:
            inner = b.TuplePattern(None, tuple(map(b.Bind, names)))
        return i.Param(b.TuplePattern(of, (inner,)), written)

    def _state(self, param: i.Param) -> None:
        """Takes a parameter for the state: the crate's own one, else the first."""
        usual, found = state_of(self._conventions.state()), state_of(param)
        if found is None:
            return
        if self.state is None or (usual is not None and usual.type == found.type):
            self.state = param

    # What a request carries

    def _of_request(self, request: Request, pattern: str, kind: str, taken: Extracted) -> None:
        is_plain = pattern.strip().removeprefix("mut ").isidentifier()
        names = [self._name(one) for one in taken.names]
        if taken.takes == "path" and request.path_way == "always":
            self._path(request.path, tuple_types(taken.type), names, is_plain=is_plain)
        elif taken.takes == "query" and len(names) == 1:
            self._query(request.query, taken.type, names[0])
        elif taken.takes == "body" and len(names) == 1:
            bodies = (*request.body, *request.form, *request.file)
            if len(bodies) == 1 and bodies[0].location == "body":
                self._body(bodies[0], kind, taken.type, names[0], is_plain=is_plain)

    def _path(
        self, wanted: Sequence[Parameter], types: Sequence[str], names: list[str], *, is_plain: bool
    ) -> None:
        if len(types) != len(wanted):
            return
        for at, (one, written) in enumerate(zip(wanted, types, strict=True)):
            kind = self._type(written)
            if kind is None or kind != self._values.value(one, text=True).type:
                continue
            if len(names) == len(types):
                self._give(one, Val(b.Name(names[at]), kind, True, names[at], None, is_plain))
            elif len(names) == 1:
                whole = b.Name(names[0]) if at or not is_plain else b.Unary("*", b.Name(names[0]))
                self._give(one, Val(b.Access(whole, str(at)), kind, True, names[0]))

    def _query(self, wanted: Sequence[Parameter], written: str, name: str) -> None:
        kind = self._type(written)
        shape = shapes_of(self._desk).of(kind) if kind is not None else None
        for one in wanted if shape is not None else ():
            field = shape.field(one.alias or one.name) if shape is not None else None
            if field is None:
                continue
            plain = self._values.value(one, text=True).type
            nullable = self._needs.field(one).nullable
            if field[1] == (named("Option", plain) if nullable else plain):
                of = b.Access(b.Name(name), field[0])
                self._give(one, Val(of, field[1], True, name))

    def _body(self, one: Parameter, kind: str, written: str, name: str, *, is_plain: bool) -> None:
        if any(each.name == "embed" and each.value == "True" for each in one.constraints):
            return
        found = self._type(written)
        if found is None or one.annotation is None or self._needs.field(one).nullable:
            return
        marked = self._needs.mark()
        made = self._values.value(one, text=False)
        if made.type != found:
            self._needs.back(marked)
            return
        self._give(one, Val(b.Name(name), found, True, name, None, is_plain))
        outer = head(kind).rpartition("::")[2]
        if made.checked and outer not in (*VALIDATING, *fused("Json")):
            validation = self._conventions.validation()
            if validation is not None:
                self.statements.append(validation.call(name))
            else:
                self._needs.note(f"{name}: its limits aren't checked, {UNCHECKED}")

    def _type(self, written: str) -> AnyType | None:
        return type_of(self._desk.workshop.scopes, self._handler.file, written)

    def _give(self, one: Parameter, val: Val) -> None:
        self.given.setdefault(one.name, val)
