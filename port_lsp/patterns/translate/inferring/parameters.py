"""Of which type a parameter is that doesn't say so: of its default's, of what everybody gives it,
or of what it must be by its use.

What a body or a caller contradicts has no type here: a parameter that some give a text and others
None may be either, one that is given a text and a number is of no type.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from port_lsp.patterns.translate.inferring.bodies import Typing
from port_lsp.patterns.translate.inferring.kinds import REQUEST, said, together
from port_lsp.types import meanings as m
from port_lsp.types.wire import STR, Wire

_PLAIN = ("str", "int", "bool", "ref", "map", "list", "datetime", "uuid")
_TEXTS = frozenset((
    "startswith", "endswith", "split", "rsplit", "partition", "rpartition", "strip", "lstrip",
    "rstrip", "removeprefix", "removesuffix",
))  # fmt: skip


_CODECS = ("utf-8", "utf8", "ascii", "latin-1")
_OF_JSON = frozenset(
    name for kind in (str, list, dict) for name in dir(kind) if not name.startswith("_")
)


def by_use(body: Typing, name: str) -> Wire | None:
    """The type that a parameter must be of, by what a body does with it; None where it might be
    of another."""
    uses, parents = body.text.named.get(name, []), body.text.parents
    if any(not isinstance(one.ctx, ast.Load) for one in uses):
        return None
    if any(_is_state(one, parents) for one in uses):
        return REQUEST
    if any(_is_tested(one, parents) for one in uses):
        return None
    found = [kind for one in uses for kind in _needed(body, one, parents)]
    kind = together(found) if found else None
    return kind if kind is not None and kind.kind in _PLAIN else None


def _is_state(node: ast.expr, parents: dict[int, ast.AST]) -> bool:
    """Whether `.app.state` of it is asked, which only a request has."""
    for word in ("app", "state"):
        up = parents.get(id(node))
        if not isinstance(up, ast.Attribute) or up.attr != word:
            return False
        node = up
    return True


def _is_tested(node: ast.expr, parents: dict[int, ast.AST]) -> bool:
    """Whether somebody asks what it is, so that it may be None, or of several types."""
    up = parents.get(id(node))
    if isinstance(up, (ast.If, ast.IfExp, ast.While, ast.Assert)):
        return up.test is node
    if isinstance(up, (ast.BoolOp, ast.comprehension)):
        return True
    if isinstance(up, ast.UnaryOp):
        return isinstance(up.op, ast.Not)
    if isinstance(up, ast.Compare):
        return any(isinstance(one, (ast.Is, ast.IsNot)) for one in up.ops)
    if isinstance(up, ast.Call) and isinstance(up.func, ast.Name):
        return up.func.id in ("isinstance", "callable", "type", "hasattr", "bool")
    return False


def _needed(body: Typing, node: ast.expr, parents: dict[int, ast.AST]) -> Iterator[Wire]:
    """What a use says of it."""
    up = parents.get(id(node))
    above = parents.get(id(up)) if up is not None else None
    if isinstance(up, ast.Attribute) and isinstance(above, ast.Call) and above.func is up:
        first = above.args[0] if above.args else None
        text = isinstance(first, ast.Constant) and isinstance(first.value, str)
        coded = isinstance(first, ast.Constant) and first.value in _CODECS
        if (up.attr in _TEXTS and text) or (up.attr == "encode" and (not above.args or coded)):
            yield STR
    to = _hands_on(body, node, parents)
    if to is not None and said(to[1].wire) is not None and to[1].wire.kind in _PLAIN:
        yield to[1].wire


def _handed_to(
    body: Typing, call: ast.Call, word: str, at: int
) -> tuple[m.Callable, m.Given] | None:
    """The function of the backend, and its parameter, that an argument is for: the one with a
    name, or at a place."""
    meaning = body.meaning(call.func)
    if not isinstance(meaning, m.Callable):
        return None
    if any(isinstance(one, ast.Starred) for one in call.args):
        return None
    params = body.of.typed(meaning).params
    places = [one for one in params if not one.keyword and not one.star]
    named = [one for one in params if one.name == word and not one.star]
    found = named if word else places[at : at + 1]
    return (meaning, found[0]) if found else None


def _hands_on(
    body: Typing, node: ast.expr, parents: dict[int, ast.AST]
) -> tuple[m.Callable, m.Given] | None:
    """What a use hands it to."""
    up = parents.get(id(node))
    above = parents.get(id(up)) if up is not None else None
    if isinstance(up, ast.keyword) and isinstance(above, ast.Call) and up.arg is not None:
        return _handed_to(body, above, up.arg, -1)
    if isinstance(up, ast.Call) and node in up.args:
        return _handed_to(body, up, "", up.args.index(node))
    return None


def asks_state_only(
    body: Typing, name: str, also: Callable[[tuple[m.Callable, m.Given]], bool]
) -> bool:
    """Whether a body comes by a parameter to the application's state, and to nothing else of it;
    `also` says it of a function that it is handed on to."""
    parents = body.text.parents
    for one in body.text.named.get(name, ()):
        if not isinstance(one.ctx, ast.Load):
            return False
        if _is_state(one, parents):
            continue
        to = _hands_on(body, one, parents)
        if to is None or not also(to):
            return False
    return True


def may_be_json(body: Typing, name: str) -> bool:
    """Whether nothing is done with a parameter that JSON can't do: it isn't called or waited for,
    and nothing is asked of it but the methods of texts, lists and dicts; nor of what a loop gives
    of it."""
    names, parents = [name], body.text.parents
    for known in names:  # which grows
        for one in body.text.named.get(known, ()):
            if not isinstance(one.ctx, ast.Load):
                continue
            if not _is_of_json(body, one, parents):
                return False
            up = parents.get(id(one))
            target = None
            if isinstance(up, (ast.For, ast.comprehension)) and up.iter is one:
                target = up.target
            elif isinstance(up, ast.Assign) and len(up.targets) == 1:
                target = up.targets[0]
            if isinstance(target, ast.Name) and target.id not in names:
                names.append(target.id)
    return True


def _is_of_json(body: Typing, node: ast.Name, parents: dict[int, ast.AST]) -> bool:
    """Whether what is done with a name there may be done with JSON."""
    up = parents.get(id(node))
    above = parents.get(id(up)) if up is not None else None
    if isinstance(up, ast.Attribute):
        asked = isinstance(above, ast.Call) and above.func is up
        return asked and up.attr in _OF_JSON
    called = isinstance(up, ast.Call) and up.func is node
    if called or isinstance(up, (ast.Await, ast.withitem, ast.AsyncFor)):
        return False
    to = _hands_on(body, node, parents)
    return to is None or to[1].wire.kind not in ("ref", "unknown", "bytes")
