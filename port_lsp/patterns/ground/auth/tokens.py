"""The call that decodes a token."""

from __future__ import annotations

from port_lsp.patterns.ground.auth.values import Bound, Scene, text
from port_lsp.types.auth import Claims
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string


def decoded(scene: Scene, claims: Claims, bound: Bound) -> b.Expr:
    """`token::claims(&token, &state.config.secret, &rules)`."""
    listed: b.Expr = b.ArrayOf(
        tuple(b.Path(symbol("Algorithm"), (one,)) for one in claims.algorithms)
    )
    if claims.algorithm is not None:  # as it is set where the server runs
        said = text(scene, claims.algorithm, bound)
        listed = b.Call(b.Path(symbol("token"), ("shared",)), (said,))
    rules: b.Expr = b.Call(b.Path(symbol("Rules"), ("new",)), (b.Unary("&", listed),))
    if claims.audience:
        rules = b.Method(rules, "audience", (b.Lit(string(claims.audience)),))
    if claims.issuer:
        rules = b.Method(rules, "issuer", (b.Lit(string(claims.issuer)),))
    if not claims.checks_expiry:
        rules = b.Method(rules, "forever")
    if not claims.checks_audience:
        rules = b.Method(rules, "for_anybody")
    args = (text(scene, claims.token, bound), text(scene, claims.secret, bound), rules)
    return b.Call(b.Path(symbol("token"), ("claims",)), args)
