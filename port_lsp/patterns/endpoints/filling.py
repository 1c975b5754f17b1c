"""A handler's body: translated as far as that is surely right, the rest a hole with its Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from port_lsp.facts.items import Endpoint, Parameter
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.answering import answering, is_cut
from port_lsp.patterns.endpoints.clashes import NO_NAMES, Names
from port_lsp.patterns.endpoints.decorated import decorated
from port_lsp.patterns.endpoints.keepers import keepers
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.pythontext import python_body, python_function
from port_lsp.patterns.endpoints.says import GuardWay, Returns
from port_lsp.patterns.translate.aliases import read_from_body
from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.body import Translated, translate
from port_lsp.patterns.translate.bodytext import Body
from port_lsp.patterns.translate.calls import result_of, state_of
from port_lsp.patterns.translate.depended import depended
from port_lsp.patterns.translate.errors import error_type
from port_lsp.patterns.translate.expressions import RULES
from port_lsp.patterns.translate.expressions.appstate import request_of
from port_lsp.patterns.translate.expressions.requestheaders import headers_in
from port_lsp.patterns.translate.functions import Functions
from port_lsp.patterns.translate.mutating import mutable
from port_lsp.patterns.translate.reading import is_read, touching, without_unused
from port_lsp.patterns.translate.replies.asked import Asked, asked
from port_lsp.patterns.translate.replies.background import tasks
from port_lsp.patterns.translate.replies.begun import beginning, changeable
from port_lsp.patterns.translate.replies.kinds import begun
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.shapes import shapes_of
from port_lsp.patterns.translate.values import UntranslatedError, Val
from port_lsp.patterns.translate.websockets.sockets import asked as upgrading
from port_lsp.types.depended import Dependency
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import AnyType, Symbol, Type

_STATES = frozenset(("State", "Data", "Extension"))


class Spans:
    """What became of the bodies that were translated at a desk: for who counts them."""

    def __init__(self, _: Desk) -> None:
        """Of none yet; `by_handler` has them by the item keys of their handlers."""
        self.by_handler: dict[str, Translated] = {}


class Taken(Record, frozen=True):
    """What a handler takes: what Python's parameters are in Rust, all that is read of the request,
    the dependencies that nothing of the crate stands for, each with a line that says so, the
    parameters that get what a guard lets through, and how those of dependencies are called
    (`names`, see `clashes.py`)."""

    given: Mapping[str, Val]
    request: tuple[Parameter, ...] = ()
    left: tuple[tuple[Dependency, str], ...] = ()
    guarded: frozenset[str] = frozenset()
    names: Names = NO_NAMES


def filled_in(
    desk: Desk,
    needs: Needs,
    endpoints: Sequence[Endpoint],
    returns: Returns,
    function: i.Function,
    before: tuple[b.Statement, ...],
    hole: b.Hole,
    taken: Taken,
    state: i.Param | None,
    functions: Functions,
    json: Symbol,
) -> i.Function:
    """A handler with its body. `before` is what it begins with, `hole` the body without any
    translation, `json` what wraps JSON."""
    endpoint = endpoints[0]
    file = desk.snapshot.backend_files.get(endpoint.place.file)
    python = python_body(file, endpoint.place) if file is not None else None
    node = python_function(file, endpoint.place) if file is not None else None
    exact = python is not None and python.is_exact and bool(python.nodes)
    answer, written = None, function.returns
    if python is not None and node is not None and exact:
        own = asked(desk, endpoint.place.file, python, node.args)
        answer, written = answering(desk, endpoints, returns, written, needs, own)
    else:
        own = Asked()
    above = decorated(desk, endpoint.place.file, node, needs) if node is not None else ()
    hole = replace(hole, python=(*above, *hole.python))
    if python is None or answer is None:
        return replace(function, body=b.Block((*before, _plain(hole, taken.left, needs))))
    cut = file is not None and is_cut(file, endpoint.place)
    answer = replace(answer, json=json, is_cut=cut)
    function = replace(function, returns=written)
    errors = error_type(desk, returns)
    scene = Scene(desk, needs, endpoint.place.file, answer, errors, RULES)
    scene.whose = endpoint.key
    if returns.result is not None:
        scene.state = state_of(state)
        scene.result = result_of(returns)
        scene.functions = functions
        scene.returns = function.returns
    if node is not None:
        names = {name for one in python.nodes for name in stored(one)}
        scene.request = request_of(scene, node.args, names)
        scene.headers = headers_in(function.params)
    given = Env(taken.given, hole.unused)
    if scene.request and endpoint.kind == "websocket":
        given = upgrading(given, function.params)
    env, calls, left = _depended(scene, taken, given)
    env = _own(env, taken, python.params, keepers(desk).depended.get(endpoint.id, ()), left)
    front = (*above, *_uncalled(left, needs))
    own_params = read_from_body(node.args) if node is not None else frozenset[str]()
    body = Body(python.nodes, python.lines, python.end, front, python.params, own_params)
    if own.param:
        name = env.free(own.param)
        scene.answer = answer = replace(answer, begun=name)
        env = env.bind(own.param, Val(b.Name(name), begun(desk), True, name), name)
    if own.background:
        env = env.knowing(own.background, tasks())
    made = translate(scene, body, env.keeping(scene.state))
    desk.shares(Spans).by_handler[endpoint.key] = made
    if not calls and made.block == b.Block(
        (b.Hole(made_python(made.block), hole.reason, hole.unused),)
    ):
        return replace(function, body=b.Block((*before, _plain(hole, taken.left, needs))))
    if front and not _says(made.block, front):
        calls.append(b.Gap(front, hole.reason))
    before = (*before, *calls, *(beginning(scene, answer) if own.param else ()))
    block = changeable(b.Block((*before, *made.block.statements), made.block.tail))
    for name in bound(state.pattern) if state is not None else ():
        block = touching(name, block)
    block = b.Block(tuple(without_unused(block.statements, block.tail)), block.tail)
    params = tuple(
        replace(one, pattern=mutable(one.pattern, made.lent))
        for one in _used(function.params, block)
    )
    return replace(function, params=params, body=block)


def made_python(block: b.Block) -> tuple[str, ...]:
    """The Python of a body that is one hole; nothing for another one."""
    only = block.statements[0] if len(block.statements) == 1 else None
    return only.python if isinstance(only, b.Hole) else ()


def _says(block: b.Block, lines: tuple[str, ...]) -> bool:
    """Whether a block begins with what isn't translated, which has these lines already."""
    first = block.statements[0] if block.statements else None
    return isinstance(first, (b.Hole, b.Gap)) and first.python[: len(lines)] == lines


def _own(
    env: Env,
    taken: Taken,
    params: frozenset[str],
    depended: Sequence[Dependency],
    left: Sequence[tuple[Dependency, str]],
) -> Env:
    """The names that the handler has itself: what only its dependencies read of the request has
    none there, and one that is called as a dependency's value isn't that."""
    called = {one.param for one, _ in taken.left} - {one.param for one, _ in left}
    known = taken.guarded | called
    own = params - ({one.param for one in depended} - known)
    return env.without({one.name for one in taken.request} - own - known)


def _plain(hole: b.Hole, left: Sequence[tuple[Dependency, str]], needs: Needs) -> b.Hole:
    """The hole of a body of which nothing is translated."""
    return replace(hole, python=(*_uncalled(left, needs), *hole.python))


def _uncalled(left: Sequence[tuple[Dependency, str]], needs: Needs) -> tuple[str, ...]:
    """The lines of dependencies that aren't called, each of which is a note."""
    for _, line in left:
        needs.note(f"`{line.partition('  #')[0]}` isn't called")
    return tuple(line for _, line in left)


def _depended(
    scene: Scene, taken: Taken, env: Env
) -> tuple[Env, list[b.Statement], list[tuple[Dependency, str]]]:
    """The names with what dependencies give, their calls, and those that aren't translated."""
    calls: list[b.Statement] = []
    left: list[tuple[Dependency, str]] = []
    request = env.names  # whatever a dependency gives a parameter that is called like one of these
    for one, line in taken.left:
        needed, marked = scene.needs.mark(), scene.functions.mark() if scene.functions else None
        try:
            called = taken.names.get((one.name, one.param), {})
            step = depended(scene, one, taken.request, called, Env(request, env.bound))
        except UntranslatedError:
            scene.needs.back(needed)
            if scene.functions is not None and marked is not None:
                scene.functions.back(marked)
            left.append((one, line))
            continue
        given = {name: val for name, val in step.env.names.items() if request.get(name) is not val}
        env = Env({**env.names, **given}, step.env.bound)
        calls += step.statements
    return env, calls, left


def guarded(desk: Desk, endpoint: Endpoint, way: GuardWay) -> dict[str, Val]:
    """What the parameter is in Rust that gets what the guard lets through."""
    depended = keepers(desk).depended.get(endpoint.id, ())
    names = [one.param for one in depended if one.guards and one.param]
    if way.param is None or len(names) != 1:
        return {}
    variables = bound(way.param.pattern)
    kind = way.param.type
    if len(variables) != 1 or not isinstance(kind, Type):
        return {}
    if isinstance(way.param.pattern, b.TuplePattern):
        shape = shapes_of(desk).of(kind)
        field = shape.field("0") if shape is not None else None
        if field is None:
            return {}
        kind = field[1]
    # The row of a table, where the backend may have made another object of it.
    hidden = "FromRow" in (of.traits if (of := shapes_of(desk).of(kind)) is not None else ())
    return {names[0]: Val(b.Name(variables[0]), kind, True, variables[0], hidden=hidden)}


def _used(params: tuple[i.Param, ...], block: b.Block) -> tuple[i.Param, ...]:
    """The parameters of a body without holes: what it doesn't read isn't bound, and the state not
    even taken."""
    found: list[i.Param] = []
    for one in params:
        names = bound(one.pattern)
        read = not names or any(is_read(name, block.statements, block.tail) for name in names)
        if read or not _is_state(one.type):
            found.append(replace(one, pattern=_without(one.pattern, block)))
    return tuple(found)


def _is_state(kind: AnyType | None) -> bool:
    return isinstance(kind, Type) and kind.head.name in _STATES


def _without(pattern: b.Pattern, block: b.Block) -> b.Pattern:
    """A pattern without the names that a body doesn't read."""
    if isinstance(pattern, b.Bind):
        read = is_read(pattern.name, block.statements, block.tail)
        return pattern if read else b.Wild()
    if isinstance(pattern, b.TuplePattern):
        items = tuple(_without(one, block) for one in pattern.items)
        return b.TuplePattern(pattern.symbol, items, pattern.members)
    return pattern
