"""After any edits, sound or broken, what is shown is what a new session shows of the same text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.server.desk import Desk

FILES = (
    "backend/app/routers/users.py",
    "backend/app/routers/notes.py",
    "backend/app/models.py",
    "crate/src/routes/users.rs",
    "crate/src/routes/notes.rs",
    "crate/src/models.rs",
)
SNIPPETS = (
    *"(){}@x#",
    *('"', '"""', "", "\n", "\r\n", "    ", "//", "todo!()", ", id: int", "\N{GRINNING FACE}"),
    "def f():\n    pass\n",
    "fn f() {}\n",
    '@router.get("/new")\ndef new():\n    return 1\n',
    '.route("/new", get(f))',
    "class A(BaseModel):\n    a: int\n",
    "pub struct A {\n    pub a: i64,\n}\n",
)


def edit(rng: random.Random, text: str) -> str:
    """The text with one piece put in, taken out or put in the place of another."""
    start = rng.randrange(len(text) + 1)
    end = min(len(text), start + rng.choice([0, 0, 0, 1, 5, 40]))
    return text[:start] + rng.choice(SNIPPETS) + text[end:]


@pytest.mark.parametrize("seed", range(6))
def test_edits_lead_to_what_a_new_session_shows(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 (a repeatable sequence is what is wanted)
    desk = Desk(tmp_path / "edited").start()
    sound = {name: desk.content(name) for name in FILES}
    for name in FILES:
        desk.open(name)
    for _ in range(60):
        name = rng.choice(FILES)
        text = desk.content(name)
        desk.replace(name, text, edit(rng, text) or "x")
        if rng.random() < 0.2:
            desk.loop.pass_time()
        if rng.random() < 0.1:
            desk.lenses(rng.choice(FILES))
    # All that is broken is mended; some edits stay.
    for name in FILES:
        kept = rng.choice([sound[name], sound[name] + "\n# the end\n" * name.endswith(".py")])
        desk.replace(name, desk.content(name), kept)
    fresh = Desk(tmp_path / "fresh")
    for name in FILES:
        (fresh.root / name).write_text(desk.content(name), "utf-8", newline="")
    fresh.start()
    for name in FILES:
        assert desk.lenses(name) == fresh.lenses(name), name
    shown, wanted = desk.context.view.snapshot, fresh.context.view.snapshot
    assert shown.links == wanted.links
    assert shown.findings == wanted.findings
    for name in FILES:
        fresh.open(name)
        assert desk.pushed(name) is not None
        assert [d.message for d in desk.pushed(name) or []] == [
            d.message for d in fresh.pushed(name) or []
        ]
