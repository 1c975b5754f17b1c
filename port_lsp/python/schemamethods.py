"""Validators and computed fields of a model, with their Python (Pydantic's "Validators" and
"Computed fields")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from port_lsp.facts.source import SourceFile
from port_lsp.python import syntax as ir
from port_lsp.python.classes import mro
from port_lsp.python.values import Class
from port_lsp.python.wires import wire_of
from port_lsp.types.schema import MethodSchema
from port_lsp.types.wire import ANY

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_VALIDATORS = frozenset(("field_validator", "validator", "model_validator", "root_validator"))
_COMPUTED = frozenset(("computed_field",))


def methods_of(
    run: Interpreter, files: Mapping[str, SourceFile], cls: Class
) -> Iterator[MethodSchema]:
    """Validators and computed fields, those of bases first; an override takes its place."""
    found: dict[str, MethodSchema] = {}
    for item in reversed([one for one in mro(run, cls) if isinstance(one, Class)]):
        for statement in item.definition.body:
            if isinstance(statement, ir.FuncDef):
                method = _method(run, files, item, statement)
                if method is not None:
                    found[method.name] = method
    yield from found.values()


def _method(
    run: Interpreter, files: Mapping[str, SourceFile], cls: Class, definition: ir.FuncDef
) -> MethodSchema | None:
    for decorator in definition.decorators:
        call = decorator.expr if isinstance(decorator.expr, ir.Call) else None
        name = ir.dotted(call.func if call is not None else decorator.expr).rpartition(".")[2]
        if name not in _VALIDATORS | _COMPUTED:
            continue
        args = call.args if call is not None else ()
        fields = tuple(
            arg.value.value
            for arg in args
            if arg.name is None
            and isinstance(arg.value, ir.Const)
            and isinstance(arg.value.value, str)
        )
        returns = None
        if name in _COMPUTED:
            returns = (
                wire_of(run, definition.returns.expr, cls.scope) if definition.returns else ANY
            )
        source = _source(run, files, cls, definition)
        kind: Literal["validator", "computed"] = "computed" if name in _COMPUTED else "validator"
        keywords = {arg.name: arg.value for arg in args if arg.name}
        mode = _constant(keywords.get("mode"))
        when = mode if isinstance(mode, str) else "after"
        if _constant(keywords.get("pre")) is True:
            when = "before"
        alias = _constant(keywords.get("alias"))
        written = alias if isinstance(alias, str) else definition.name
        return MethodSchema(definition.name, kind, fields, source, returns, when, written)
    return None


def _constant(expr: ir.Expr | None) -> object:
    return expr.value if isinstance(expr, ir.Const) else None


def _source(
    run: Interpreter, files: Mapping[str, SourceFile], cls: Class, definition: ir.FuncDef
) -> tuple[str, ...]:
    """A method's lines with its decorators, without their common indentation."""
    file = files.get(cls.place.file)
    chunk = file.by_id.get(cls.chunk) if file is not None else None
    shape = run.store.shapes.get(chunk.digest) if chunk is not None else None
    if file is None or chunk is None or shape is None:
        return ()
    data = file.chunk_bytes(chunk)
    for member in shape.members:
        if member.name == definition.name and member.kind == "function":
            start = data.rfind(b"\n", 0, member.span.start) + 1
            lines = data[start : member.end].decode("utf-8", "replace").splitlines()
            depth = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
            return tuple(line[depth:].rstrip() for line in lines)
    return ()
