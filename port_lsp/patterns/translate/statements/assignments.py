"""`name = value`: a `let`, which shadows what the name was before."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.ownership import owned
from port_lsp.patterns.translate.queries.builders import Building, added, begun
from port_lsp.patterns.translate.queries.chains import builder_of
from port_lsp.patterns.translate.queries.held import expanded_call, held
from port_lsp.patterns.translate.queries.links import Link
from port_lsp.patterns.translate.queries.plans import plan_of, step_of, waits_for_the_end
from port_lsp.patterns.translate.queries.selects import select_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.changes import put
from port_lsp.patterns.translate.statements.runs import is_read
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.statements.witnesses import put_in
from port_lsp.patterns.translate.values import (
    EMPTY,
    STR,
    Held,
    UntranslatedError,
    Val,
    is_none,
    known,
)
from port_lsp.patterns.translate.values import without_reference as bare
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT


def annotated(blocks: Blocks, node: ast.AnnAssign, env: Env, _: bool) -> Step:
    """`name: T = value`."""
    if node.value is None:
        return Step((), env)
    return _bound(blocks, node, node.target, node.value, env)


def kept(blocks: Blocks, node: ast.Assign | ast.AnnAssign, env: Env, _: bool) -> Step:
    """`name = query`: nothing, until the query is run."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    one = isinstance(node, ast.AnnAssign) or len(node.targets) == 1
    if not one or not isinstance(target, ast.Name) or target.id in blocks.blocked:
        raise UntranslatedError("an assignment")
    building = env.names.get(target.id)
    if isinstance(building, Building):
        return _stepped(blocks, node, target.id, building, env)
    found = held(blocks.scene, node.value, env) if node.value is not None else None
    if found is None:
        raise UntranslatedError("an assignment")
    return _begun(blocks, node, target.id, found, env) or Step((), env.knowing(target.id, found))


def _stepped(blocks: Blocks, node: ast.stmt, name: str, building: Building, env: Env) -> Step:
    """`query = query.filter(…)` of a query whose steps are pushed where they stand."""
    links = step_of(node, name)
    if links is None:
        raise UntranslatedError("a query that is assigned elsewhere")
    straight = id(node) in building.plan.straight
    scene = blocks.scene
    links = [Link(one.name, expanded_call(scene, one.call, env)) for one in links]
    made, statements = added(scene, building, links, env, line=node.lineno, straight=straight)
    after = env if made is building else env.knowing(name, made)
    return Step(tuple(statements), after)


def _begun(blocks: Blocks, node: ast.stmt, name: str, found: Held, env: Env) -> Step | None:
    """`query = …` where steps that follow stand under conditions; None where none does."""
    scene = blocks.scene
    of = builder_of(scene, found.node, env)
    if of is None:
        return None
    word, call, links = of
    behind: list[ast.stmt] = []
    following = blocks.behind(node)
    while following is not None:
        behind.append(following)
        following = blocks.behind(following)
    plan = plan_of(name, links, behind)
    if plan is None:
        return None
    if word not in ("query", "select") or id(node) in blocks.unbuilt:
        raise UntranslatedError("a query whose steps aren't known")
    later = [one for one in links if waits_for_the_end(one, plan)]
    select = select_of(scene, call, [one for one in links if one not in later], env)
    building, statements, after = begun(name, select, plan, env, legacy=word == "query")
    blocks.built[id(node)] = building
    building, more = added(scene, building, later, env, line=node.lineno, straight=True)
    statements += more
    return Step(tuple(statements), after.knowing(name, building))


def assigned(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`name = value`."""
    if len(node.targets) != 1:
        raise UntranslatedError("an assignment to several names")
    return _bound(blocks, node, node.targets[0], node.value, env)


def _bound(blocks: Blocks, node: ast.stmt, target: ast.expr, value: ast.expr, env: Env) -> Step:
    if not isinstance(target, ast.Name):
        kind = "an attribute" if isinstance(target, ast.Attribute) else "a part"
        if isinstance(target, ast.Tuple):
            kind = "several names"
        raise UntranslatedError(f"an assignment to {kind}")
    blocks.scene.claiming = isinstance(value, ast.Dict) and target.id in blocks.scene.claims
    return _given(blocks, node, target, value, blocks.scene.value(value, env), env)


def bound(blocks: Blocks, node: ast.Assign, val: Val, env: Env) -> Step:
    """`name = value` of a value that is known already."""
    target = node.targets[0]
    if len(node.targets) != 1 or not isinstance(target, ast.Name):
        raise UntranslatedError("an assignment to several names")
    return _given(blocks, node, target, node.value, val, env)


def _given(
    blocks: Blocks, node: ast.stmt, target: ast.Name, value: ast.expr, val: Val, env: Env
) -> Step:
    if (inside := put_in(blocks.scene, target.id, val, env)) is not None:
        return inside
    changed = put(blocks, node, target.id, val, env) if val.member is None else None
    if changed is not None:
        rust = changed.env.names[target.id].root
        blocks.scene.fresh.pop(rust, None)
        blocks.scene.kept.discard(rust)
        return changed
    if target.id in blocks.blocked:
        if target.id not in blocks.shared and val.member is None:
            blocks.scene.variables.wants(target.id)
        raise UntranslatedError("an assignment that is read elsewhere")
    if val.type == EMPTY:
        variables = blocks.scene.variables
        if variables.is_final or target.id in variables.shared:
            raise UntranslatedError("a list that is filled")
        variables.is_tentative = True  # until it is learned what it is filled with
    if is_none(val) or val.member is not None:
        # Nothing is written: of what it may be None isn't known yet, nor as what a member is asked.
        return Step((), env.knowing(target.id, val))
    if val.type == UNIT:  # what a function gives that gives nothing
        return Step((b.Do(val.expr),), env.knowing(target.id, known(None)))
    rust = env.free(target.id)
    _remember(blocks.scene, rust, value, val, env)
    if val.type == STR:
        made, kind = val.expr, STR
    else:
        made, kind = owned(blocks.scene, val), bare(val.type)
    found = Val(b.Name(rust), kind, place=True, root=rust)
    return Step((b.Let(b.Bind(rust), made),), env.bind(target.id, found, rust))


def _remember(scene: Scene, rust: str, value: ast.expr, val: Val, env: Env) -> None:
    """Notes a variable that holds a new row, by the item key of its table, or one that was read,
    or no such any more."""
    scene.fresh.pop(rust, None)
    scene.kept.discard(rust)
    (scene.read.add if is_read(scene, value, env) else scene.read.discard)(rust)
    meaning = scene.meaning(value.func, env) if isinstance(value, ast.Call) else None
    if isinstance(meaning, m.Kind) and isinstance(val.expr, b.StructLiteral):
        scene.fresh[rust] = meaning.key
