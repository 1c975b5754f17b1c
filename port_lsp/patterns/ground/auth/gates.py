"""The items of the auth module, and what its templates are told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from port_lsp.patterns.ground.auth.callers import (
    Caller,
    caller_items,
    callers_of,
    lookup_name,
    statements_of,
)
from port_lsp.patterns.ground.auth.names import extractor_names
from port_lsp.patterns.ground.auth.passes import passes_of, told
from port_lsp.patterns.ground.auth.trees import Trees
from port_lsp.patterns.ground.auth.values import NotWrittenError, Passes, Scene
from port_lsp.types import auth as t
from port_lsp.types.schema import ModelSchema
from port_lsp.types.settings import Setting
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, named, symbol
from port_lsp.writing.printer import print_items

_UNREAD = t.Refuse(401, '"Not authenticated"')


def auth_values(
    auth: t.Auth,
    settings: Sequence[Setting],
    fields: Mapping[str, str],
    schemas: Sequence[ModelSchema],
) -> dict[str, object]:
    """What templates are told of the backend's gates. `fields` are the config's fields by their
    variables, `schemas` the models that are looked up, and their enums."""
    gates = [replace(gate, tree=told(gate.tree)) for gate in auth.gates]
    known = {one.key: one for one in schemas}
    values = list(dict.fromkeys(value for gate in gates for value in t.values_in(gate.tree)))
    rows = [one for one in values if isinstance(one, t.Row) and one.model in known]
    passes: dict[str, Passes] = {}
    for gate in gates:
        passes[gate.key] = passes_of(gate, passes)
    callers = callers_of(known, rows, _looked_at(values, passes))
    rows = [
        row for row in rows
        if all(callers[row.model].column(name) is not None for name, _ in row.where)
    ]  # fmt: skip
    declared = {one.env: one for one in settings}
    scene = Scene(fields, declared, callers, passes)
    names = extractor_names(gates)
    items: list[i.Item] = []
    for gate in gates:
        items += _extractor(gate, scene, names)
    text = print_items(items, lambda one: "::".join(one.path))
    users = print_items(caller_items(callers, rows), lambda one: "::".join(one.path))
    return {
        "has_auth": True,
        "auth_items": text,
        "auth_users": users if callers else "",
        "auth_statements": statements_of(callers, rows),
        "auth_lookups": _imported(text, callers, rows),
        "auth_tokens": any(isinstance(one, t.Claims) for one in values),
        "auth_uses": {
            one: re.search(rf"\b{one}\b", text) is not None for one in ("Bad", "Claims", "Rules")
        },
        "auth_names": {
            one: one in text
            for one in ("Algorithm::", "same(", "status(", "json!(", "asked.")
        },
    }  # fmt: skip


def _imported(text: str, callers: Mapping[str, Caller], rows: Sequence[t.Row]) -> list[str]:
    """What is used of the lookups' module, in rustfmt's order: functions before types."""
    lookups = {lookup_name(callers[row.model], row) for row in rows}
    every = lookups | {one.name for one in callers.values()}
    return sorted(
        (one for one in every if re.search(rf"\b{one}\b", text)),
        key=lambda one: (one[0].isupper(), one),
    )


def _looked_at(values: Sequence[t.Value], passes: Mapping[str, Passes]) -> dict[str, set[str]]:
    """The fields of models that gates look at."""
    found: dict[str, set[str]] = {}
    for one in values:
        if isinstance(one, t.Row):
            found.setdefault(one.model, set()).update(name for name, _ in one.where)
        if isinstance(one, t.Part) and isinstance(one.of, (t.Row, t.Given)):
            model = one.of.model if isinstance(one.of, t.Row) else passes[one.of.gate].model
            found.setdefault(model, set()).add(one.name)
    return found


def _extractor(gate: t.Gate, scene: Scene, names: Mapping[str, str]) -> tuple[i.Item, ...]:
    """The struct of a gate, and how it is taken from a request."""
    name, passed = names[gate.key], scene.passes[gate.key]
    below = {key: _asked(other) for key, other in names.items()}
    try:
        block = Trees(scene, gate, passed, below).block(gate.tree)
    except NotWrittenError as error:
        hole = t.Hole(gate.source, _UNREAD, str(error))
        block = Trees(scene, gate, passed, below).block(hole)
    inner = _inner_type(passed, scene.callers)
    positional = (i.Positional(inner, "pub"),) if inner is not None else ()
    text = f"{gate.name}({', '.join(gate.made_with)})" if gate.made_with else gate.name
    derives = (symbol("Clone"), symbol("Debug"))
    docs = (f"Who passes the backend's `{text}`.",)
    struct = i.Struct(name, positional=positional, derives=derives, docs=docs)
    used = repr(block)
    statements = block.statements
    if "Name(name='asked')" in used:
        asked = b.Call(b.Path(symbol("Asked"), ("of",)), (b.Name("parts"),))
        statements = (b.Let(b.Bind("asked"), asked), *statements)
    uses_parts = "Name(name='parts')" in repr(statements)
    uses_state = "Name(name='state')" in used
    extract = i.Function(
        "from_request_parts",
        (
            i.Param(b.Bind("parts" if uses_parts else "_parts"),
                    Reference(named("Parts"), mutable=True)),
            i.Param(b.Bind("state" if uses_state else "_state"), Reference(named("AppState"))),
        ),
        named("AppResult", named("Self")),
        b.Block(statements, block.tail),
        is_async=True,
    )  # fmt: skip
    rejection = i.Alias("Rejection", named("AppError"))
    trait = named("FromRequestParts", named("AppState"))
    return struct, i.Impl(named(name), (rejection, extract), trait=trait)


def _inner_type(passed: Passes, callers: Mapping[str, Caller]) -> AnyType | None:
    kinds: dict[str, AnyType] = {"claims": named("Claims"), "text": named("String")}
    if passed.kind == "row":
        caller = callers.get(passed.model)
        kinds["row"] = named(caller.name if caller is not None else "()")
    inner = kinds.get(passed.kind)
    return named("Option", inner) if inner is not None and passed.optional else inner


def _asked(name: str) -> b.Expr:
    """Another gate's extractor."""
    call = b.Call(b.Path(symbol(name), ("from_request_parts",)), (b.Name("parts"), b.Name("state")))
    return b.Try(b.Await(call))
