"""`:PortPlan`, `:PortStatus`: what they say, where Enter leads, and that they follow the text."""

from pathlib import Path
from typing import Any

import pytest

THIS_GUIDE = """\
# Migration Guide: Python to Rust Backend

## Detailed Migration Steps

### Step 1: Users

Reference Python files:
- `backend/notes_app/models/users.py`
- `backend/notes_app/routers/users.py`

### Step 2: Additional Routers

1. **Simple routers** (1-2 days each):
   - folders
2. **Complex routers** (1-2 weeks each):
   - notes
"""
ANOTHER_GUIDE = """\
# Porting

## What nobody will miss

- [ ] `routers/audit.py` and `models/audit.py`

## Then the heart of it

- [ ] `routers/notes.py` and `models/notes.py`
"""
NOTES = """\
  notes_app/routers/notes.py: 6 of 8
    ported    GET /api/v1/notes → src/routes/notes.rs:57
    ported    POST /api/v1/notes → src/routes/notes.rs:69
    unported  GET /api/v1/notes/search
    drifted   GET /api/v1/notes/export/ndjson (path-drift) → src/routes/notes.rs:80
    ported    GET /api/v1/notes/{note_id} → src/routes/notes.rs:94
    drifted   PUT /api/v1/notes/{note_id} (method-drift) → src/routes/notes.rs:103
    ported    DELETE /api/v1/notes/{note_id} → src/routes/notes.rs:115
    unported  WEBSOCKET /api/v1/notes/{note_id}/live
"""


def test_plan_and_status(run: Any) -> None:
    found = run("""
    start()
    open('backend/notes_app/routers/users.py')
    vim.cmd('PortPlan')
    local found = { name = vim.fn.expand('%'), type = vim.bo.filetype }
    await('plan', function()
      return #lines() > 1
    end)
    found.plan = lines()
    on('WEBSOCKET /api/v1/notes')
    vim.api.nvim_feedkeys(vim.keycode('<CR>'), 'x', false)
    found.there = here()
    found.windows = #vim.api.nvim_tabpage_list_wins(0)
    on('@router.get("/search"')
    vim.api.nvim_buf_set_lines(0, vim.fn.line('.') - 1, vim.fn.line('.'), false, {})
    local plan = vim.fn.bufnr('port-lsp://plan')
    await('a plan without the route', function()
      local text = table.concat(vim.api.nvim_buf_get_lines(plan, 0, -1, false), '\\n')
      return not text:find('notes/search', 1, true) and text:find('search_notes', 1, true)
    end)
    found.messages = vim.fn.execute('PortStatus')
    return found
    """)
    assert found["name"] == "port-lsp://plan"
    assert found["type"] == "portplan"
    assert [line for line in found["plan"] if not line.startswith(" ")] == [
        "Models: 31 of 42 ported",
        "Endpoints: 22 of 28 ported",
        "Events: 0 of 2 ported",
        "Everything else: 3 of 13 ported",
    ]
    assert NOTES in "\n".join(found["plan"])
    assert found["there"][:3] == ["notes.py", 75, 1]
    assert found["there"][3].startswith("async def live_note(")
    assert found["windows"] == 2
    assert (
        "endpoints: 20 of 24 ported (9 drifted, 2 stub, 2 unported, 1 ignored)"
        in (found["messages"])
    )


@pytest.mark.parametrize(
    ("name", "guide", "expected"),
    [
        (
            "MIGRATION_GUIDE.md",
            THIS_GUIDE,
            [
                "Step 1: Users",
                "  notes_app/models/users.py",
                "  notes_app/routers/users.py",
                "Step 2: Additional Routers",
                "  notes_app/routers/folders.py (Simple routers, 1-2 days)",
                "  notes_app/models/folders.py (Simple routers, 1-2 days)",
                "  notes_app/routers/notes.py (Complex routers, 1-2 weeks)",
                "  notes_app/models/notes.py (Complex routers, 1-2 weeks)",
            ],
        ),
        (
            "docs/porting.md",
            ANOTHER_GUIDE,
            [
                "What nobody will miss",
                "  notes_app/routers/audit.py",
                "  notes_app/models/audit.py",
                "Then the heart of it",
                "  notes_app/routers/notes.py",
                "  notes_app/models/notes.py",
            ],
        ),
    ],
)
def test_the_steps_of_a_guide(
    run: Any, example: Path, name: str, guide: str, expected: list[str]
) -> None:
    path = example / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(guide, encoding="utf-8")
    found = run("""
    start()
    open('backend/notes_app/routers/users.py')
    vim.cmd('PortPlan')
    await('plan', function()
      return #lines() > 1
    end)
    return lines()
    """)
    shown = [line for line in found if not line.startswith("    ")]
    assert [_without_share(line) for line in shown][: len(expected)] == expected
    # Each step and file says how far it is.
    assert all(" of " in line.partition(": ")[2] or "Step" in line for line in shown), shown


def _without_share(line: str) -> str:
    """A line of the plan without `: 3 of 4`."""
    head, _, share = line.rpartition(": ")
    effort = share.partition(" (")[2]
    return f"{head} ({effort}" if effort else head
