"""Who may call an endpoint of the crate, against what is said behind each handler."""

from __future__ import annotations

import re
from pathlib import Path

from tests.fixturefile import parse
from tests.rust.test_routing import read

FIXTURE = Path(__file__).parent.parent / "fixtures" / "guards" / "axum.txt"
SAID = re.compile(r"fn (\w+)\(.*// guard: (\w+) ?(.*)$", re.M)


def test_guards_are_as_said() -> None:
    text = FIXTURE.read_text(encoding="utf-8")
    side, _ = read(parse(text))
    found = {
        one.handler: (one.signature.guard.level, one.signature.guard.name or "")
        for one in side.endpoints
    }
    assert found == {name: (level, rest) for name, level, rest in SAID.findall(text)}
