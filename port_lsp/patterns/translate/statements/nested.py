"""A function that is defined inside of the body: a function of its own beside the one around it,
which gets what it reads of that at each call.

What isn't translated of it is a hole there. One that nothing translated calls stays where it is:
who fills the holes that call it needs its text.
"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from port_lsp.patterns.translate.appstate.lending import changed_names
from port_lsp.patterns.translate.calls import JSON, handed, held_type, is_session, is_unsaid
from port_lsp.patterns.translate.inferring.inferred import Inferred
from port_lsp.patterns.translate.inferring.kinds import is_request
from port_lsp.patterns.translate.nested import Nested, NestedFunctions
from port_lsp.patterns.translate.scene import Env, Scene, Span
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.unsaid import wire_of
from port_lsp.patterns.translate.values import (
    OBJECT,
    QUERY,
    VALUE,
    Hidden,
    NestedName,
    UntranslatedError,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.types import wire as w
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType

_JSON: dict[AnyType, Wire] = {VALUE: JSON, OBJECT: w.OBJECT}
_REASON = "a function in a function"


def lifted(blocks: Blocks, node: ast.FunctionDef | ast.AsyncFunctionDef, env: Env, _: bool) -> Step:
    """The name of one. Raises UntranslatedError."""
    scene = blocks.scene
    # It is translated as a body by itself, by what comes here.
    from port_lsp.patterns.translate.functionbodies import tried

    functions = scene.functions
    if functions is None or scene.streams or id(node) in blocks.unbuilt:
        raise UntranslatedError(_REASON)
    found = scene.desk.shares(NestedFunctions).of(scene.backend_file, scene.whose, node)
    if set(found.captured) & changed_names(tuple(node.body)):
        raise UntranslatedError(_REASON)
    meaning = _typed(scene, found, env)
    needed, called = scene.needs.mark(), functions.mark()
    spans: tuple[Span, ...] | None = ()
    try:
        made = functions.called(meaning, scene)
        if meaning.key in functions.pieces:
            done = tried(scene.desk, functions, meaning.key, scene.needs)
            spans = done.spans if done is not None else None
    finally:
        scene.needs.back(needed)
        functions.back(called)
    if spans is None or made.home is not None or made.of is not None:
        raise UntranslatedError(_REASON)
    blocks.lifted[id(node)] = made.symbol
    blocks.note(node, spans)
    name = NestedName(b.TupleOf(), QUERY, of=meaning, captured=found.captured)
    return Step((), env.knowing(node.name, name))


def _typed(scene: Scene, found: Nested, env: Env) -> m.Callable:
    """It with what it takes from around it as parameters, and with all types."""
    own = tuple(
        m.Given(name, _wire(scene, found, name, env), keyword=True) for name in found.captured
    )
    meaning = replace(found.meaning, params=(*found.meaning.params, *own))
    if any(
        is_unsaid(one.wire) and not is_session(one.name, one.wire) and not is_request(one.wire)
        for one in meaning.params
    ):
        raise UntranslatedError(_REASON)
    returns = meaning.returns or scene.desk.shares(Inferred).given_by(meaning)
    if returns is None:
        raise UntranslatedError(_REASON)
    return replace(meaning, returns=returns)


def _wire(scene: Scene, found: Nested, name: str, env: Env) -> Wire:
    """The type of what it takes from around it; nothing of that is moved from (`liveness.py`)."""
    val = env.names.get(name)
    said = dict(found.said).get(name)
    if val is None and said is not None and (is_request(said) or is_session(name, said)):
        return said
    if val is None or isinstance(val, Hidden) or val.wrapped or val.hidden or val.mutable:
        raise UntranslatedError(_REASON)
    kind = without_reference(val.type)
    wire = _JSON.get(kind) or wire_of(scene, val)
    if wire is None:
        raise UntranslatedError(_REASON)
    held = held_type(wire, scene.needs)
    if wire != w.STR and kind != held and val.type != handed(held):
        raise UntranslatedError(_REASON)
    return wire
