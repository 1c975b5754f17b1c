"""Trees of decisions, put together so that what makes no difference isn't asked."""

from __future__ import annotations

import ast
import re

from port_lsp.python.gates.values import Env, Next
from port_lsp.types import auth as t

UNKNOWN = t.Refuse(401, '"Not authenticated"')
FAILED = t.Refuse(500, '"Internal Server Error"')
_STATUS = re.compile(r"\b([45]\d\d)\b|HTTP_([45]\d\d)_")


def branch(test: t.Test, env: Env, then: Next, other: Next) -> t.Tree:
    """Asks a test whose answer isn't known yet."""
    known = env.known.get(test)
    if known is not None:
        return then(env) if known else other(env)
    yes, no = then(env.learn(test, True)), other(env.learn(test, False))
    return yes if yes == no else t.Branch(test, yes, no)


def either(hole: t.Hole, yes: t.Tree, no: t.Tree) -> t.Tree:
    """What comes of a condition that isn't understood: what both ways lead to, else a hole that
    refuses as one of them does."""
    if yes == no:
        return yes
    for one in (yes, no):
        if isinstance(one, t.Hole):
            return one  # the hole further down keeps its Python: this one's is around it
    refused = next((one for one in (yes, no) if isinstance(one, t.Refuse)), None)
    if refused is None:
        every = [*t.leaves(yes), *t.leaves(no)]
        refused = next((one for one in every if isinstance(one, t.Refuse)), None)
    if refused is not None and refused.status < 500:
        return t.Hole(hole.python, refused, hole.why)
    return hole


def seen_refusal(node: ast.AST) -> t.Refuse:
    """The status that a piece of code speaks of first."""
    match = _STATUS.search(ast.unparse(node))
    if match is None:
        return UNKNOWN
    status = int(match[1] or match[2])
    return t.Refuse(status, '"Forbidden"') if status == 403 else UNKNOWN
