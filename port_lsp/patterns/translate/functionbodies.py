"""The bodies of the backend's own functions that ported code calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.pythontext import python_body
from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.body import Translated, translate
from port_lsp.patterns.translate.bodytext import Body
from port_lsp.patterns.translate.calls import OPAQUE, SELF, Opened, Taken, around
from port_lsp.patterns.translate.expressions import RULES
from port_lsp.patterns.translate.flattened import flattened
from port_lsp.patterns.translate.functions import Functions
from port_lsp.patterns.translate.homes import Homes
from port_lsp.patterns.translate.mutating import mutable
from port_lsp.patterns.translate.objects.attributes import own_name
from port_lsp.patterns.translate.objects.classes import objects_at
from port_lsp.patterns.translate.objects.making import rewritten
from port_lsp.patterns.translate.queries.generated import is_stored_row
from port_lsp.patterns.translate.queries.tables import table_named
from port_lsp.patterns.translate.reading import holes, is_read, touching
from port_lsp.patterns.translate.replies import begun
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import VALUE, Val, inside
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import Reference

_UNNAMED = frozenset(("self", "cls"))


class FunctionSpans:
    """What became of the functions that were translated at a desk: for who counts them."""

    def __init__(self, _: Desk) -> None:
        """Of none yet; `by_function` has them by their item keys."""
        self.by_function: dict[str, Translated] = {}


def fill(
    desk: Desk, functions: Functions, needs_of: Callable[[str, str], Needs]
) -> Iterator[Needs]:
    """Translates the bodies of functions that are written, and of those that these call, in place;
    gives what each needs. `needs_of` takes a file of the crate and the function's item key."""
    while left := [key for key in functions.opened if key not in functions.filled]:
        for key in left:
            functions.filled.add(key)
            piece = functions.pieces[key]
            needs = needs_of(piece.file, key)
            (item,) = piece.items
            assert isinstance(item, i.Function)
            made = _filled(desk, functions, functions.opened[key], item, needs)
            functions.pieces[key] = replace(functions.pieces[key], items=(made,))
            yield needs


def tried(desk: Desk, functions: Functions, key: str, needs: Needs) -> Translated | None:
    """What becomes of a function (item key) that is called and the crate hasn't got, of which
    nothing is kept; None where it is a hole as a whole."""
    (item,) = functions.pieces[key].items
    assert isinstance(item, i.Function)
    _filled(desk, functions, functions.opened[key], item, needs)
    return desk.shares(FunctionSpans).by_function.pop(key, None)


def _filled(
    desk: Desk, functions: Functions, opened: Opened, item: i.Function, needs: Needs
) -> i.Function:
    backend_file = opened.function.place.file
    file = desk.snapshot.backend_files.get(backend_file)
    python = python_body(file, opened.function.place) if file is not None else None
    if python is None or not python.is_exact or not python.nodes:
        return item
    called = opened.called
    answer = Answer(called.gives, fails=not called.plain, plain=True)
    errors = None if called.plain else opened.errors
    scene = Scene(desk, needs, backend_file, answer, errors, RULES)
    scene.functions, scene.inside = functions, opened.function.key
    scene.whose = opened.function.key
    state = opened.state if not called.plain else None
    if called.home is not None:
        spot = desk.shares(Homes).spot(called.home, opened.function.key, opened.errors)
        state, scene.state = called.home.state, spot.state
        scene.errors, scene.result = spot.errors, spot.result
        scene.returns = around(called.home.result, called.gives)
    elif state is not None and opened.result is not None:
        scene.state, scene.result = replace(state, borrowed=True), opened.result
        scene.returns = around(opened.result, called.gives)
    instances = opened.function.instances
    if opened.function.owner is not None and instances and "self" in python.params:
        scene.myself = ("self", instances[0], opened.function.key.partition("::")[0])
    names: dict[str, Val] = {}
    untold: set[str] = set()
    scene.stored = frozenset(
        snake(one.name) for one in called.params if is_stored_row(scene, one.wire)
    )
    for one in called.params:
        rust = snake(one.name)
        untold.update({rust} if _is_no_json(one) else ())
        names[one.name] = Val(b.Name(rust), one.type, True, rust)
        if one.wire.kind == "ref" and table_named(scene, one.wire.name) is not None:
            scene.tables[one.value] = one.wire.name
    own = (state.name,) if state is not None and state.name != SELF else ()
    touched = (*own, *(val.root for val in names.values()))
    known = {name: val for name, val in names.items() if val.root not in untold}
    stands = {name for one in python.nodes for name in stored(one)}
    scene.request = called.request if called.request not in stands else ""
    body = Body(python.nodes, python.lines, python.end, (), python.params - _UNNAMED)
    cls = objects_at(desk).owner(opened.function) if called.of is not None else None
    node = functions_at(desk).node(opened.function.key)
    if cls is not None and node is not None:
        own_object = own_name(node)
        if called.takes:
            kind = Reference(cls.type, mutable=called.takes == "&mut ")
            known[own_object] = Val(b.Name("self"), kind, True, "self")
        scene.own = (own_object, cls.key)
        body, scene.making = rewritten(desk, cls, opened.function, own_object, body)
    body = flattened(scene, body, known)
    made = translate(scene, body, Env(known, touched).keeping(scene.state))
    if called.plain and any(isinstance(one, b.Gap) for one in holes(made.block)):
        return item  # a gap waits, which only an async function can
    desk.shares(FunctionSpans).by_function[opened.function.key] = made
    block = begun.changeable(made.block)
    if block.tail == b.TupleOf():  # of a plain function that gives nothing
        block = replace(block, tail=None)
    for name in own:
        block = touching(name, block)
    params = tuple(_read(one, block, made.lent) for one in item.params)
    return replace(item, params=params, body=block)


def _is_no_json(param: Taken) -> bool:
    """Whether a parameter stands as JSON for what is none: an object of another package's class."""
    wire, kind = param.wire, param.value
    while wire.kind in ("optional", "list") and wire.args:
        wire, kind = wire.args[0], inside(kind, "Option", "Vec") or kind
    return wire == OPAQUE or (wire.kind in ("ref", "unknown") and kind == VALUE)


def _read(param: i.Param, block: b.Block, lent: frozenset[str]) -> i.Param:
    """A parameter with an underscore before its name where nobody reads it; `mut` where it is
    lent to be changed."""
    names = bound(param.pattern)
    if param.type is None:
        return param  # the method's own object
    if lent.intersection(names):
        return replace(param, pattern=mutable(param.pattern, lent))
    if len(names) != 1 or is_read(names[0], block.statements, block.tail):
        return param
    return replace(param, pattern=b.Bind(f"_{names[0]}"))
