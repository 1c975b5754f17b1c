"""Which names a function may still read behind each of its statements, before they are bound anew.

Backwards over Python's syntax tree: loops until nothing is added, and whatever the `except`s and
the `finally` of a `try` read may be read behind any statement of its body. What functions inside of
a function, lambdas and generators read may be read at any time.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from port_lsp.patterns.translate.binding import stored, walked

_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)
Names = frozenset[str]
_NONE: Names = frozenset()


class Around:
    """Where one goes from inside of a block but at its end: the names that are read where an error
    is caught, where a `return` goes, behind `break` and `continue`."""

    __slots__ = ("broken", "continued", "failed", "returned")

    def __init__(
        self,
        failed: Names = _NONE,
        returned: Names = _NONE,
        broken: Names = _NONE,
        continued: Names = _NONE,
    ) -> None:
        """Nothing is read anywhere, by default."""
        self.failed, self.returned = failed, returned
        self.broken, self.continued = broken, continued


class Liveness:
    """For the statements of one function; `after` and `before` by their identity."""

    def __init__(self, nodes: Sequence[ast.stmt], inside: Iterable[ast.AST]) -> None:
        """Of a function's body; `inside` are all nodes that are in it."""
        self.after: dict[int, Names] = {}
        self.before: dict[int, Names] = {}
        self._always = _read([one for one in inside if isinstance(one, _LATER)])
        self._block(nodes, self._always, Around())

    def _block(self, nodes: Sequence[ast.stmt], out: Names, around: Around) -> Names:
        """The names that are read from the begin of a block on; `out` are those behind it."""
        for node in reversed(nodes):
            self.after[id(node)] = out | around.failed
            out = self._statement(node, out, around) | around.failed | self._always
            self.before[id(node)] = out
        return out

    def _statement(self, node: ast.stmt, out: Names, around: Around) -> Names:
        if isinstance(node, (ast.Return, ast.Raise)):
            out = around.returned if isinstance(node, ast.Return) else _NONE
            return out | around.returned | _read(ast.iter_child_nodes(node))
        if isinstance(node, ast.Break):
            return around.broken
        if isinstance(node, ast.Continue):
            return around.continued
        if isinstance(node, ast.If):
            then, other = (self._block(one, out, around) for one in (node.body, node.orelse))
            return then | other | _read((node.test,))
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return self._loop(node, out, around)
        if isinstance(node, ast.Try):
            return self._try(node, out, around)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            targets = [one.optional_vars for one in node.items if one.optional_vars is not None]
            inner = self._block(node.body, out, around) - _bound(targets)
            return inner | _read(node.items)
        if isinstance(node, ast.Match):
            cases = [self._block(one.body, out, around) for one in node.cases]
            return out.union(*cases) | _read((node.subject, *node.cases))
        if isinstance(node, ast.AugAssign):
            out |= _bound((node.target,))
        return (out - _kills(node)) | _read((node,))

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, out: Names, around: Around) -> Names:
        final = self._block(node.orelse, out, around)
        head, target = final, _NONE
        if isinstance(node, ast.While):
            head |= _read((node.test,))
        else:
            target = _bound((node.target,))
            head |= _read((node.target,))
        while True:
            inside = Around(around.failed, around.returned, out, head)
            found = head | (self._block(node.body, head, inside) - target)
            if found == head:
                break
            head = found
        return head | (_NONE if isinstance(node, ast.While) else _read((node.iter,)))

    def _try(self, node: ast.Try, out: Names, around: Around) -> Names:
        final = self._block(node.finalbody, out, around)
        read = self._block(node.finalbody, out | around.returned | around.failed, around)
        if not node.finalbody:
            read = _NONE
        inner = Around(
            around.failed | read, around.returned | read, around.broken | read,
            around.continued | read,
        )  # fmt: skip
        caught = read
        for one in node.handlers:
            names = frozenset((one.name,)) if one.name is not None else _NONE
            caught |= self._block(one.body, final, inner) - names
            caught |= _read((one.type,)) if one.type is not None else _NONE
        rest = self._block(node.orelse, final, inner)
        failing = Around(inner.failed | caught, inner.returned, inner.broken, inner.continued)
        return self._block(node.body, rest, failing)


def _read(nodes: Iterable[ast.AST]) -> Names:
    """The names that something reads or deletes."""
    return frozenset(
        one.id for one in walked(*nodes)
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Store)
    )  # fmt: skip


def _bound(nodes: Iterable[ast.AST]) -> Names:
    """The names that targets bind."""
    return frozenset(
        one.id for one in walked(*nodes)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    )  # fmt: skip


def _kills(node: ast.stmt) -> Names:
    """The names that a simple statement binds in any case, so that what they were is gone."""
    if isinstance(node, ast.Assign):
        return _bound(node.targets)
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return _bound((node.target,))
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return frozenset(stored(node))
    return _NONE
