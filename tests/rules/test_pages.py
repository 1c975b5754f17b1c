"""Every rule has a page, a name like its file, and its place in the list."""

import importlib
from pathlib import Path

import pytest

import port_lsp.rules
from port_lsp.facts.links import SEVERITIES
from port_lsp.rules import RULE_NAMES, RULES
from port_lsp.rules.rule import Rule

HEADINGS = ("## What it does", "## Why is this bad?", "## Example", "## What to do")
MACHINERY = {"__init__", "rule", "judge", "levels", "suppress"}


@pytest.mark.parametrize("rule", RULES, ids=RULE_NAMES)
def test_the_page_says_everything(rule: Rule) -> None:
    assert rule.page.startswith(f"# {rule.name}\n")
    found = [line for line in rule.page.splitlines() if line.startswith("## ")]
    assert tuple(found) == HEADINGS
    assert "```" in rule.page
    assert rule.severity in SEVERITIES


@pytest.mark.parametrize("rule", RULES, ids=RULE_NAMES)
def test_a_drift_is_at_least_a_warning(rule: Rule) -> None:
    assert not rule.drift or rule.severity in ("warning", "error")


def test_every_file_of_a_rule_is_in_the_list() -> None:
    folder = Path(port_lsp.rules.__file__).parent
    listed: set[str] = set()
    for path in folder.glob("*.py"):
        if path.stem not in MACHINERY:
            module = importlib.import_module(f"port_lsp.rules.{path.stem}")
            if hasattr(module, "RULE"):
                assert module.RULE.name == path.stem.replace("_", "-")
                listed.add(module.RULE.name)
    assert listed == set(RULE_NAMES)
    assert len(RULE_NAMES) == len(set(RULE_NAMES))
