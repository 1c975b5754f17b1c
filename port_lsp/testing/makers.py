"""The crate's functions that make routers, or configure applications, and the state they need."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import type_of
from port_lsp.rust.cargo import Package
from port_lsp.rust.declared import FnItem
from port_lsp.rust.typetable import arguments, head
from port_lsp.testing.harness import Mounted, NoHarnessError
from port_lsp.writing.ir.types import AnyType, Reference, Symbol, Type

_CONFIG = re.compile(r"&\s*mut\s+(?:\w+::)*ServiceConfig$")
_DATA = re.compile(r"\bData<((?:[^<>]|<[^<>]*>)+)>")


class Maker(Record, frozen=True):
    """Such a function, and the file that it is in."""

    file: str
    item: FnItem


def makes(desk: Desk, item: FnItem) -> bool:
    """Whether a function does."""
    if desk.framework == "axum":
        returns = item.returns or ""
        kind = head(returns).rpartition("::")[2]
        inner = arguments(returns)
        if kind.endswith("Result") and inner:
            kind = head(inner[0]).rpartition("::")[2]
        return kind == "Router"
    return len(item.params) == 1 and _CONFIG.match(item.params[0][1]) is not None


def mounted_by(maker: Maker, function: Symbol, prefix: str = "") -> Mounted:
    """What a function makes, under a prefix."""
    fails = head(maker.item.returns or "").rpartition("::")[2].endswith("Result")
    return Mounted(function, prefix, maker.item.is_async, fails)


def state_of(desk: Desk, makers: Sequence[Maker], package: Package) -> tuple[AnyType | None, bool]:
    """The application's state, and whether all of these take it. Raises NoHarnessError."""
    if desk.framework == "actix-web":
        return _data(desk, package), False
    found = [_own_state(desk, one) for one in makers]
    takes = {one for _, one in found}
    states = {one for one, _ in found if one is not None}
    if len(takes) > 1 or len(states) > 1:
        raise NoHarnessError("the routers are of several states")
    return next(iter(states), None), True in takes


def _data(desk: Desk, package: Package) -> AnyType | None:
    """What most of actix-web's handlers ask for."""
    scopes = desk.workshop.scopes
    asked = Counter(
        kind
        for file in desk.workshop.files
        if scopes.package_of(file) == package
        for _, item in desk.workshop.declared(file)
        if isinstance(item, FnItem)
        for kind in data_of(desk, file, item)
    )
    (most, *others) = [*asked.most_common(2), (None, 0)]
    if others and others[0][1] == most[1]:
        raise NoHarnessError("handlers ask for several kinds of `web::Data`")
    return most[0]


def data_of(desk: Desk, file: str, item: FnItem) -> list[AnyType]:
    """The types of which a function is given `web::Data`."""
    scopes = desk.workshop.scopes
    found = (kind for _, written in item.params for kind in _DATA.findall(written))
    return [kind for one in found if (kind := type_of(scopes, file, one.strip())) is not None]


def _own_state(desk: Desk, maker: Maker) -> tuple[AnyType | None, bool]:
    """The state of a router that a function makes, and whether it is given it."""
    scopes = desk.workshop.scopes
    if len(maker.item.params) > 1:
        raise NoHarnessError(f"{maker.item.name} takes several parameters")
    if maker.item.params:
        written_type = maker.item.params[0][1]
        kind = type_of(scopes, maker.file, written_type)
        if kind is None or isinstance(kind, Reference):
            raise NoHarnessError(f"{maker.item.name} takes `{written_type}`")
        return kind, True
    returned = type_of(scopes, maker.file, maker.item.returns or "")
    if isinstance(returned, Type) and returned.head.name.endswith("Result") and returned.args:
        returned = returned.args[0]
    args = returned.args if isinstance(returned, Type) else ()
    return (args[0] if args else None), False
