"""A code action that ports an endpoint, applied to the disk."""

from pathlib import Path
from typing import Any


def test_a_ported_endpoint(run: Any, example: Path) -> None:
    target = example / "crate/src/routes/notes.rs"
    before = target.read_text(encoding="utf-8")
    assert "search_notes" not in before
    found = run("""
    start()
    open('backend/notes_app/routers/notes.py')
    await('squiggles', function()
      return #squiggles() > 0
    end)
    on('search_notes')
    local titles = {}
    vim.lsp.buf.code_action({ apply = true, filter = function(action)
      table.insert(titles, action.title)
      return vim.startswith(action.title, 'Port GET /api/v1/notes/search')
    end })
    await('squiggle that is gone', function()
      return #squiggles() == 1
    end)
    vim.cmd('silent wall')
    return { titles = titles, squiggles = squiggles(), lens = await('lens', function()
      for _, lens in ipairs(lenses()) do
        if lens[1] == 36 and vim.startswith(lens[2], '→ routes/notes.rs:') then
          return lens[2]
        end
      end
    end) }
    """)
    after = target.read_text(encoding="utf-8")
    assert "async fn search_notes(" in after
    assert '.route("/search", get(search_notes))' in after
    assert found["squiggles"] == [[75, "unported-endpoint", "live_note"]]
    line = 1 + next(n for n, text in enumerate(after.split("\n")) if "fn search_notes(" in text)
    assert found["lens"].startswith(f"→ routes/notes.rs:{line} · ")
