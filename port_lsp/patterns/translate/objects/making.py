"""`__init__` as the function that makes the struct, and methods without the session that the object
holds: both are Python's statements, said a little otherwise before they are translated.

What `__init__` assigns to `self.name` is a variable of that name, with its dot, which no variable
of Python's has; at its end the variables become the fields.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from copy import deepcopy

from msgspec.structs import replace

from port_lsp.facts.items import Function
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import always_ends, stored, walked
from port_lsp.patterns.translate.bodytext import Body
from port_lsp.patterns.translate.objects.attributes import own_name
from port_lsp.patterns.translate.objects.bases import is_super, with_bases
from port_lsp.patterns.translate.objects.classes import INIT, ObjectClass, objects_at
from port_lsp.patterns.translate.queries.links import is_called_so


class Made(ast.expr):
    """The object that `__init__` has made: no expression of Python's. `parts` are the variables
    that become its fields."""

    _fields = ("parts",)
    parts: list[ast.expr]


class Session(ast.expr):
    """A session that an object is to hold: no expression of Python's."""

    _fields = ()


class Making(Record, frozen=True):
    """What `__init__` makes: the class, the name of its first parameter; `late` are the assignments
    (by identity) of which the value may be made where the struct is."""

    cls: ObjectClass
    own: str
    late: frozenset[int]


def rewritten(
    desk: Desk, cls: ObjectClass, function: Function, own: str, body: Body
) -> tuple[Body, Making | None]:
    """The body of a method, and what it makes where it is `__init__`. `own` is what it calls its
    object."""
    init = function.name == INIT
    nodes, added = list(body.nodes), set[int]()
    if init:
        nodes, added = with_bases(desk, function, own, nodes)
    assigned = {
        one.attr for one in walked(*nodes)
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store) and _is(one.value, own)
    }  # fmt: skip
    unheld = cls.sessions | cls.kinds
    change = _Saying(own, cls, assigned - unheld if init else set[str](), init=init)
    method = desk.backend.method(cls.key, function.name)
    node = functions_at(desk).node(function.key)
    if method is not None and method.way == "class" and node is not None:
        change.kind = node.args.args[0].arg if node.args.args else ""
    made: list[ast.stmt] = []
    extra: set[int] = set()
    for one in nodes:
        made.append(change.visit(deepcopy(one)))
        if id(one) in added:
            extra |= {id(each) for each in walked(made[-1])}
    params = body.params | {one if is_called_so(one) else "db" for one in cls.sessions}
    if init and not always_ends(made):
        end = body.end + 1
        made.append(change.ending(ast.Pass(lineno=end, col_offset=0, end_lineno=end)))
        extra.add(id(made[-1]))
    said = replace(body, nodes=tuple(made), params=params, added=frozenset(extra))
    return said, Making(cls, own, frozenset(_late(made))) if init else None


def is_trivial(cls: ObjectClass, own: str, nodes: Iterable[ast.stmt]) -> bool:
    """Whether `__init__` only keeps sessions, so that there is nothing to make."""
    return not cls.fields and all(_keeps(one, own, cls) for one in nodes)


def holds_nothing(desk: Desk, cls: ObjectClass) -> bool:
    """Whether objects of a class have nothing but their methods, and making one does nothing."""
    if cls.fields or cls.untold:
        return False
    method = objects_at(desk).method(cls, INIT)
    node = functions_at(desk).node(method.callable.key) if method is not None else None
    return method is None or (node is not None and is_trivial(cls, own_name(node), node.body))


def _keeps(node: ast.stmt, own: str, cls: ObjectClass) -> bool:
    if isinstance(node, ast.Pass) or is_super(node):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return (
        isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Name)
        and isinstance(target, ast.Attribute) and _is(target.value, own)
        and target.attr in cls.sessions | cls.kinds
    )  # fmt: skip


def _is(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _late(nodes: Sequence[ast.stmt]) -> Iterable[int]:
    """The assignments whose value nobody asks for before the end, and which is the same then."""
    every = walked(*nodes)
    reads = [one.id for one in every if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    bound = [
        one.id for one in every if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)
    ]
    changes = {name for name in bound if "." not in name}
    for node in nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        target = node.target if isinstance(node, ast.AnnAssign) else target
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if not isinstance(target, ast.Name) or value is None or "." not in target.id:
            continue
        names = {one.id for one in walked(value) if isinstance(one, ast.Name)}
        once = reads.count(target.id) == 1 and bound.count(target.id) == 1
        mixed = names & changes or any("." in one for one in names)
        if once and len(stored(node)) == 1 and not mixed:
            yield id(node)


class _Saying(ast.NodeTransformer):
    """Says a method's statements so that there is no `self` for what the struct doesn't have."""

    def __init__(self, own: str, cls: ObjectClass, names: set[str], *, init: bool) -> None:
        self._own, self._cls, self._names, self._init = own, cls, names, init
        self._parts = [f"{own}.{one.name}" for one in cls.fields]
        self.kind = ""  # what a method of the class calls that

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if self.kind and node.id == self.kind:
            name = self._cls.key.rpartition("::")[2].rpartition(".")[2]
            return ast.copy_location(ast.Name(name, node.ctx), node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if _is(node.value, self._own):
            if node.attr in self._cls.sessions:
                name = node.attr if is_called_so(node.attr) else "db"
                return ast.copy_location(ast.Name(name, node.ctx), node)
            if node.attr in self._names:
                return ast.copy_location(ast.Name(f"{self._own}.{node.attr}", node.ctx), node)
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        if self._is_session(node.targets[0]):
            node.value = ast.copy_location(Session(), node.value)
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        if self._is_session(node.target) and node.value is not None:
            node.value = ast.copy_location(Session(), node.value)
        self.generic_visit(node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        if is_super(node):
            node.value = ast.copy_location(ast.Constant(None), node.value)
        self.generic_visit(node)
        return node

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        if self._init and (node.value is None or ast.unparse(node.value) == "None"):
            return self.ending(node)
        self.generic_visit(node)
        return node

    def ending(self, at: ast.stmt) -> ast.Return:
        """`return` of what was made, where a statement is."""
        made = Made()
        made.parts = [ast.Name(one, ast.Load()) for one in self._parts]
        node = ast.copy_location(ast.Return(made), at)
        for one in (made, *made.parts):
            ast.copy_location(one, node)
        return node

    def _is_session(self, node: ast.expr) -> bool:
        of = node.value if isinstance(node, ast.Attribute) else None
        if not isinstance(node, ast.Attribute) or not _is(of, self._own):
            return False
        return node.attr in self._cls.sessions | self._cls.kinds
