"""The items of the auth module, and what its templates are told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from port_lsp.patterns.ground.auth.callers import (
    Caller,
    caller_items,
    callers_of,
    lookup_name,
    statements_of,
    with_rows,
)
from port_lsp.patterns.ground.auth.extracting import extracting, other
from port_lsp.patterns.ground.auth.names import TAKEN, extractor_names
from port_lsp.patterns.ground.auth.passes import passes_of, told
from port_lsp.patterns.ground.auth.trees import Trees
from port_lsp.patterns.ground.auth.values import NotWrittenError, Passes, Scene
from port_lsp.patterns.ground.facts import RowStruct
from port_lsp.types import auth as t
from port_lsp.types.schema import ModelSchema
from port_lsp.types.settings import Setting
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, named, symbol
from port_lsp.writing.printer import print_items
from port_lsp.writing.registering import Framework

# What of Rust is a comment or a text.
_CODE = re.compile(r"(?m)^\s*//.*$|\"(?:[^\"\\]|\\.)*\"")
_UNREAD = t.Refuse(401, '"Not authenticated"')


def auth_values(
    framework: Framework,
    auth: t.Auth,
    settings: Sequence[Setting],
    fields: Mapping[str, str],
    schemas: Sequence[ModelSchema],
    structs: Sequence[RowStruct] = (),
) -> dict[str, object]:
    """What templates are told of the backend's gates. `fields` are the config's fields by their
    variables, `schemas` the models that are looked up, and their enums, `structs` the crate's
    structs of their rows."""
    gates = [replace(gate, tree=told(gate.tree)) for gate in auth.gates]
    known = {one.key: one for one in schemas}
    values = list(dict.fromkeys(value for gate in gates for value in t.values_in(gate.tree)))
    rows = [one for one in values if isinstance(one, t.Row) and one.model in known]
    passes: dict[str, Passes] = {}
    for gate in gates:
        passes[gate.key] = passes_of(gate, passes)
    callers = callers_of(known, rows, _looked_at(values, passes))
    parts = [one for one in values if isinstance(one, t.Part)]
    callers = with_rows(callers, structs, known, _looked_at(parts, passes))
    rows = [
        row for row in rows
        if all(callers[row.model].column(name) is not None for name, _ in row.where)
    ]  # fmt: skip
    declared = {one.env: one for one in settings}
    scene = Scene(fields, declared, callers, passes)
    names = extractor_names(gates)
    items: list[i.Item] = []
    for gate in gates:
        items += _extractor(framework, gate, scene, names)
    models = _models(callers, names.values())

    def named_as(one: Symbol) -> str:
        return one.name if one in models else "::".join(one.path)

    text = print_items(items, named_as)
    code = _CODE.sub("", text)
    users = print_items(caller_items(callers, rows), named_as)
    return {
        "has_auth": True,
        "auth_items": text,
        "auth_users": users if callers else "",
        "auth_models": _used(models, code),
        "auth_row_models": _used(models, _CODE.sub("", users)),
        "auth_structs": any(not one.path for one in callers.values()),
        "auth_statements": statements_of(callers, rows),
        "auth_lookups": _imported(code, callers, rows),
        "auth_tokens": any(isinstance(one, t.Claims) for one in values),
        "auth_uses": {
            one: re.search(rf"\b{one}\b", code) is not None for one in ("Bad", "Claims", "Rules")
        },
        "auth_names": {
            one: one in code
            for one in ("Algorithm::", "same(", "status(", "json!(", "asked.", "state_of(")
        },
    }  # fmt: skip


def _models(callers: Mapping[str, Caller], extractors: Iterable[str]) -> set[Symbol]:
    """The structs of rows and their enums that may go by their names alone."""
    own = [Symbol(one.path) for one in callers.values() if one.path]
    columns = (column for caller in callers.values() for _, column in caller.columns)
    own += [enum for column in columns for _, enum, _ in column.variants]
    known = {*own}
    others = {*extractors, *TAKEN, "Pool", *(one.name for one in callers.values() if not one.path)}
    counted = Counter(one.name for one in known)
    return {one for one in known if counted[one.name] == 1 and one.name not in others}


def _used(models: Iterable[Symbol], code: str) -> list[str]:
    """The paths of models that code names, those of one module together, as `use` takes them."""
    by_module: dict[str, list[str]] = {}
    for one in sorted(models, key=lambda one: one.path):
        if re.search(rf"\b{one.name}\b", code):
            by_module.setdefault("::".join(one.path[:-1]), []).append(one.name)
    return [
        f"{module}::{names[0]}" if len(names) == 1 else f"{module}::{{{', '.join(names)}}}"
        for module, names in by_module.items()
    ]


def _imported(text: str, callers: Mapping[str, Caller], rows: Sequence[t.Row]) -> list[str]:
    """What is used of the lookups' module, in rustfmt's order: functions before types."""
    lookups = {lookup_name(callers[row.model], row) for row in rows}
    every = lookups | {one.name for one in callers.values() if not one.path}
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


def _extractor(
    framework: Framework, gate: t.Gate, scene: Scene, names: Mapping[str, str]
) -> tuple[i.Item, ...]:
    """The struct of a gate, and how it is taken from a request."""
    name, passed = names[gate.key], scene.passes[gate.key]
    below = {key: other(framework, one) for key, one in names.items()}
    try:
        block = Trees(scene, gate, passed, below).block(gate.tree)
    except NotWrittenError as error:
        hole: t.Tree = t.Hole(gate.source, _UNREAD, f"how {error} is to be asked for")
        for first in reversed(_first(gate.tree)):
            hole = t.Through(first, hole)
        block = Trees(scene, gate, passed, below).block(hole)
    inner = _inner_type(passed, scene.callers)
    positional = (i.Positional(inner, "pub"),) if inner is not None else ()
    text = f"{gate.name}({', '.join(gate.made_with)})" if gate.made_with else gate.name
    derives = (symbol("Clone"), symbol("Debug"))
    docs = (f"Who passes the backend's `{text}`.",)
    struct = i.Struct(name, positional=positional, derives=derives, docs=docs)
    return struct, extracting(framework, name, block)


def _first(tree: t.Tree) -> list[str]:
    """The gates that a tree begins with."""
    return [tree.gate, *_first(tree.then)] if isinstance(tree, t.Through) else []


def _inner_type(passed: Passes, callers: Mapping[str, Caller]) -> AnyType | None:
    kinds: dict[str, AnyType] = {"claims": named("Claims"), "text": named("String")}
    if passed.kind == "row":
        caller = callers.get(passed.model)
        kinds["row"] = named(caller.written if caller is not None else "()")
    inner = kinds.get(passed.kind)
    return named("Option", inner) if inner is not None and passed.optional else inner
