"""actix's method guards: which methods a guard lets through, where it is about methods alone."""

from __future__ import annotations

from port_lsp.rust import expressions as ir
from port_lsp.rust.registering import ANY, VERBS


def method_of(expr: ir.Expr) -> str:
    """`Method::PATCH`, `"PROPFIND".parse()…`: the method's name, ANY where it can't be read."""
    if isinstance(expr, ir.Path) and expr.segments[-1].isupper():
        return expr.segments[-1]
    if isinstance(expr, ir.Chain) and isinstance(expr.receiver, ir.Str):
        return expr.receiver.value
    if isinstance(expr, ir.Call) and expr.args and isinstance(expr.args[0], ir.Str):
        return expr.args[0].value
    if isinstance(expr, ir.Chain):
        return method_of(expr.receiver)
    return ANY


def methods_of_guard(expr: ir.Expr) -> tuple[str, ...]:
    """The methods that a guard lets through; none where it asks for anything else."""
    if isinstance(expr, ir.Call) and isinstance(expr.function, ir.Path):
        name = expr.function.segments[-1]
        if name.lower() in VERBS and not expr.args:
            return (name.upper(),)
        if name == "Method" and expr.args:
            found = method_of(expr.args[0])
            return () if found == ANY else (found,)
        if name in ("Any", "All") and len(expr.args) == 1:
            return methods_of_guard(expr.args[0])
    if isinstance(expr, ir.Chain) and all(link.name == "or" for link in expr.links):
        parts = [expr.receiver, *(arg for link in expr.links for arg in link.args)]
        found = [methods_of_guard(part) for part in parts]
        return tuple(dict.fromkeys(m for of in found for m in of)) if all(found) else ()
    return ()
