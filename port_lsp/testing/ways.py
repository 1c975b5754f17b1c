"""Every way through the gates of an endpoint and its handler, and what is answered at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from port_lsp.facts.source import Record
from port_lsp.testing.world import CannotBeError, Content, Seed, World
from port_lsp.types import auth as t


class Way(Record, frozen=True):
    """What must be so that an answer comes. `why` says in a few words what was decided last,
    `gates` are those that were passed, `in_handler` is whether the handler answered."""

    answer: t.Pass | t.Refuse
    why: str
    carried: tuple[tuple[t.Source, Content], ...]
    rows: tuple[Seed, ...]
    gates: tuple[str, ...] = ()
    in_handler: bool = False


_Then = Callable[[t.Pass, World], Iterator[tuple[t.Pass | t.Refuse, World, str]]]
_Found = Iterator[tuple[t.Pass | t.Refuse, World, str]]
_MOST = 200  # ways that are looked at


class Ways:
    """Walks through trees. `gates` are the backend's by their keys."""

    def __init__(self, gates: Mapping[str, t.Gate]) -> None:
        """Of a backend that was read."""
        self._gates = gates

    def through(self, keys: Sequence[str], handler: t.Tree | None, world: World) -> Iterator[Way]:
        """The ways through gates, one behind the other, and then through a handler; without one,
        those that lead to it, and end in a Pass."""

        def next_gate(at: int) -> _Then:
            def then(_: t.Pass, here: World) -> _Found:
                if at < len(keys):
                    yield from self._gate(keys[at], here, next_gate(at + 1))
                elif handler is None:
                    yield t.Pass(), here, ""
                else:
                    for answer, there, why in self._walk(handler, here, "", _end):
                        yield answer, there, why or "as it is meant"

            return then

        for count, (answer, there, why) in enumerate(next_gate(0)(t.Pass(), world)):
            if count > _MOST:
                return
            try:
                carried, rows = there.contents(), there.seeds()
            except CannotBeError:
                continue
            passed = tuple(there.given)
            in_handler = all(key in passed for key in keys)
            yield Way(answer, why, carried, rows, passed, in_handler)

    def _gate(self, key: str, world: World, then: _Then) -> _Found:
        if key in world.given:
            yield from then(t.Pass(world.given[key]), world)
            return
        gate = self._gates.get(key)
        if gate is None:
            return

        def passed(found: t.Pass, here: World) -> _Found:
            after = here.copied()
            try:
                after.given[key] = after.meant(found.value) if found.value is not None else None
            except CannotBeError:
                return
            yield from then(found, after)

        yield from self._walk(gate.tree, world, "", passed)

    def _walk(self, tree: t.Tree, world: World, why: str, then: _Then) -> _Found:
        if isinstance(tree, t.Refuse):
            yield tree, world, why
        elif isinstance(tree, t.Pass):
            for answer, there, later in then(tree, world):
                yield answer, there, later or why
        elif isinstance(tree, t.Through):
            inner = tree.then
            yield from self._gate(
                tree.gate, world, lambda _, here: self._walk(inner, here, "", then)
            )
        elif isinstance(tree, t.Branch):
            for answer, branch in ((True, tree.then), (False, tree.other)):
                here = world.copied()
                try:
                    said = _assume(tree.test, here, answer=answer)
                except CannotBeError:
                    continue
                yield from self._walk(branch, here, said or why, then)


def _end(found: t.Pass, world: World) -> _Found:
    yield found, world, ""


def _assume(test: t.Test, world: World, *, answer: bool) -> str:
    """Lets a test be answered so; what that means in a few words, "" where it goes without saying.
    Raises CannotBeError."""
    if isinstance(test, t.Missing):
        value = world.meant(test.value)
        world.exists(value, there=not answer)
        return _without(value) if answer else ""
    if isinstance(test, t.Bad):
        claims = test.claims
        if not answer:
            if not test.expired:
                world.token(claims, bad=False, expired=False)
            return ""
        world.token(claims, bad=True, expired=test.expired)
        return "with an expired token" if test.expired else "with a bad token"
    if isinstance(test, t.Flag):
        value = world.meant(test.value)
        if isinstance(value, t.Setting):
            if bool(world.sure(value)) is not answer:
                raise CannotBeError
            return ""
        world.become(value, answer)
        return f"{'as' if answer else 'not'} {_name(value)}"
    if isinstance(test, t.Among):
        value = world.meant(test.value)
        if answer:
            world.become(value, test.of[0])
            return f"with {_name(value)} {test.of[0]}"
        world.other_than(value, test.of)
        return f"with another {_name(value)}"
    if isinstance(test, t.Same):
        return _same(world.meant(test.one), world.meant(test.other), world, answer=answer)
    if isinstance(test, t.Begins) and isinstance(value := world.meant(test.value), t.Carried):
        if answer:
            world.become(value, f"{test.prefix}something")
            return f"with {test.prefix}"
        if world.carried.get(value, "").startswith(test.prefix):  # pyright: ignore[reportOptionalMemberAccess] (of nothing it isn't asked)
            raise CannotBeError
        return ""
    if isinstance(test, t.Holds):
        value = world.meant(test.value)
        world.become(value, [test.text] if answer else [])
        return f"with{'' if answer else 'out'} {test.text}"
    raise CannotBeError


def _same(one: t.Value, other: t.Value, world: World, *, answer: bool) -> str:
    for value, setting in ((one, other), (other, one)):
        if isinstance(value, t.Carried) and isinstance(setting, t.Setting):
            if answer:
                world.equal(value, setting)
                return ""
            world.other_than(value, ())
            return f"with another {_name(value)}"
    if answer:
        world.become(one, world.sure(other))
        return ""
    world.other_than(one, (world.sure(other),))
    return f"with another {_name(one)}"


def _without(value: t.Value) -> str:
    if isinstance(value, t.Carried):
        return "without credentials"
    if isinstance(value, t.Row):
        for _, one in value.where:
            if isinstance(one, t.Carried) and one.sources[0].place == "path":
                return f"without that {_last(value.model)}"
        return f"of an unknown {_last(value.model)}"
    return f"without {_name(value)}"


def _name(value: t.Value) -> str:
    if isinstance(value, t.Part):
        return value.name
    if isinstance(value, t.Carried):
        return value.sources[0].name or "token"
    return _name(value.of) if isinstance(value, t.Lower) else "value"


def _last(model: str) -> str:
    return model.rpartition("::")[2].lower()
