"""Socket.IO events over the whole crate: who handles what, and who emits it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from port_lsp.facts.items import Event, Function
from port_lsp.facts.source import Place, Record, item_key
from port_lsp.rust.sockets import SocketFact

_EVENT_PARAMETERS = frozenset({"event", "event_name", "event_type", "name"})
_EMITTING = ("emit", "broadcast", "publish", "send_event", "notify")
_OWN = frozenset({"emit", "emit_with_ack"})  # socketioxide's


class PlacedSocket(Record, frozen=True):
    """A fact about events and where its chunk is."""

    file: str
    chunk: str
    fact: SocketFact


class _Known(NamedTuple):
    """The functions of the crate that facts name, by bare name, and by item key."""

    named: Mapping[str, list[Function]]
    by_key: Mapping[str, Function]


def events(
    placed: Iterable[PlacedSocket], functions: Iterable[Function], *, socketioxide: bool
) -> tuple[Event, ...]:
    """The events of the crate, each handler and emitting function once per event.

    `socketioxide` says whether the crate depends on it: without it, `.on("x", …)` is somebody
    else's. An emitting call counts where it is socketioxide's, or where a function of the crate
    with that name takes the event's name as the parameter at that place.
    """
    facts = list(placed)
    named_so = (target for one in facts for target in (one.fact.target, one.fact.asks))
    wanted = {_bare(target) for target in named_so if target is not None}
    named: dict[str, list[Function]] = defaultdict(list)
    by_key: dict[str, Function] = {}
    emitters: set[tuple[str, int]] = set()
    for function in functions:
        if function.name in wanted:
            named[function.name].append(function)
            by_key[function.key] = function
        if function.name.startswith(_EMITTING):
            for index, parameter in enumerate(function.parameters):
                if parameter in _EVENT_PARAMETERS:
                    emitters.add((function.name, index))
    known = _Known(named, by_key)
    spaces = _namespaces(facts)
    found: dict[str, Event] = {}
    for one in facts:
        if one.fact.how == "match" or (one.fact.how == "on" and socketioxide):
            event = _handled(one, known, spaces)
        elif one.fact.how == "emit" and _emits(one.fact, emitters, socketioxide=socketioxide):
            event = _emitted(one)
        elif one.fact.how == "namespace" and socketioxide:
            event = _connected(one, known)
        else:
            continue
        found.setdefault(event.id, event)
    return tuple(found.values())


def _emits(fact: SocketFact, emitters: set[tuple[str, int]], *, socketioxide: bool) -> bool:
    if (fact.callee, fact.index) in emitters:
        return True
    return socketioxide and fact.callee in _OWN and fact.index == 0


def _handled(one: PlacedSocket, known: _Known, spaces: "_Namespaces") -> Event:
    fact = one.fact
    return _event(one, fact.name, known, spaces.of(one))


def _connected(one: PlacedSocket, known: _Known) -> Event:
    """`io.ns("/", on_connect)`: the handler of a namespace is asked on each connection; what lets
    clients in comes before it, which is what python-socketio calls so."""
    space = None if one.fact.name == "/" else one.fact.name
    return _event(one, "connect", known, space, one.fact.asks)


def _event(
    one: PlacedSocket, name: str, known: _Known, namespace: str | None, target: str | None = None
) -> Event:
    fact = one.fact
    around = item_key(one.file, fact.function)
    function = _function(target or fact.target, one, known)
    if function is not None:
        key, handler, place = function.key, function.name, function.place
        stub = function.stub
    else:
        key, place, stub = around, Place(one.file, one.chunk, fact.span), None
        handler = "<closure>" if fact.how != "match" else fact.function.rpartition("::")[2]
    return Event(f"{key}#{name}", name, "handled", handler, key, place, namespace, stub)


def _bare(target: str) -> str:
    """The name by which functions are known: the path's last, without what makes it no keyword."""
    return target.rpartition("::")[2].removeprefix("r#")


def _function(target: str | None, one: PlacedSocket, known: _Known) -> Function | None:
    """The function of the crate that a path or a bare name means: that of the same file before
    the only one there is."""
    if target is None:
        return None
    target = target.replace("r#", "")
    around = item_key(one.file, one.fact.function)
    nested = known.by_key.get(f"{around}::{target}")
    if nested is not None:
        return nested
    found = known.named.get(_bare(target), [])
    own = [function for function in found if function.place.file == one.file]
    return own[0] if own else found[0] if len(found) == 1 else None


def _emitted(one: PlacedSocket) -> Event:
    fact = one.fact
    key = item_key(one.file, fact.function)
    place = Place(one.file, one.chunk, fact.span)
    name = fact.function.rpartition("::")[2]
    return Event(f"{key}#emit:{fact.name}", fact.name, "emitted", name, key, place)


class _Namespaces:
    """Which namespace a call stands under: in its closure, or in the function it is given."""

    def __init__(self) -> None:
        self.closures: dict[tuple[str, str], list[SocketFact]] = defaultdict(list)
        self.functions: dict[str, str] = {}

    def of(self, one: PlacedSocket) -> str | None:
        """The namespace, None for the default one."""
        for fact in self.closures.get((one.file, one.fact.function), ()):
            if fact.closure and one.fact.span.start in fact.closure:
                return None if fact.name == "/" else fact.name
        space = self.functions.get(one.fact.function.rpartition("::")[2])
        return None if space == "/" else space


def _namespaces(facts: Iterable[PlacedSocket]) -> _Namespaces:
    spaces = _Namespaces()
    for one in _of_namespaces(facts):
        if one.fact.closure is not None:
            spaces.closures[(one.file, one.fact.function)].append(one.fact)
        elif one.fact.target:
            spaces.functions[one.fact.target.rpartition("::")[2]] = one.fact.name
    return spaces


def _of_namespaces(facts: Iterable[PlacedSocket]) -> Iterator[PlacedSocket]:
    return (one for one in facts if one.fact.how == "namespace")
