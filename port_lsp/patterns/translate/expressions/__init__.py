"""Expressions, one file for each kind; `RULES` says which translates which of Python's."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, cast

from port_lsp.patterns.translate.expressions.arithmetic import arithmetic
from port_lsp.patterns.translate.expressions.attributes import attribute
from port_lsp.patterns.translate.expressions.calls import awaited, call
from port_lsp.patterns.translate.expressions.chosen import chosen, first_true
from port_lsp.patterns.translate.expressions.comprehensions import (
    dict_comprehension,
    list_comprehension,
    set_comprehension,
)
from port_lsp.patterns.translate.expressions.displays import dictionary, listed
from port_lsp.patterns.translate.expressions.fstrings import joined
from port_lsp.patterns.translate.expressions.names import constant, name
from port_lsp.patterns.translate.expressions.objectcalls import object_of_init
from port_lsp.patterns.translate.expressions.subscripts import subscript
from port_lsp.patterns.translate.expressions.truth import compared, opposite
from port_lsp.patterns.translate.expressions.tuples import several
from port_lsp.patterns.translate.objects.making import Made
from port_lsp.patterns.translate.scene import Rule

_RULES: dict[type, Any] = {
    ast.Constant: constant,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.JoinedStr: joined,
    ast.Dict: dictionary,
    ast.List: listed,
    ast.Tuple: several,
    ast.Compare: compared,
    ast.BoolOp: first_true,
    ast.IfExp: chosen,
    ast.BinOp: arithmetic,
    ast.UnaryOp: opposite,
    ast.Call: call,
    ast.ListComp: list_comprehension,
    ast.SetComp: set_comprehension,
    ast.DictComp: dict_comprehension,
    ast.Await: awaited,
    ast.Subscript: subscript,
    Made: object_of_init,
}
RULES = cast("Mapping[type, Rule]", _RULES)
__all__ = ["RULES"]
