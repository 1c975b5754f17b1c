"""What failed isn't tried again in vain: the work that a body takes grows with its statements, not
with the ways in which the blocks around them can be kept."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from port_lsp.patterns.translate import body
from port_lsp.patterns.translate.statements import RULES
from port_lsp.patterns.translate.statements.step import Blocks, Rule, Step
from tests.patterns.test_nested import ported

_DEEP = 9


def _nested(depth: int) -> str:
    """A function whose blocks bind what is read behind them, each by what nobody knows."""
    lines = ["def outer(name: str) -> str:"]
    for at in range(depth):
        lines.append(f"{'    ' * (at + 1)}if unknown_{at}(name):")
        lines.append(f"{'    ' * (at + 2)}kept_{at} = unknown(name)")
    lines.append(f"{'    ' * (depth + 1)}innermost = unknown(name)")
    lines += [f"    print(kept_{at}, innermost)" for at in range(depth)]
    return "\n".join([*lines, "    return name", ""])


def _tries(folder: Path, monkeypatch: pytest.MonkeyPatch, depth: int) -> int:
    """How often a rule is tried on the innermost statement."""
    counted: Counter[str] = Counter()

    def counting(rule: Rule) -> Rule:
        def counts(blocks: Blocks, node: ast.stmt, env: body.Env, last: bool) -> Step:
            counted[ast.unparse(node)] += 1
            return rule(blocks, node, env, last)

        return counts

    first, *others = RULES[ast.Assign]
    monkeypatch.setattr(body, "RULES", {**RULES, ast.Assign: (counting(first), *others)})
    folder.mkdir()
    ported(folder, _nested(depth))
    monkeypatch.undo()
    return counted["innermost = unknown(name)"]


def test_the_depth_of_a_statement_costs_no_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = (_tries(tmp_path / str(one), monkeypatch, one) for one in (2, _DEEP))
    assert 0 < few <= many <= 2 * few
