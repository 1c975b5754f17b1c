"""What one parameter of a callable asks of the request.

Rules: `fastapi/dependencies/utils.py` (`analyze_param`) and `fastapi/params.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.items import Parameter, ParameterIn
from port_lsp.python import syntax as ir
from port_lsp.python.annotations import Kind, kind_of, peel
from port_lsp.python.evaluate import force
from port_lsp.python.fields import field_parts
from port_lsp.python.models import Declared, made_by
from port_lsp.python.pydantic import model_parameters, signature_fields
from port_lsp.python.values import Class, Made, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


_LOCATIONS: dict[str, ParameterIn] = {
    "Path": "path",
    "Query": "query",
    "Header": "header",
    "Cookie": "cookie",
    "Body": "body",
    "Form": "form",
    "File": "file",
}


def field_default(value: ir.Typed | None) -> ir.Typed | None:
    """A dataclass field's default, also where `field(default=…)` gives it."""
    if value is None or not isinstance(value.expr, ir.Call):
        return value
    if ir.dotted(value.expr.func).rpartition(".")[2] != "field":
        return value
    for arg in value.expr.args:
        if arg.name in ("default", "default_factory"):
            text = arg.text if arg.name == "default" else f"{arg.text}()"
            return ir.Typed(arg.value, text)
    return None


def location_of(name: str, short: str, kind: Kind, path: frozenset[str]) -> ParameterIn:
    """Where in the request a parameter is: as FastAPI's function (`short`) says, else by its name
    (`path` are the placeholders) and type."""
    if short in _LOCATIONS:
        return _LOCATIONS[short]
    if name in path:
        return "path"
    if kind.upload:
        return "file"
    return "query" if kind.scalar else "body"


def parameter_of(
    run: Interpreter, param: ir.Param, location: ParameterIn, made: Made | None, in_default: bool
) -> Parameter:
    """One row: the default, the alias and the constraints apart, each as written."""
    text = param.annotation.text if param.annotation else None
    if made is None:
        default = param.default.text if param.default is not None else None
        if location == "path":
            default = None  # a path parameter is always there
        return Parameter(param.name, location, text, default is None, default)
    default, alias, constraints = field_parts(run, made)
    if param.default is not None and not in_default:
        default = param.default.text
    if alias is None and location == "header":
        alias = param.name.replace("_", "-") if converts_underscores(run, made) else None
    alias = alias if alias != param.name else None
    required = default is None or location == "path"
    return Parameter(param.name, location, text, required, default, alias, constraints)


def converts_underscores(run: Interpreter, made: Made | None) -> bool:
    """Whether a header's underscores become hyphens (`convert_underscores`)."""
    given = made.args.keywords.get("convert_underscores") if made is not None else None
    return given is None or force(run, given) is not False


def model_fields(
    run: Interpreter, key: str, location: ParameterIn, converts: bool
) -> list[Parameter]:
    """A model of query, header, cookie or form parameters, taken apart."""
    rows: list[Parameter] = []
    for field in model_parameters(run, key):
        alias = field.alias
        if alias is None and location == "header" and "_" in field.name and converts:
            alias = field.name.replace("_", "-")
        rows.append(
            Parameter(
                field.name,
                location,
                field.annotation,
                field.required,
                field.default,
                alias,
                field.constraints,
                field.owner.partition("::")[0],
            )
        )
    return rows


def signature_of_model(
    run: Interpreter, cls: Class, path: frozenset[str]
) -> tuple[list[Parameter], list[str]]:
    """What a Pydantic model as a dependency asks for, and the models in its body.

    FastAPI reads the signature of the class, where what `Query` or `Header` said is gone.
    """
    rows: list[Parameter] = []
    models: list[str] = []
    for field, declared in signature_fields(run, cls):
        if depends(run, declared):
            continue
        kind = Kind()
        if declared.statement.annotation is not None:
            inner, scope, _ = peel(run, declared.statement.annotation.expr, declared.cls.scope)
            kind = kind_of(run, inner, scope)
        location = location_of(field.name, "", kind, path)
        if location == "body":
            models += kind.models
        rows.append(
            Parameter(
                field.name,
                location,
                field.annotation,
                field.required or location == "path",
                None if location == "path" else field.default,
                None,
                field.constraints,
                field.owner.partition("::")[0],
            )
        )
    return rows, models


def depends(run: Interpreter, declared: Declared) -> bool:
    """Whether a class's attribute is what something else gives: `x: X = Depends(x)`."""
    return fastapi_short(run, made_by(run, declared)) in ("Depends", "Security")


def fastapi_short(run: Interpreter, value: Value) -> str:
    """`short_name` of a value that may be anything."""
    return short_name(value) if isinstance(value, Made) else ""


def short_name(made: Made) -> str:
    """`Query`, `Depends`, … for what FastAPI's functions of these names made; else ""."""
    package, _, last = made.maker.name.rpartition(".")
    if package.partition(".")[0] != "fastapi":
        return ""
    return last if last in _LOCATIONS or last in ("Depends", "Security") else ""


def parameter_info(default: Value, metadata: list[Value]) -> Made | None:
    """What says where a parameter comes from (`Depends`, `Header`…): its default or one of its
    annotation's metadata."""
    given = [*metadata, default]
    found = [one for one in given if isinstance(one, Made) and short_name(one)]
    return found[-1] if found else None
