"""How a gate's tree ends: whether whoever comes there was really looked at."""

from __future__ import annotations

from port_lsp.python.gates.calls import MAY_CHECK
from port_lsp.python.gates.values import Env, Object, Unfollowed
from port_lsp.types import auth as t


def nodes(tree: t.Tree) -> list[t.Tree]:
    """A tree and all trees inside of it."""
    if isinstance(tree, t.Branch):
        return [tree, *nodes(tree.then), *nodes(tree.other)]
    return [tree, *nodes(tree.then)] if isinstance(tree, t.Through) else [tree]


def knows(tree: t.Tree) -> bool:
    """Whether a tree refuses somebody, or finds out who asks."""
    return any(one.value is not None if isinstance(one, t.Pass) else True for one in nodes(tree))


def claims_in(value: Object) -> t.Claims | None:
    """The claims that an object is made of, each under its own name; None for another object."""
    found: set[t.Claims] = set()
    for name, part in value.parts:
        whole = isinstance(part, t.Part) and part.name == name
        if not whole or not isinstance(part, t.Part) or not isinstance(part.of, t.Claims):
            return None
        found.add(part.of)
    return found.pop() if len(found) == 1 else None


def filled(tree: t.Tree, python: tuple[str, ...]) -> t.Tree:
    """A tree whose holes all have their Python."""
    if isinstance(tree, t.Branch):
        return t.Branch(tree.test, filled(tree.then, python), filled(tree.other, python))
    if isinstance(tree, t.Through):
        return t.Through(tree.gate, filled(tree.then, python))
    if isinstance(tree, t.Hole) and not tree.python:
        return t.Hole(python, tree.refuse, tree.why)
    return tree


def _is_verified(env: Env) -> bool:
    """Whether a token was found good, somebody was looked up, or a secret compared."""
    for test, answer in env.known.items():
        if isinstance(test, t.Missing) and isinstance(test.value, t.Row) and not answer:
            return True
        if isinstance(test, t.Bad) and not answer:
            return True
        if isinstance(test, (t.Same, t.Among, t.Given)) and answer:
            return True
    return False


def unfollowed(env: Env) -> str:
    """A call on the way to where somebody is let in that may be what checks who that is, or may
    refuse for its own reasons; "" where there is none."""
    calls = [one.text for one in env.known if isinstance(one, Unfollowed)]
    speaking = next((text for text in calls if MAY_CHECK.search(text.partition("(")[0])), "")
    return speaking or ("" if _is_verified(env) or not calls else calls[0])
